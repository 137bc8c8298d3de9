import pytest

from experiment.observer.pod_phases import PodState, phases_of, step
from experiment.observer.stamps import unix_s
from tests.experiment.observer.things import CREATED_UNIX_S, condition, pod

SCHEDULED = condition("PodScheduled", after_s=1)
INITIALIZED = condition("Initialized", after_s=2)
READY = condition("Ready", after_s=5)
UNREADY = condition("Ready", holds=False, after_s=9)
LIFE = [
    pod(),
    pod(conditions=(SCHEDULED,)),
    pod(conditions=(SCHEDULED, INITIALIZED)),
    pod(conditions=(SCHEDULED, INITIALIZED), started_s=(3, 4)),
    pod(conditions=(SCHEDULED, INITIALIZED, READY), started_s=(3, 4)),
    pod(conditions=(SCHEDULED, INITIALIZED, UNREADY), started_s=(3, 4)),
    pod(conditions=(SCHEDULED, INITIALIZED, UNREADY), started_s=(3, 4), deleted_s=11),
]
PHASES = ["created", "scheduled", "initialized", "started", "ready", "unready", "terminating"]
STAMPS = [0, 1, 2, 4, 5, 9, 11]


def told(*seen):
    state, rows = PodState(), []
    for each in seen:
        state, begun = step(state, each)
        rows += begun
    return rows


def test_each_phase_of_a_pods_life_is_told_once_with_the_apis_stamp():
    assert [(phase, said - CREATED_UNIX_S) for phase, said in told(*LIFE)] == [
        *zip(PHASES, STAMPS, strict=True)
    ]


@pytest.mark.parametrize("first", range(len(LIFE)))
def test_a_pod_seen_late_has_all_phases_that_it_went_through_in_their_order(first):
    phases = [phase for phase, _ in told(LIFE[first])]
    assert phases == [phase for phase in PHASES if phase in phases_of(LIFE[first])]
    assert len(phases) >= min(first + 1, 4)


def test_what_is_seen_again_tells_nothing():
    assert told(*(each for each in LIFE for _ in range(2))) == told(*LIFE)


def test_a_pod_that_becomes_ready_again_is_told_again():
    ready, unready = LIFE[4], LIFE[5]
    phases = [phase for phase, _ in told(ready, unready, ready, unready)]
    assert phases[-4:] == ["ready", "unready", "ready", "unready"]


def test_a_pod_whose_container_starts_again_is_told_again():
    crashed = pod(conditions=(SCHEDULED, INITIALIZED), started_s=(3, None))
    again = pod(conditions=(SCHEDULED, INITIALIZED), started_s=(3, 20))
    assert told(LIFE[3], crashed, again)[-1] == ("started", CREATED_UNIX_S + 20)


def test_a_pod_with_one_container_that_waits_has_not_started():
    assert "started" not in phases_of(pod(started_s=(3, None)))


def test_a_pod_is_unready_before_it_is_told_to_end_when_both_are_seen_at_once():
    assert [phase for phase, _ in told(LIFE[4], LIFE[6])][-2:] == ["unready", "terminating"]


def test_a_pod_that_ends_while_it_is_ready_was_not_unready():
    ending = pod(conditions=(SCHEDULED, INITIALIZED, READY), started_s=(3, 4), deleted_s=11)
    assert [phase for phase, _ in told(LIFE[4], ending)][-2:] == ["ready", "terminating"]


@pytest.mark.parametrize("text", [None, "", "yesterday"])
def test_what_is_no_stamp_is_none(text):
    assert unix_s(text) is None


def test_a_stamp_is_in_seconds_since_1970():
    assert unix_s("1970-01-01T00:01:00Z") == 60.0
