"""What a user can get wrong."""


class InvalidValue(ValueError):
    """A value a user gave does not fit; `str(error)` is one line: what was given, what is valid."""
