from hypothesis import settings

# Times of a shared machine say nothing about a property.
settings.register_profile("shapes", deadline=None, max_examples=60)
settings.load_profile("shapes")
