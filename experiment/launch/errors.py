"""What can go wrong with a run by pods, on our side."""

from experiment.errors import ExperimentError


class NotLaunched(ExperimentError):
    """The pods of a run could not be made, or do not start."""


class GoesOn(ExperimentError):
    """A run goes on in the cluster, out of our sight."""
