from itertools import chain

import pytest

from openloop.dispatcher import MOST_A_TURN, Dispatcher
from openloop.lease import LATE_LIMIT_S, Unlimited
from shapes.plan import MemberChange, Plan
from shapes.rate_log import RateLog, RateSegment
from shapes.schedule import Schedule
from tests.openloop.fakes import FakeClock, FakePacer

EPOCH_S = 1000.5


def plan_of(rate_rps=10.0, duration_s=5.0, law="uniform", members=("local",)):
    return Plan(
        run_id="r",
        version=1,
        seed=7,
        law=law,
        epoch_s=EPOCH_S,
        rates=RateLog((RateSegment(0.0, rate_rps),)),
        members=(MemberChange(0.0, tuple(members)),),
        duration_s=duration_s,
        stop_s=None,
        warm_up_s=0.0,
        request={},
    )


class Bench:
    """A dispatcher with everything around it scripted, and what it did."""

    def __init__(self, member="local"):
        self.clock = FakeClock()
        self.pacer = FakePacer(self.clock)
        self.sent = []
        self.skipped = []
        self.dispatcher = Dispatcher(
            member,
            clock=self.clock,
            pacer=self.pacer,
            leave=Unlimited(),
            send=lambda k, intended_s: self.sent.append((k, intended_s)),
            skip=lambda k, intended_s, reason: self.skipped.append((k, reason)),
        )

    def follow(self, plan):
        self.dispatcher.follow(plan, epoch_monotonic_s=EPOCH_S)

    def run(self, plan):
        self.follow(plan)
        self.dispatcher.run()
        return self


@pytest.mark.parametrize("law", ["uniform", "poisson", "bursty:3"])
def test_every_planned_arrival_is_sent_once_in_order(law):
    plan = plan_of(law=law)
    planned = Schedule(plan).arrivals(0, 1000)
    assert Bench().run(plan).sent == list(
        zip(planned.k.tolist(), planned.intended_s.tolist(), strict=True)
    )


def test_arrivals_lie_from_zero_up_to_the_end():
    sent = Bench().run(plan_of(rate_rps=1.0, duration_s=5.0)).sent
    assert [intended_s for _, intended_s in sent] == [0, 1, 2, 3, 4]


def test_members_share_the_arrivals_without_gap_or_double():
    plan = plan_of(law="poisson", members=("a", "b", "c"))
    shares = [Bench(member).run(plan).sent for member in ("a", "b", "c")]
    whole = Bench().run(plan_of(law="poisson")).sent
    assert sorted(chain.from_iterable(shares)) == whole


def test_an_edit_keeps_what_was_sent_and_changes_what_follows():
    bench = Bench()
    plan = plan_of(rate_rps=10.0, duration_s=4.0)
    edited = plan.with_rate_edit(2.0, 50.0, None)
    bench.pacer.at.append((EPOCH_S + 1.0, lambda: bench.follow(edited)))
    bench.run(plan)
    assert len([k for k, intended_s in bench.sent if intended_s < 2.0]) == 20
    assert len([k for k, intended_s in bench.sent if intended_s >= 2.0]) == 100


def test_a_stop_ends_the_arrivals_at_its_moment():
    bench = Bench()
    plan = plan_of(duration_s=None)
    bench.pacer.at.append((EPOCH_S + 2.05, lambda: bench.follow(plan.with_stop(2.05))))
    bench.run(plan)
    assert [k for k, _ in bench.sent] == list(range(21))


def test_an_idle_stretch_sends_nothing_and_ends():
    plan = plan_of(duration_s=10.0)
    idle = plan.with_rate_edit(1.0, 0.0, None)
    assert len(Bench().run(idle).sent) == 10


def test_lateness_below_the_limit_is_sent_and_shows_as_lag():
    bench = Bench()
    bench.pacer.overshoot_s = 0.9 * LATE_LIMIT_S
    bench.run(plan_of(rate_rps=1.0))
    assert len(bench.sent) == 5
    assert not bench.skipped


@pytest.mark.parametrize(
    ("rate_rps", "turns"),
    [
        pytest.param(10.0, [5, 10], id="all-that-are-due"),
        pytest.param(100.0, [MOST_A_TURN, 2 * MOST_A_TURN], id="up-to-a-number"),
    ],
)
def test_arrivals_due_together_go_before_anything_else_has_its_turn(rate_rps, turns):
    bench, sent = Bench(), []
    bench.pacer.overshoot_s = 0.455
    bench.pacer.give_way = lambda: sent.append(len(bench.sent))
    bench.run(plan_of(rate_rps=rate_rps, duration_s=1.0))
    assert sent[: len(turns)] == turns


def test_arrivals_missed_while_the_process_was_frozen_are_not_sent_in_a_burst():
    bench = Bench()

    def freeze():
        bench.clock.now_s += 3.0

    bench.pacer.at.append((EPOCH_S + 1.0, freeze))
    bench.run(plan_of(rate_rps=10.0, duration_s=6.0))
    assert {reason for _, reason in bench.skipped} == {"late"}
    assert len(bench.skipped) + len(bench.sent) == 60
    assert 18 <= len(bench.skipped) <= 21
