"""What can be wrong on our side when a worker starts; each error is one line for a person."""


class WorkerError(Exception):
    """Base of this package's errors."""


class BadValue(WorkerError, ValueError):
    """A value that is not valid; the text says what was given and what is valid."""


class CannotServe(WorkerError):
    """The address or the certificates cannot be used."""
