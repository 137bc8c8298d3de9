"""What the records of runs mean: reports, exports, and runs as pandas frames."""

from analysis.frames import open_run

__all__ = ["open_run"]
