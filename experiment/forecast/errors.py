"""What can keep a run from being modelled."""

from experiment.errors import ExperimentError


class NotModelled(ExperimentError):
    """There is no model of a run; `str(error)` is one line that says why."""
