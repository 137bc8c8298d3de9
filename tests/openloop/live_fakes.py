"""A run as members tell of it, without Locust."""

from pathlib import Path
from types import SimpleNamespace

from locust.event import Events

from openloop.active_run import ActiveRun
from openloop.clock_offset import Offset
from openloop.config import read_config
from openloop.live_board import LiveBoard
from openloop.live_state import Amounts, MemberState, Second
from openloop.plan_making import first_plan
from openloop.targets import Target
from tests.openloop.fakes import FakeClock, options

EPOCH_S = 1000.0


def amounts(ok=0, failed=0, unsent=None, latency_s=0.1, lag_s=0.0002):
    """Calls that all took as long; failed ones never end."""
    made = Amounts(sent=ok + failed, ok=ok, failed=failed, unsent=dict(unsent or {}))
    for _ in range(ok):
        made.latency.add(latency_s)
    for _ in range(failed):
        made.latency.add_infinite()
    for _ in range(ok + failed):
        made.lag.add(lag_s)
    if failed:
        made.failures["deadline"] = failed
    return made


def second(at, in_flight=0, **what):
    return Second(at, in_flight, amounts(**what))


def member_state(member="local", seconds=(), run_id="run", **said):
    """What a member tells whose seconds are its whole run."""
    whole = Amounts()
    for one in seconds:
        whole.merge(one.amounts)
    usual = {
        "in_flight": seconds[-1].in_flight if seconds else 0,
        "late_plans": 0,
        "engine_deaths": 0,
        "engine_hangs": 0,
        "cpu_share": 0.1,
        "record_error": None,
        "offset_s": 0.001,
        "clock_error_s": 0.0002,
    }
    return MemberState(
        run_id=run_id,
        member=member,
        seconds=list(seconds),
        whole=whole,
        measured=whole,
        **{**usual, **said},
    )


def active_run(members=("local",), **given):
    given = {"rps": "10", "duration": "60s", "distribution": "poisson", "seed": "1", **given}
    config = read_config(options(**given))
    plan = first_plan(config, run_id="run", seed=1, members=members, request={"spin": "100ms"})
    return ActiveRun(
        config=config,
        plan=plan.with_members(0.0, members),
        folder=Path("results/run"),
        started_unix_s=0.0,
        asked_s=EPOCH_S,
        target=Target(10, 1.0),
        members=set(members),
    )


class FakeEngine:
    """An engine with one run under way."""

    def __init__(self, run):
        self.environment = SimpleNamespace(events=Events(), runner=None)
        self.agent = None
        self.conclusion = None
        offsets = {member: Offset(0.001, 0.0002) for member in run.members}
        self.conductor = SimpleNamespace(
            run=run,
            membership=SimpleNamespace(offsets=lambda: offsets),
            rate_now_rps=lambda: run.plan.rates.rate_at(0.0),
        )


def board(states=(), now_s=5.0, run=None):
    """A board that has been told these states."""
    run = run or active_run(tuple(state.member for state in states) or ("local",))
    engine = FakeEngine(run)
    clock = FakeClock(now_s)
    made = LiveBoard(engine, clock)
    engine.environment.events.test_start.fire(environment=engine.environment)
    for state in states:
        made.run.take(state)
    return made
