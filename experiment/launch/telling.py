"""What a run says of itself while it goes on: lines on standard error."""

import sys


def say(text: str) -> None:
    """One line."""
    sys.stderr.write(f"run: {text}\n")
    sys.stderr.flush()
