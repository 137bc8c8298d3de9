import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from grpc_user.engine.under_way import NOTHING, UnderWay
from records.schema import STATUSES
from records.slot_batches import frames_of
from records.slot_table import frame_to_table
from records.slots import ENDED, NO_TIME, SENT, SLOT, WAITING

DEATH = "the engine process ended: signal 9"


def slots(kind, numbers):
    made = np.zeros(len(numbers), SLOT)
    made["kind"], made["k"] = kind, numbers
    made["intended_s"] = [k / 10 for k in numbers]
    made["sent_s"] = NO_TIME if kind == WAITING else made["intended_s"] + 0.001
    return made


def rows_of(ended):
    tables = [
        frame_to_table(frame, "local")
        for frame in frames_of(ended, [DEATH], method="m", warm_up_s=0.0)
    ]
    return [row for table in tables for row in table.to_pylist()]


def test_what_left_and_has_no_end_is_unfinished_and_says_how_its_engine_died():
    under_way = UnderWay()
    under_way.note(slots(SENT, [0, 1, 2]), NOTHING, slots(ENDED, [1]))
    rows = rows_of(under_way.end(detail=0))
    assert [(row["k"], row["status"], row["failure_class"], row["detail"]) for row in rows] == [
        (0, "unfinished", "generator", DEATH),
        (2, "unfinished", "generator", DEATH),
    ]
    assert all(row["sent_s"] == row["intended_s"] + 0.001 for row in rows)


def test_what_waited_for_a_stream_was_never_sent():
    under_way = UnderWay()
    under_way.note(NOTHING, slots(WAITING, [4]), NOTHING)
    (row,) = rows_of(under_way.end(detail=0))
    assert (row["status"], row["failure_class"], row["sent_s"]) == ("unsent", "stopped", None)
    assert (row["detail"], row["method"]) == (None, "")


def test_nothing_is_known_of_a_reply_that_nobody_read():
    under_way = UnderWay()
    under_way.note(slots(SENT, [0]), NOTHING, NOTHING)
    (row,) = rows_of(under_way.end(detail=0))
    known = {name for name, value in row.items() if value is not None}
    assert known == {"k", "phase", "method", "member", "intended_s", "sent_s", "status",
                     "failure_class", "detail"}  # fmt: skip


def test_what_waited_and_then_left_is_there_once():
    under_way = UnderWay()
    under_way.note(NOTHING, slots(WAITING, [4]), NOTHING)
    under_way.note(slots(SENT, [4]), NOTHING, NOTHING)
    assert [row["status"] for row in rows_of(under_way.end())] == ["unfinished"]


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.booleans(), st.integers(0, 3), st.integers(0, 3)), max_size=30),
    st.sampled_from([0, 5, 10_000]),
)
def test_each_arrival_has_exactly_one_end_whenever_the_engine_dies(arrivals, few):
    """Each arrival: whether it waits, and how many looks later it leaves and ends."""
    under_way, looks = UnderWay(few), len(arrivals) // 2
    ended = []
    for look in range(looks):
        sent, waiting, over = [], [], []
        for k, (waits, until_sent, until_end) in enumerate(arrivals):
            sent_at = k // 4 + (until_sent if waits else 0)
            if waits and look == k // 4:
                waiting.append(k)
            if look == sent_at:
                sent.append(k)
            if look == sent_at + until_end:
                over.append(k)
        ended += over
        under_way.note(slots(SENT, sent), slots(WAITING, waiting), slots(ENDED, over))
    left = under_way.end()
    begun = {k for k in range(len(arrivals)) if k // 4 < looks}
    assert sorted([*ended, *left["k"].tolist()]) == sorted(begun)
    assert under_way.next_k == max(begun, default=-1) + 1
    assert len(under_way) == 0


def test_the_statuses_are_those_of_the_schema():
    under_way = UnderWay()
    under_way.note(slots(SENT, [0]), slots(WAITING, [1]), NOTHING)
    assert {STATUSES[status] for status in under_way.end()["status"]} == {"unfinished", "unsent"}
