"""What the programs of a run said: a file for each attempt, beside the runs."""

from contextlib import suppress
from pathlib import Path

LOGS = "logs"
_LAST_BYTES = 8192


def log_of(folder: Path, attempt: str) -> Path:
    """The file for an attempt of a run; its folder is made."""
    logs = folder / LOGS
    logs.mkdir(exist_ok=True)
    return logs / f"{attempt}.log"


def last_words(log: Path) -> str:
    """The last line that says something; "" where there is none."""
    text = b""
    with suppress(OSError), log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - _LAST_BYTES))
        text = file.read()
    lines = text.decode("utf-8", "replace").splitlines()
    return next((line.strip() for line in reversed(lines) if line.strip()), "")
