"""What makes a report impossible; `str(error)` is one line for the person at the terminal."""


class AnalysisError(Exception):
    """No report can be made of what was given."""


class NothingMeasuredError(AnalysisError):
    """The run holds no arrival in its measured phase."""
