"""Locust as a user runs it, against a Service."""

from pathlib import Path

from tests.e2e.spin_calls import Entrance
from tests.whole.harness import Running


def start_locust(entrance: Entrance, records: Path, line: str, **options: str) -> Running:
    """Start it headless, without a warm-up.

    Args:
        entrance: Where calls go in.
        records: Folder for the run's folder.
        line: More of the command line.
        options: More of it, as `transport="h2"`.
    """
    given = {"authority": entrance.authority, "insecure": "yes", "warm_up": "0s", "seed": "1"}
    words = [
        word
        for name, text in {**given, **options}.items()
        for word in ("--" + name.replace("_", "-"), text)
    ]
    return Running(records, "--headless", "--host", entrance.address, *words, *line.split())
