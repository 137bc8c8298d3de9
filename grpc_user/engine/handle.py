"""The hub's hold on an engine process: starts it, tells it what to send, reads what became of it.

Nothing here knows gevent. What waits (`socket`, `subprocess`, `time.sleep`) is looked up when
called, so that in a patched process it is the cooperative one.
"""

from __future__ import annotations

import json
import math
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Self

from grpc_user.engine import control
from grpc_user.engine.pulse import Pulse
from grpc_user.engine.ring import RING_SLOTS, RingReader, SharedMemory, new_memory
from grpc_user.engine.spec import EngineSpec
from grpc_user.engine.texts import TextReader
from grpc_user.engine.words import Real, State, Whole, Words
from records.fork_guard import abandon_after_fork
from records.slots import ENDED, SENT, TEXT, WAITING, Slots
from records.writer_start import writer_environment
from shapes.plan import Plan

MODULE = "grpc_user.engine.process"
POLL_S = 0.002
DRAIN_SPARE_S = 5.0
END_TIMEOUT_S = 5.0
READ_BYTES = 1 << 16
READ_SLOTS = 1 << 12
"""Read at once, 5 ms of work in pieces (`Books`), 2 ms of it even for few: so that the first of
very many can be forgotten before the last are recorded."""

HUNG_AFTER_S = 2.0
"""Without a heartbeat, of which there are 20 a second."""
SLOW_START_S = 45.0
"""The same before the first call: a long trace may be read then."""


@dataclass(frozen=True)
class Batch:
    """What became of arrivals since the last look; all in the order in which it happened.

    Attributes:
        sent: Calls that have left; of a slot only k, intended_s and sent_s.
        ended: Arrivals that are over, and those that were never sent.
        waiting: Arrivals for which no connection had room; of a slot only k and intended_s. Each
            is in `sent` or `ended` later.
        texts: All so far, by the numbers that slots have; the same list in each batch.
        upto: Where it ends, for `commit`.
        is_last: Whether there was nothing more.
    """

    sent: Slots
    ended: Slots
    waiting: Slots
    texts: list[str]
    upto: int = 0
    is_last: bool = True


