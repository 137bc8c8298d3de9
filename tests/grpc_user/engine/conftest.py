"""An engine process with a plan to follow, and all that it tells."""

import contextlib
import os
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from grpc_user.embedded_workers import EmbeddedWorker
from grpc_user.engine.handle import EngineHandle
from grpc_user.engine.spec import EngineSpec
from openloop.clock import SYSTEM_CLOCK
from records.schema import STATUSES
from records.slots import REASONS, SLOT
from shapes.plan import MemberChange, Plan
from shapes.rate_log import RateLog, RateSegment
from tests.waiting import wait_for

MEMBER = "local"
RUN_ID = "engine-test"


def plan_of(rate_rps: float, duration_s: float, **more: Any) -> Plan:
    return Plan(
        run_id=RUN_ID,
        version=0,
        seed=7,
        law=more.pop("law", "poisson"),
        epoch_s=0.0,
        rates=RateLog((RateSegment(0.0, rate_rps),)),
        members=more.pop("members", (MemberChange(0.0, (MEMBER,)),)),
        duration_s=duration_s,
        **more,
    )


def spec_of(host: str, folder: str = "/nowhere", **more: Any) -> EngineSpec:
    options = {"transport": "h2", "spin": "0s", **more.pop("options", {})}
    spec = {
        "member": MEMBER,
        "run_id": RUN_ID,
        "seed": 7,
        "max_in_flight": 1000,
        "first_k": 0,
        "warm_up_s": 0.0,
        "writer_pid": os.getpid(),
    }
    return EngineSpec(request=options, host=host, folder=folder, **{**spec, **more})


def empty_slots():
    return np.empty(0, SLOT)


@dataclass
class Driven:
    """An engine under way, and what it has told so far."""

    handle: EngineHandle
    sent: Any = field(default_factory=empty_slots)
    ended: Any = field(default_factory=empty_slots)
    waiting: Any = field(default_factory=empty_slots)
    texts: list[str] = field(default_factory=list)
    epoch_s: float = 0.0

    def follow(self, plan: Plan, in_s: float = 0.05) -> None:
        self.epoch_s = self.epoch_s or SYSTEM_CLOCK.monotonic_s() + in_s
        self.handle.follow(plan, self.epoch_s)

    def collect(self) -> None:
        for batch in self.handle.read_all():
            self.sent = np.concatenate((self.sent, batch.sent))
            self.ended = np.concatenate((self.ended, batch.ended))
            self.waiting = np.concatenate((self.waiting, batch.waiting))
            self.texts = batch.texts
            self.handle.commit(batch.upto)

    def finish(self, drain_s: float = 5.0) -> int:
        """Wait for the plan's end, drain and collect; how many calls were cut off."""
        wait_for("the plan's end", lambda: not self.handle.is_sending, 20, every_s=0.01)
        count = self.handle.drain(drain_s)
        self.collect()
        return count

    def text(self, number: int) -> str | None:
        return None if number < 0 else self.texts[number]

    def column(self, name: str) -> list[Any]:
        """A column of the ended rows, in words."""
        values = self.ended[name].tolist()
        if name == "status":
            return [STATUSES[value] for value in values]
        if name == "reason":
            return [None if value < 0 else REASONS[value] for value in values]
        if name in ("code", "detail", "instance_id", "pod"):
            return [self.text(value) for value in values]
        return values


@pytest.fixture
def drive():
    """Starts engines that are ready to send."""
    with contextlib.ExitStack() as started:

        def start(host: str, slots: int = 1 << 12, **more: Any) -> Driven:
            handle = EngineHandle.start(spec_of(host, **more), slots=slots)
            started.callback(handle.close)
            assert handle.wait_until_ready(20) == ()
            return Driven(handle)

        yield start


@pytest.fixture(scope="session")
def spin_host():
    worker = EmbeddedWorker()
    yield worker.address
    worker.end()
