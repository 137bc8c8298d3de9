"""Whether a short series drifts, and how fast: the same that the verdict judges by."""

from verdict.trend import mann_kendall_p as mann_kendall
from verdict.trend import theil_sen_slope as theil_sen

__all__ = ["mann_kendall", "theil_sen"]
