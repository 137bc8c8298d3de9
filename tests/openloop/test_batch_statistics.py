from types import SimpleNamespace

import locust.stats
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from locust.event import Events
from locust.stats import RequestStats, StatsError

from openloop.arrival import current_arrival
from openloop.batch_statistics import BatchStatistics, has_other_listeners
from openloop.client_events import ArrivalFailed, note_client_event
from openloop.entry_sums import two_digits
from openloop.stats_filter import StatsFilter
from tests.openloop.fakes import FakeClock
from tests.slot_rows import METHOD, WARM_UP_S, many_rows, nearly, random_rows, slots_of
from tests.verdict.simulated import make_plan

PLAN = make_plan("poisson", 10.0, 800.0, 1, ("local",), warm_up_s=WARM_UP_S)
WITH_BOTH_PHASES = 25
"""A seed of rows some of which are of the warm-up."""
NOW_S = 900.0
"""Since the epoch; all calls have ended by then."""


class Setting:
    """What batches are counted in, with Locust's own listener."""

    def __init__(self):
        self.stats = RequestStats()
        assert self.stats.entries[(METHOD, "grpc")]  # it keeps the second in which it is made
        self.events = Events()
        self.clock = FakeClock(1000.0 + NOW_S)
        self.filter = StatsFilter(self.stats)
        self.filter.new_run(PLAN.run_id)
        self.events.request.add_listener(note_client_event)
        self.events.request.add_listener(as_locusts_own(self.log))
        self.statistics = BatchStatistics(
            self,
            self.filter,
            self.clock,
            request_type="grpc",
            failure=lambda code, reason, detail: ArrivalFailed(f"{code}: {reason}"),
        )

    def log(self, request_type, name, response_time, response_length, exception=None, **_):
        self.stats.log_request(request_type, name, response_time, response_length)
        if exception:
            self.stats.log_error(request_type, name, exception)

    def count(self, records):
        slots, texts = slots_of(records)
        self.statistics.count(slots, texts, PLAN, method=METHOD, epoch_s=1000.0)

    def sums(self):
        entries = {"total": self.stats.total, **self.stats.entries}
        errors = self.stats.errors.values()
        return {
            "entries": {name: sums_of(entry) for name, entry in entries.items()},
            "errors": sorted(
                (StatsError.parse_error(one.error), one.occurrences, one.first_seen, one.last_seen)
                for one in errors
            ),
        }


def as_locusts_own(listener):
    def on_request(**event):
        listener(**event)

    on_request.__module__ = "locust.runners"
    return on_request


def sums_of(entry):
    """All that Locust keeps of an entry."""
    kept = dict(vars(entry))
    for name in ("stats", "start_time"):
        del kept[name]
    cache = kept.pop("response_times_cache")
    kept["cache"] = [
        (second, dict(one.response_times), one.num_requests)
        for second, one in cache.items()
        if second > 1.8e9  # by the clock of the test, not when the entry was made
    ]
    return kept


def logged_one_by_one(records, monkeypatch):
    """What Locust makes of each call when it ends."""
    one_by_one = Setting()
    epoch_unix_s = one_by_one.clock.unix_s() - NOW_S
    sent = [record for record in records if record.sent_s is not None]
    ends = {record.k: record.received_s or max(NOW_S, record.sent_s) for record in sent}
    for record in sorted(sent, key=lambda one: ends[one.k]):
        end_s = ends[record.k]
        monkeypatch.setattr(locust.stats.time, "time", lambda at_s=end_s: epoch_unix_s + at_s)
        failed = record.status != "ok"
        words = f"{record.code or ''}: {record.failure_class or ''}"
        one_by_one.log(
            "grpc",
            METHOD,
            (end_s - record.intended_s) * 1000,
            record.reply_bytes or 0,
            ArrivalFailed(words) if failed else None,
        )
    monkeypatch.undo()
    return one_by_one.sums()


@settings(max_examples=60, deadline=None)
@given(many_rows())
def test_a_batch_counts_as_its_calls_one_by_one(records):
    batch = Setting()
    batch.count(records)
    with pytest.MonkeyPatch.context() as monkeypatch:
        assert batch.sums() == nearly(logged_one_by_one(records, monkeypatch))


def test_after_the_warm_up_only_calls_of_the_measured_phase_count():
    batch = Setting()
    batch.filter.end_warm_up()
    records = [row for row in random_rows(WITH_BOTH_PHASES, 40) if row.sent_s is not None]
    batch.count(records)
    assert 0 < batch.stats.total.num_requests < len(records)
    assert batch.stats.total.num_requests == sum(row.phase == "measured" for row in records)


def test_calls_of_another_run_do_not_count():
    batch = Setting()
    batch.filter.new_run("a later one")
    batch.count(random_rows(WITH_BOTH_PHASES, 40))
    assert batch.stats.total.num_requests == 0


class TestWithAListenerOfTheLocustfile:
    @pytest.fixture
    def heard(self):
        return []

    @pytest.fixture
    def batch(self, heard):
        setting = Setting()

        def listen(**event):
            heard.append(SimpleNamespace(**event, arrival=current_arrival()))

        setting.events.request.add_listener(listen)
        return setting

    def test_it_is_noticed(self, batch):
        assert has_other_listeners(batch)
        assert not has_other_listeners(Setting())

    def test_each_call_has_its_event(self, batch, heard):
        records = random_rows(7, 40)
        batch.count(records)
        sent = {row.k: row for row in records if row.sent_s is not None}
        assert {event.context["k"] for event in heard} == set(sent)
        for event in heard:
            row = sent[event.context["k"]]
            assert event.context["instance"] == row.instance_id
            assert event.context["sent"] == row.sent_s
            assert event.response is None
            assert (event.exception is None) == (row.status == "ok")

    def test_locust_counts_the_same_calls(self, batch, heard):
        batch.filter.end_warm_up()
        records = random_rows(WITH_BOTH_PHASES, 40)
        batch.count(records)
        measured = sum(row.sent_s is not None and row.phase == "measured" for row in records)
        assert batch.stats.total.num_requests == measured < len(heard)

    def test_nothing_serves_an_arrival_afterwards(self, batch):
        batch.count(random_rows(7, 40))
        assert current_arrival() is None


@given(st.lists(st.floats(0.0, 1e6), min_size=1))
def test_times_are_rounded_as_locust_rounds_them(times_ms):
    expected = [locust.stats.bucket_response_time(one) for one in times_ms]
    assert two_digits(np.array(times_ms)).tolist() == expected


def test_a_rounding_of_the_locustfiles_own_is_used(monkeypatch):
    monkeypatch.setattr(locust.stats, "bucket_response_time", lambda time_ms: 7)
    batch = Setting()
    batch.count(random_rows(7, 40))
    assert set(batch.stats.total.response_times) == {7}