class EngineHandle:
    """One engine process.

    Args:
        process: It.
        control_socket: Our end of the socket that it listens to.
        shared: The memory that it writes into.

    Attributes:
        is_hung: Whether it was killed because it hung.
    """

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        control_socket: socket.socket,
        shared: SharedMemory,
    ) -> None:
        self._process = process
        self._control = control_socket
        self._words = Words(shared.memory)
        self.renew(math.nan)
        self._ring = RingReader(shared, self._words)
        self._texts = TextReader()
        self._pulse = Pulse()
        self.is_hung = False
        abandon_after_fork(self)

    @classmethod
    def start(cls, spec: EngineSpec, *, slots: int = RING_SLOTS) -> Self:
        """Start the process; it connects meanwhile.

        Args:
            spec: What it is to send.
            slots: How much it may tell before any of that is committed.

        Raises:
            OSError: when it cannot be started, or this system has no memory to share.
        """
        ours, theirs = socket.socketpair()
        shared = new_memory(slots)
        try:
            process = subprocess.Popen(
                [sys.executable, "-P", "-m", MODULE, str(shared.fd), str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=(shared.fd, theirs.fileno()),
                env=_environment(),
                # Ctrl-C is for the generator, which still drains. Not a session of its own: Linux
                # shares the CPU out by sessions first, and only within one does anybody give way.
                process_group=0,
            )
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
            os.close(shared.fd)
        handle = cls(process, ours, shared)
        handle._tell(control.SPEC, spec=spec.to_dict())
        return handle

    def wait_until_ready(self, timeout_s: float) -> tuple[str, ...]:
        """Wait until it is connected; why it cannot send, in whole sentences, or nothing."""
        self._control.settimeout(timeout_s)
        try:
            line = self._read_line()
        except TimeoutError:
            return (f"the engine process is not ready within {timeout_s:g} s",)
        except OSError:
            line = b""
        finally:
            self._control.settimeout(None)
        if not line:
            return (self._wait_for_death(),)
        return tuple(json.loads(line)["problems"])

    def follow(self, plan: Plan, epoch_monotonic_s: float) -> None:
        """Give it the next version of the plan; the first one starts the dispatching."""
        self._tell(control.PLAN, plan=plan.to_dict(), epoch_s=epoch_monotonic_s)

    def renew(self, granted_s: float) -> None:
        """Its leave to send counts from this monotonic time; without a word it needs none."""
        self._words.real[Real.GRANTED_S] = granted_s

    def _read(self) -> Batch:
        """What is new, as much as is read at once."""
        slots = self._ring.read(READ_SLOTS)
        kinds = slots["kind"]
        self._texts.take(slots[kinds == TEXT])
        return Batch(
            sent=slots[kinds == SENT],
            ended=slots[kinds == ENDED],
            waiting=slots[kinds == WAITING],
            texts=self._texts.texts,
            upto=self._ring.at,
            is_last=len(slots) < READ_SLOTS,
        )

    def read_all(self) -> Iterator[Batch]:
        """All that is new, a batch at a time; never waits."""
        is_last = False
        while not is_last:
            batch = self._read()
            is_last = batch.is_last
            yield batch

    def commit(self, upto: int) -> None:
        """What was read is recorded: should this process end, the engine need not do it.

        Args:
            upto: Of the last batch of which that is so.
        """
        self._ring.commit(upto)

    def drain(self, timeout_s: float) -> int:
        """Have it wait for what is under way and cut off the rest; how many were cut off.

        Returns when it has done so (`is_drained`), is dead, or does not do it.
        """
        self._tell(control.DRAIN, timeout_s=timeout_s)
        ends_s = time.monotonic() + timeout_s + DRAIN_SPARE_S
        while not self.is_drained and self.death() is None:
            now_s = time.monotonic()
            if now_s >= ends_s or self.is_still(now_s):
                break
            time.sleep(POLL_S)
        return self._words.whole[Whole.CUT_OFF]

    def is_still(self, now_s: float) -> bool:
        """Whether its heart has not beaten for too long; to be asked some ten times a second.

        Args:
            now_s: Monotonic time.
        """
        most_s = SLOW_START_S if self._state < State.SENDING else HUNG_AFTER_S
        return self._pulse.look(self._words.real[Real.HEARTBEAT_S], now_s) >= most_s

    def kill_hung(self) -> None:
        """End one that does nothing more, for good: returns when it can send nothing."""
        self.is_hung = self.death() is None
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def death(self) -> str | None:
        """How it ended, in one line; None while it runs."""
        status = self._process.poll()
        if status is None:
            return None
        if self.is_hung:
            return "the engine process hung and was killed"
        how = f"exit code {status}" if status >= 0 else f"signal {-status}"
        return f"the engine process ended: {how}"

    def close(self) -> None:
        """Have it end; it is killed where it does not. Harmless when it is dead."""
        self._tell(control.END)
        self._control.close()
        try:
            self._process.wait(END_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()

    def abandon(self) -> None:
        """Let go of the socket without a word: what a forked child does."""
        self._control.close()

    @property
    def pid(self) -> int:
        """The engine's process id."""
        return self._process.pid

    @property
    def next_k(self) -> int:
        """The first arrival that it has not dispatched."""
        return self._words.whole[Whole.NEXT_K]

    @property
    def reached_s(self) -> float:
        """The intended time of the last arrival that it dispatched; -inf before."""
        return self._words.real[Real.REACHED_S]

    @property
    def kept(self) -> int:
        """Slots that it keeps until there is room; where none are, `read_all` gets all there is.

        To be asked before reading.
        """
        return self._words.whole[Whole.KEPT]

    @property
    def is_drained(self) -> bool:
        """Whether all that it began is over, and told."""
        return self._state == State.DRAINED

    @property
    def in_flight(self) -> int:
        """Arrivals under way."""
        return self._words.whole[Whole.IN_FLIGHT]

    @property
    def cpu_s(self) -> float:
        """CPU seconds that it has used."""
        return self._words.real[Real.CPU_S]

    @property
    def is_sending(self) -> bool:
        """Whether the plan's end is still to come; also False when it is dead."""
        return self._state < State.SENT and self.death() is None

    @property
    def _state(self) -> int:
        return self._words.whole[Whole.STATE]

    def _tell(self, kind: str, **content: Any) -> None:
        try:
            self._control.sendall(control.encoded(kind, **content))
        except OSError:
            return  # it is dead: `death` says so

    def _read_line(self) -> bytes:
        line = b""
        while not line.endswith(b"\n"):
            piece = self._control.recv(READ_BYTES)
            if not piece:
                return b""
            line += piece
        return line

    def _wait_for_death(self) -> str:
        try:
            self._process.wait(END_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            return "the engine process closed its socket"
        return self.death() or ""


def _environment() -> dict[str, str]:
    """Ours, and no threads for linear algebra, of which there is none."""
    return {"OPENBLAS_NUM_THREADS": "1", **writer_environment()}
