"""Cold starts as a measured run saw them."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from records.replicas import read_replicas
from records.run_folder import RunFolderError
from simulator.errors import InvalidSetting


def cold_starts_of(folder: Path) -> list[float]:
    """Seconds from the creation to the readiness of each pod that somebody watched, sorted.

    Raises:
        InvalidSetting: where the folder has none.
    """
    try:
        found = sorted(_starts_s(read_replicas(folder)))
    except RunFolderError as error:
        raise InvalidSetting(f"--cold-starts-of {folder}: {error}") from None
    if not found:
        raise InvalidSetting(
            f"--cold-starts-of {folder}: nobody saw a pod start there; valid: a run folder with"
            " pods in replicas.parquet, or --cold-start"
        )
    return found


def _starts_s(rows: Iterable[dict[str, Any]]) -> list[float]:
    made_s: dict[str, float] = {}
    starts_s: dict[str, float] = {}
    for row in rows:
        if row["kind"] != "pod" or not row.get("pod"):
            continue
        pod, at_s = str(row["pod"]), float(row["at_unix_s"])
        if row.get("phase") == "created":
            made_s.setdefault(pod, at_s)
        elif row.get("phase") == "ready" and pod in made_s:
            starts_s.setdefault(pod, at_s - made_s[pod])
    # Pods that were there when the watch began are seen in all phases at once.
    return [start_s for start_s in starts_s.values() if start_s > 0]
