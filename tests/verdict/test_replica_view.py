import math

import pytest

from tests.replica_rows import (
    STARTED_UNIX_S,
    end_of,
    gap,
    mode,
    ordered,
    panic,
    pod_row,
    row,
    scale,
    start_of,
)
from verdict.replica_view import view_of


def view(*groups, ended=True):
    return view_of(ordered(*groups), STARTED_UNIX_S, ended=ended)


def test_without_rows_nobody_watched():
    assert view() is None


def test_a_pod_is_pending_until_ready_and_gone_once_terminating():
    seen = view(scale(0.0, 0), start_of("a", 1.0, 3.0), end_of("a", 10.0, 40.0))
    assert [seen.pending.at_one(t) for t in (0.5, 2.0, 3.0, 11.0)] == [0, 1, 0, 0]
    assert [seen.ready.at_one(t) for t in (0.5, 2.0, 3.0, 9.9, 10.0)] == [0, 0, 1, 1, 0]


def test_a_pod_that_ends_is_not_pending_when_it_turns_unready():
    seen = view(start_of("a", 1.0, 3.0), end_of("a", 10.0, 40.0), pod_row(12.0, "a", "unready"))
    assert seen.pending.largest(5.0, 50.0) == 0


def test_a_pod_that_turns_unready_is_pending_until_it_is_ready_again():
    flapping = [pod_row(5.0, "a", "unready"), pod_row(6.0, "a", "ready")]
    seen = view(start_of("a", 1.0, 3.0), flapping)
    assert [seen.ready.at_one(t) for t in (4.0, 5.5, 6.0)] == [1, 0, 1]
    assert seen.pending.at_one(5.5) == 1


@pytest.mark.parametrize("phases", [("started", "ready"), ("created", "scheduled", "ready")])
def test_of_phases_seen_at_one_moment_the_last_holds(phases):
    seen = view(*([pod_row(1.0, name, phase) for phase in phases] for name in ("b", "a")))
    assert (seen.pending.at_one(2.0), seen.ready.at_one(2.0)) == (0, 2)


def test_pods_of_all_revisions_count():
    seen = view(start_of("a", 0.0, 2.0), start_of("a", 1.0, 3.0, revision="worker-00002"))
    assert seen.ready.at_one(4.0) == 2


def test_before_the_first_row_nothing_is_known():
    seen = view(scale(5.0, 0), start_of("a", 6.0, 8.0))
    assert math.isnan(seen.ready.at_one(4.9))
    assert seen.ready.at_one(5.0) == 0


def test_a_watch_that_begins_with_a_gap_begins_after_it():
    seen = view(gap(-1.0, 4.0), scale(4.0, 1), gap(-1.0, 2.0))
    assert seen.watched_s[0] == 4.0
    assert math.isnan(seen.ready.at_one(3.9))


def test_where_nothing_tells_of_pods_their_number_is_not_known():
    seen = view(mode(0.0, "Proxy"), mode(5.0, "Serve"))
    assert math.isnan(seen.ready.at_one(9.0))
    assert math.isnan(seen.ready.area(1.0, 9.0))


def test_without_pods_the_deployment_tells_who_is_ready():
    rows = [
        row(0.0, "deployment", replicas=0, ready=0, available=0),
        row(4.0, "deployment", replicas=2, ready=1, available=1),
    ]
    seen = view(rows)
    assert seen.ready.values.tolist() == [0, 1]
    assert seen.pending is None


def test_without_pods_and_deployments_the_autoscalers_count_is_taken():
    seen = view(scale(0.0, 1, actual=0), scale(2.0, 2, actual=2))
    assert seen.ready.values.tolist() == [0, 2]


def test_what_the_autoscaler_does_not_know_yet_is_no_number_of_pods():
    assert view(scale(0.0, -1), scale(1.0, 3)).desired.values.tolist() == [3]


def test_desired_pods_of_revisions_add_up():
    seen = view(scale(0.0, 2), scale(1.0, 3, revision="worker-00002"))
    assert seen.desired.values.tolist() == [2, 5]


def test_a_scale_up_lasts_while_pods_that_are_wanted_are_not_ready():
    seen = view(scale(0.0, 0), scale(1.0, 1), start_of("a", 2.0, 4.0), scale(9.0, 2))
    assert seen.scale_ups(20.0) == [(1.0, 4.0), (9.0, 20.0)]


