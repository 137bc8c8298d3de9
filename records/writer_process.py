"""`python -m records.writer_process FOLDER MEMBER`: frames on stdin, segments in FOLDER.

Reports go to stdout as JSON lines. It ignores SIGINT and SIGTERM, so that what stops a generator
does not lose its rows, and ends when the pipe does: exit code 0, or 5 when it could not write.
"""

import os
import signal
import sys
from pathlib import Path

from records.barred_import import bar_import

EXIT_CANNOT_RECORD = 5
NICENESS = 10  # the generator's sends come first


def main(folder: str, member: str) -> int:
    """Run until the end of stdin; returns the exit code."""
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    os.nice(NICENESS)
    # Where pandas is installed pyarrow loads it at the first array: 50 MiB and 0.4 s for nothing.
    bar_import("pandas")
    # pyarrow takes some 0.3 s to load: by then the signals must be ignored.
    from records.writing_loop import write_until_end  # noqa: PLC0415

    error = write_until_end(Path(folder), member, rows_in=0, reports_out=1)
    return EXIT_CANNOT_RECORD if error else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
