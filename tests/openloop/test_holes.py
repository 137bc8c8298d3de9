import pytest

from openloop.holes import Standings, fill_holes
from records.reader import open_run
from records.sink import RecordSink
from tests.records.fakes import call
from tests.verdict.simulated import make_plan

MEMBER = "local"
PLAN = make_plan("uniform", 10.0, 1.0, 1, (MEMBER,))
HOLES = {3, 4}


@pytest.fixture
def folder(tmp_path):
    """A run folder in which two of ten arrivals have no row."""
    sink = RecordSink.start(tmp_path, MEMBER)
    for k in set(range(10)) - HOLES:
        sink.append(call(k))
    sink.close(30.0)
    return tmp_path


def reasons(folder):
    rows = open_run(folder).table(["k", "failure_class"]).to_pylist()
    return {row["k"]: row["failure_class"] for row in rows if row["failure_class"]}


def test_arrivals_of_a_member_that_may_have_learned_late_are_late_plan(folder):
    holes = fill_holes(folder, PLAN, Standings(silent=(), lost=()))
    assert reasons(folder) == dict.fromkeys(HOLES, "late-plan")
    assert holes.unexplained == 0
    assert holes.filled.totals.whole().statuses["unsent"] == 2


@pytest.mark.parametrize("standing", ["silent", "lost"])
def test_arrivals_of_a_member_that_was_lost_are_lost_with_it(folder, standing):
    standings = Standings(**{"silent": (), "lost": (), standing: (MEMBER,)}, timely=(MEMBER,))
    assert fill_holes(folder, PLAN, standings).unexplained == 0
    assert reasons(folder) == dict.fromkeys(HOLES, "member-lost")


def test_what_nothing_explains_gets_no_reason_and_is_counted(folder):
    holes = fill_holes(folder, PLAN, Standings(silent=(), lost=(), timely=(MEMBER,)))
    assert reasons(folder) == {}
    assert holes.unexplained == 2


def test_rows_that_their_member_said_it_could_not_write_are_no_business_of_ours(folder):
    standings = Standings(silent=(), lost=(), unreadable=(MEMBER,), timely=(MEMBER,))
    assert fill_holes(folder, PLAN, standings).unexplained == 0
    assert reasons(folder) == {}