def test_a_pod_that_starts_is_a_scale_up_without_knowing_what_is_desired():
    assert view(start_of("a", 2.0, 4.0)).scale_ups(20.0) == [(2.0, 4.0)]


def test_no_scale_up_is_made_up_after_the_watch_was_cut_off():
    seen = view(scale(0.0, 0), scale(1.0, 1), row(5.0, "revision", ready=True), ended=False)
    assert seen.scale_ups(20.0) == [(1.0, 5.0)]


def test_an_observer_that_was_cut_off_covers_up_to_its_last_row():
    rows = [scale(-1.0, 1), scale(30.0, 1)]
    assert view(rows, ended=False).covers(0.0, 30.0)
    assert not view(rows, ended=False).covers(0.0, 31.0)
    assert view(rows).covers(0.0, 1e9)


def test_an_observer_that_was_stopped_early_covers_up_to_its_stop():
    seen = view(scale(-1.0, 1), row(45.0, "end"))
    assert seen.covers(0.0, 45.5)
    assert not seen.covers(0.0, 47.0)


def test_gaps_of_several_resources_are_counted_once():
    seen = view(scale(0.0, 1), gap(10.0, 14.0), gap(12.0, 15.0, "deployments"))
    assert seen.gaps == [(10.0, 15.0)]
    assert seen.gap_s(0.0, 12.0) == 2.0


def test_the_mode_is_that_of_the_revision_under_load():
    other = mode(0.0, "Proxy", revision="worker-00000")
    seen = view(other, mode(0.0, "Proxy"), mode(9.0, "Serve"), start_of("a", 1.0, 2.0))
    assert seen.modes == [(0.0, "Proxy"), (9.0, "Serve")]


def test_a_revision_that_panics_is_panic():
    seen = view(panic(0.0, False), panic(3.0, True), panic(8.0, False))
    assert seen.panicking(20.0) == [(3.0, 8.0)]


class TestALife:
    def test_a_pod_created_while_somebody_watched_is_timed_by_the_observer(self):
        (life,) = view(scale(0.0, 0), start_of("a", 1.25, 3.5)).pods
        assert life.watched
        assert life.start_s["ready"] - life.start_s["created"] == pytest.approx(2.25)
        assert life.ready_s == pytest.approx(3.5)

    def test_a_pod_that_was_there_before_is_timed_by_the_api(self):
        first_seen = [
            pod_row(0.0, "a", phase, said_s=said)
            for phase, said in (("created", -60), ("scheduled", -60), ("ready", -57))
        ]
        (life,) = view(first_seen).pods
        assert not life.watched
        assert life.start_s["ready"] - life.start_s["created"] == 3
        assert life.ready_s == -57

    def test_a_pod_of_which_the_api_says_nothing_was_ready_before(self):
        rows = [{**pod_row(0.0, "a", p), "said_unix_s": None} for p in ("created", "ready")]
        (life,) = view(rows).pods
        assert life.ready_s == -math.inf

    def test_a_pod_that_never_gets_ready_never_was(self):
        (life,) = view([pod_row(1.0, "a", "created"), pod_row(1.1, "a", "scheduled")]).pods
        assert life.ready_s == math.inf

    def test_a_pod_that_was_leaving_when_the_watch_began_held_nobody(self):
        first_seen = [
            pod_row(0.0, "a", phase, said_s=said)
            for phase, said in (("created", -60), ("started", -58), ("terminating", -5))
        ]
        (life,) = view(first_seen, pod_row(7.0, "a", "gone")).pods
        assert life.ready_s == -math.inf
        assert life.left_s == 0.0

    def test_a_pod_that_got_ready_in_a_gap_is_timed_by_the_api(self):
        rows = [
            pod_row(1.1, "a", "created"),
            pod_row(1.2, "a", "scheduled"),
            pod_row(30.0, "a", "ready", said_s=4),
        ]
        (life,) = view(rows).pods
        assert life.ready_s == 4
        assert life.start_s["ready"] - life.start_s["created"] == 3

    def test_a_pod_that_was_starting_when_the_watch_began_is_ready_when_it_is_seen_so(self):
        rows = [
            pod_row(0.0, "a", "created", said_s=-9),
            pod_row(0.0, "a", "scheduled", said_s=-9),
            pod_row(3.4, "a", "ready"),
        ]
        (life,) = view(rows).pods
        assert life.ready_s == pytest.approx(3.4)
