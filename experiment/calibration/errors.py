"""Why there is no calibration."""

from experiment.errors import ExperimentError


class NotCalibrated(ExperimentError):
    """Isolated calls could not be made or tell nothing."""
