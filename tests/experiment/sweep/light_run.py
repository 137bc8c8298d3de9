"""Stands for a run in tests of sweeps: `python -m tests.experiment.sweep.light_run FOLDER JSON`.

It leaves the files by which a run has ended, and says in a file where two of them ran at once.
"""

import fcntl
import json
import signal
import sys
import time
from pathlib import Path

CHECK_MISSED = 4
SUMMARY = {"summary_version": 1, "context": {}, "checks": [], "overload": {"level": "stable"}}


def main(folder: Path, how: dict) -> int:
    signal.signal(signal.SIGTERM, lambda *_: _linger(how))
    folder.mkdir()
    sweep = folder.parent.parent
    with (sweep.parent / "busy").open("w") as busy:
        try:
            fcntl.flock(busy, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            (sweep.parent / "two-at-once").touch()
        time.sleep(how.get("seconds", 0.0))
        return _end(folder, how)


def _linger(how: dict) -> None:
    time.sleep(how.get("lingers_s", 0.1))
    sys.exit(143)


def _end(folder: Path, how: dict) -> int:
    said = how.get("runs", {}).get(folder.name, {})
    sys.stdout.write(said.get("words", "a light run") + "\n")
    level = said.get("level", "VALID")
    if said.get("exit_code", 0) in (0, CHECK_MISSED):
        findings = [] if level == "VALID" else [{"reason": "lag"}]
        verdict = {"level": level, "findings": findings}
        _write(
            folder / "manifest.json",
            {"run_id": folder.name, "started_unix_s": 0.0, "schema_version": 1, "finished": True},
        )
        _write(folder / "summary.json", {**SUMMARY, "verdict": verdict})
    return said.get("exit_code", 3 if level == "INVALID" else 0)


def _write(path: Path, value: dict) -> None:
    temp = path.with_suffix(".tmp")
    temp.write_text(json.dumps(value))
    temp.rename(path)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), json.loads(sys.argv[2])))
