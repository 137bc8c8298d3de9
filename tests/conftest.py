"""What holds for all tests: how long an example takes on a busy machine is no property of ours."""

from hypothesis import settings

settings.register_profile("no-deadline", deadline=None)
settings.load_profile("no-deadline")
