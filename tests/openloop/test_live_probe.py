from types import SimpleNamespace

import pytest

from openloop.clock_offset import Offset
from openloop.live_probe import TOLD_SECONDS, Probe
from records.schema import CallRecord
from tests.openloop.live_fakes import active_run
from verdict.member_summary import MemberSummary


class FakeSending:
    """Only what a probe asks of one."""

    def __init__(self):
        self.in_flight = 0
        self.deaths = self.hangs = 0

    def __len__(self):
        return self.in_flight

    def cpu_s(self):
        return 0.0


class FakeRun:
    """A member's run that a test fills by hand."""

    def __init__(self):
        self.plan = active_run(warm_up="2s").plan
        self.summary = MemberSummary(self.plan, "local")
        self.recorder = SimpleNamespace(sent_count=0)
        self.sending = FakeSending()
        self.now_s = 0.0
        self.late_plans = 0
        self.record_error = None
        self.offset = Offset(0.0, 0.0)

    def ends(self, *, phase="measured", status="ok", latency_s=0.1, reason=None):
        sent = status != "unsent"
        self.recorder.sent_count += sent
        self.summary.add(
            CallRecord(
                k=0,
                phase=phase,
                method="",
                member="local",
                intended_s=3.0,
                sent_s=3.001 if sent else None,
                received_s=3.0 + latency_s if sent else None,
                status=status,
                failure_class=reason,
            )
        )


@pytest.fixture
def run():
    return FakeRun()


@pytest.fixture
def probe(run):
    return Probe(run)


def look_at(probe, run, second):
    run.now_s = float(second)
    return probe.look()


def test_each_second_holds_what_ended_in_it(run, probe):
    run.ends()
    look_at(probe, run, 1)
    run.ends()
    run.ends(status="failed", reason="deadline")
    seconds = look_at(probe, run, 2).seconds
    assert [(one.at, one.amounts.ok, one.amounts.failed) for one in seconds] == [
        (0, 1, 0),
        (1, 1, 1),
    ]
    assert seconds[1].amounts.failures == {"deadline": 1}


def test_latencies_of_a_second_are_its_own(run, probe):
    run.ends(latency_s=0.1)
    look_at(probe, run, 1)
    run.ends(latency_s=0.9)
    newest = look_at(probe, run, 2).seconds[-1].amounts
    assert newest.latency.total == 1
    assert newest.latency.quantile(0.5) == pytest.approx(0.9, rel=0.03)
    assert newest.lag.quantile(0.5) == pytest.approx(0.001, rel=0.03)


def test_a_latency_that_was_there_before_counts_once_more(run, probe):
    for second in (1, 2, 3):
        run.ends(latency_s=0.1)
        told = look_at(probe, run, second)
    assert [sum(one.amounts.latency.counts.values()) for one in told.seconds] == [1, 1, 1]
    assert sum(told.measured.latency.counts.values()) == 3


def test_the_warm_up_is_in_the_seconds_and_not_in_the_measured_phase(run, probe):
    run.ends(phase="warm-up")
    run.ends()
    told = look_at(probe, run, 1)
    assert told.seconds[0].amounts.ok == 2
    assert (told.whole.ok, told.measured.ok, told.measured.latency.total) == (2, 1, 1)


def test_unsent_arrivals_are_told_by_reason(run, probe):
    run.ends(status="unsent", reason="max-in-flight")
    told = look_at(probe, run, 1)
    assert told.whole.unsent == told.seconds[0].amounts.unsent == {"max-in-flight": 1}
    assert told.whole.sent == 0


def test_what_left_and_has_not_ended_is_sent_and_in_flight(run, probe):
    run.recorder.sent_count, run.sending.in_flight = 3, 3
    told = look_at(probe, run, 1)
    assert (told.whole.sent, told.seconds[0].amounts.sent, told.in_flight) == (3, 3, 3)


def test_only_the_last_seconds_are_told_again(run, probe):
    for second in range(1, 20):
        told = look_at(probe, run, second)
    assert [one.at for one in told.seconds] == list(range(19 - TOLD_SECONDS, 19))


def test_engines_that_died_are_told_from_the_next_second_on(run, probe):
    assert look_at(probe, run, 1).engine_deaths == 0
    run.sending.deaths, run.sending.hangs = 2, 1
    told = look_at(probe, run, 2)
    assert (told.engine_deaths, told.engine_hangs) == (2, 1)
