"""Members and master that cannot hear each other, while the target hears them all."""

import sys
from functools import partial

import pytest

from tests.faults.harness import (
    Cluster,
    Fault,
    do_fault,
    plan_time_s,
    sent,
    unsent,
    wait_for_plan_time,
)
from tests.faults.networks import Cable, elsewhere
from tests.faults.privileges import require_network_namespaces
from tests.whole.harness import Together

LINE = "--rps 60 --distribution poisson --seed 3 --spin 20ms"
FAULT_AT_S = 2.5
LEASE_S = 1.5


def cut(cable: Cable, seconds: float, cluster: Cluster) -> float:
    folder = cluster.wait_for_run()
    wait_for_plan_time(folder, FAULT_AT_S)
    at_s = plan_time_s(folder)
    cable.unplug_for(seconds)
    return at_s


def cut_master_off(folder, duration_s: int, seconds: float) -> Fault:
    """The master is elsewhere; members and target are here."""
    with elsewhere(folder) as there:
        (cable,) = there.cables
        line = f"{LINE} --duration {duration_s}s"
        how = {"master_python": there.python, "host": cable.far}
        return do_fault(folder / "results", line, 2, partial(cut, cable, seconds), **how)


def cut_worker_off(folder, duration_s: int, seconds: float) -> Fault:
    """One worker is elsewhere, with one cable to the master and another to the target."""
    with elsewhere(folder, cables=2) as there:
        to_master, to_target = there.cables
        line = f"{LINE} --duration {duration_s}s --insecure"
        how = {"pythons": [sys.executable, there.python], "host": to_master.near}
        work = partial(cut, to_master, seconds)
        return do_fault(folder / "results", line, 2, work, target_at=to_target.near, **how)


@pytest.fixture(scope="module")
def faults(folder):
    require_network_namespaces()
    return Together(
        {
            "master-5s": partial(cut_master_off, folder / "master-5s", 16, 5.0),
            "master-20s": partial(cut_master_off, folder / "master-20s", 26, 20.0),
            "worker-5s": partial(cut_worker_off, folder / "worker-5s", 18, 5.0),
        }
    )


NAMES = ("master-5s", "master-20s", "worker-5s")


@pytest.mark.parametrize("name", NAMES)
def test_every_planned_arrival_has_one_row_and_none_was_sent_twice(faults, name):
    fault = faults[name]
    assert fault.counts["duplicates"] == 0
    assert fault.seen == fault.counts["sent"]


@pytest.mark.parametrize("name", NAMES)
def test_a_run_that_was_cut_is_not_called_valid(faults, name):
    assert faults[name].ended.summary["verdict"]["level"] in {"SUSPECT", "INVALID"}


@pytest.mark.parametrize("name", ["master-5s", "master-20s"])
def test_what_falls_due_beyond_the_lease_is_unsent_for_want_of_a_master(faults, name):
    fault = faults[name]
    reasons = unsent(fault.rows)
    assert "no-master" in reasons
    assert min(fault.rows[k]["intended_s"] for k in reasons["no-master"]) > fault.at_s
    silent = [
        row
        for row in sent(fault.rows)
        if fault.at_s + LEASE_S + 0.1 < row["intended_s"] < fault.at_s + 5.0
    ]
    assert silent == []


def test_after_five_seconds_the_same_members_go_on_with_the_same_plan(faults):
    fault = faults["master-5s"]
    assert set(fault.plan.members[-1].ids) == set(fault.plan.members[0].ids)
    last_s = max(row["intended_s"] for row in fault.rows if row["status"] == "unsent")
    after = {row["member"] for row in sent(fault.rows) if row["intended_s"] > last_s}
    assert after == set(fault.plan.members[0].ids)
    assert [code for code in fault.workers if code != 0] == []


def test_after_twenty_seconds_the_members_have_ended_by_themselves(faults):
    fault = faults["master-20s"]
    assert fault.workers == [3, 3]
    assert max(row["sent_s"] for row in sent(fault.rows)) < fault.at_s + 5.0
    assert fault.ended.code == 3


def test_what_was_sent_before_the_cut_is_kept(faults):
    fault = faults["master-20s"]
    before = [row for row in fault.rows if row["intended_s"] < fault.at_s]
    assert before
    assert {row["status"] for row in before} == {"ok"}


def test_a_cut_off_workers_arrivals_are_taken_over_and_given_back(faults):
    fault = faults["worker-5s"]
    first, second, last = (fault.plan.members[index] for index in (0, 1, -1))
    assert len(first.ids) == len(last.ids) == 2
    assert len(second.ids) == 1
    meanwhile = [row for row in fault.rows if second.at_s <= row["intended_s"] < second.at_s + 2]
    assert {row["member"] for row in sent(meanwhile)} == set(second.ids)
    assert len(sent(meanwhile)) == len(meanwhile)
