"""The answer as the last thing that a process prints."""

import os
import sys
import time
from io import UnsupportedOperation

READING_S = 0.2


def write_last_words(text: str) -> None:
    """Print to standard output what comes after all that went to either stream.

    Who reads the streams apart and writes them into one log, as a container's runtime does, may
    be late with one of them: Locust's tables, on standard error, get some time to be read.
    """
    sys.stderr.flush()
    if _are_apart():
        time.sleep(READING_S)
    sys.stdout.write(f"\n{text}\n")
    sys.stdout.flush()


def _are_apart() -> bool:
    try:
        out, err = sys.stdout.fileno(), sys.stderr.fileno()
        return not os.path.sameopenfile(out, err)
    except (UnsupportedOperation, OSError):
        return False
