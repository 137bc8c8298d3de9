"""The same spin calls over each transport, from a process of its own, and what each leaves."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.e2e.spin_calls import Entrance

PROJECT = Path(__file__).parents[2]
TRANSPORTS = ("grpcio", "h2")


@dataclass(frozen=True)
class Call:
    """One call of each transport: how long after the beginning, how long it spins, its deadline."""

    after_s: float = 0.0
    spin_ms: float = 0.0
    timeout_s: float = 60.0


@dataclass(frozen=True)
class Left:
    """What is left of one call.

    Attributes:
        facts: Its record but for times.
        detail: The words of its failure.
        headers: What came before its reply.
    """

    facts: dict[str, Any]
    detail: str | None
    headers: dict[str, str]


class Calling:
    """The process that makes the calls."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def send(
        self,
        entrance: Entrance,
        plan: Sequence[Call],
        transports: Sequence[str] = TRANSPORTS,
        **options: str,
    ) -> None:
        """Say what to call; all are on their way when this returns."""
        calls = [{"transport": name, **asdict(call)} for name in transports for call in plan]
        options = {"authority": entrance.authority, "insecure": "yes", **options}
        asked = {"address": entrance.address, "options": options, "calls": calls}
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(asked))
        self._process.stdin.close()
        assert self._process.stdout.readline() == "begun\n"

    def left(self) -> dict[str, list[Left]]:
        """What each transport left of the calls, in their order."""
        assert self._process.stdout
        made = json.loads(self._process.stdout.read())
        left: dict[str, list[Left]] = {}
        for one in made:
            kept = Left(one["facts"], one["detail"], one["headers"])
            left.setdefault(one["transport"], []).append(kept)
        return left


@contextmanager
def calling() -> Iterator[Calling]:
    """A process for calls, ended with the block."""
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [sys.executable, "-m", "tests.e2e.recorded_calls"],
        cwd=PROJECT, stdin=pipe, stdout=pipe, text=True,
    ) as process:  # fmt: skip
        try:
            yield Calling(process)
        finally:
            process.kill()


def call_over(
    entrance: Entrance,
    plan: Sequence[Call],
    transports: Sequence[str] = TRANSPORTS,
    **options: str,
) -> dict[str, list[Left]]:
    """All calls of the plan over each of the transports at once, to their end."""
    with calling() as process:
        process.send(entrance, plan, transports, **options)
        return process.left()
