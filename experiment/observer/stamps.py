"""The API's own time stamps: whole seconds, as "2026-11-25T10:42:07Z"."""

from datetime import datetime


def unix_s(stamp: str | None) -> float | None:
    """Seconds since 1970; None of none, or of what is no stamp."""
    try:
        return datetime.fromisoformat(stamp).timestamp() if stamp else None
    except ValueError:
        return None
