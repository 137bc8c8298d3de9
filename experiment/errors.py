"""What can be wrong on our side of an experiment; faults of the target are findings, not errors."""


class ExperimentError(Exception):
    """Base of this package's errors; `str(error)` is one line for the person at the terminal."""
