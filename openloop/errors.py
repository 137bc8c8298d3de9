"""What can be wrong on our side of a run; faults of the target are data, never exceptions."""


class OpenLoopError(Exception):
    """Base of this package's errors; `str(error)` is one line for the person at the terminal."""


class StartRefused(OpenLoopError):
    """The run cannot start as asked: said in one line, exit code 2, before any load."""
