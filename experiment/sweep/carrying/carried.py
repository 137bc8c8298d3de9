"""A process that carries a run: known to the ledger before it does anything, ended with all its."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from typing import Any

from experiment.sweep.carrying.orphans import end_run
from experiment.sweep.carrying.process_table import MARK, started_of

PROMPT_S = 15.0
"""How long a process may take to end when its time is over."""
OUT_OF_TIME = 124
"""Exit code of a run that did not end in time, as `timeout` has it."""
SIGNALLED = 128


class Carried:
    """`python -m MODULE ARGUMENTS`, waiting at a gate until `go`.

    The kernel ends it when this process is killed; Ctrl-C in the terminal does not reach it. To be
    made in the main thread: the kernel looks at the thread.

    Args:
        command: The module and its arguments.
        log: File that gets what it says, behind what is in it.
        cores: Numbers of the cores that it may use; none for all.
        mark: Of another process of the same run; drawn where not given.
        environment: Variables to be set where they are not.

    Raises:
        OSError: when it cannot be started, or the log not be written.
    """

    def __init__(
        self,
        command: Sequence[str],
        log: Path,
        *,
        cores: Sequence[int] = (),
        mark: str = "",
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.mark = mark or token_hex(8)
        self._signalled = False
        tied = [sys.executable, "-m", "grpc_user.tied_process", str(os.getpid())]
        gated = ["experiment.sweep.carrying.gated", ",".join(str(core) for core in cores)]
        with log.open("ab") as said:
            self._process = subprocess.Popen(
                [*tied, *gated, *command],
                stdin=subprocess.PIPE,
                stdout=said,
                stderr=subprocess.STDOUT,
                env={**(environment or {}), **os.environ, MARK: self.mark},
                start_new_session=True,
            )
        self._started = started_of(self.pid)

    @property
    def pid(self) -> int:
        """Its number."""
        return self._process.pid

    @property
    def facts(self) -> dict[str, Any]:
        """What the ledger has to know so that `end_orphan` finds it."""
        return {"pid_started": self._started, "mark": self.mark}

    @property
    def is_alive(self) -> bool:
        """Whether it runs."""
        return self._process.poll() is None

    def go(self) -> None:
        """Let it begin."""
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):  # it has ended: `wait` says so
            self._process.stdin.write(b"g")
            self._process.stdin.close()

    def wait(self, within_s: float) -> int:
        """Its exit code; 124 when it is late, and then it still runs."""
        try:
            code = self._process.wait(within_s)
        except subprocess.TimeoutExpired:
            return OUT_OF_TIME
        return SIGNALLED - code if code < 0 else code

    def stop(self, number: int) -> None:
        """Hand a signal on; end everything at once when it is the second."""
        with suppress(ProcessLookupError):
            if self._signalled:
                os.killpg(self.pid, signal.SIGKILL)
            else:
                self._process.send_signal(number)
        self._signalled = True

    def end(self, patience_s: float = PROMPT_S) -> None:
        """End it where it still runs, and all that it left behind."""
        if self.is_alive:
            self._process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(patience_s)
        if self.is_alive:
            self._process.kill()
        self._process.wait()
        if self._process.stdin is not None:
            with suppress(BrokenPipeError):
                self._process.stdin.close()
        end_run(self.pid, None, self.mark)


def carry(carried: Carried, begun: Callable[..., object], within_s: float, **fields: Any) -> int:
    """Have a process known and let it go; its exit code.

    Args:
        carried: At its gate.
        begun: Notes it.
        within_s: How long it may take.
        fields: More to note.
    """
    try:
        begun(carried.pid, **carried.facts, **fields)
        carried.go()
        return carried.wait(within_s)
    finally:
        carried.end()


def end_orphan(fields: Mapping[str, Any]) -> int:
    """End what is left of a run, by what its line in the ledger says; how many processes.

    Raises:
        StillThere: when one does not end.
    """
    return end_run(int(fields["pid"]), fields.get("pid_started"), str(fields.get("mark") or ""))
