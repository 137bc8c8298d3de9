"""Workers that die, freeze, go and come: what each arrival became, told from the files alone."""

import signal
import time
from functools import partial
from pathlib import Path

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
from tests.whole.harness import Together

LINE = "--rps 60 --distribution poisson --seed 3 --spin 20ms"
IMPATIENT = Path(__file__).with_name("impatient.py")
FAULT_AT_S = 2.5
FROZEN_S = 10.0
VICTIM = 1


def signalled(number: int, cluster: Cluster) -> float:
    """Send a worker a signal in the middle of the run; when, in plan time."""
    folder = cluster.wait_for_run()
    wait_for_plan_time(folder, FAULT_AT_S)
    cluster.workers[VICTIM].send(number)
    return plan_time_s(folder)


def frozen(cluster: Cluster) -> float:
    at_s = signalled(signal.SIGSTOP, cluster)
    time.sleep(FROZEN_S)
    cluster.workers[VICTIM].send(signal.SIGCONT)
    return at_s


def joined(cluster: Cluster) -> float:
    folder = cluster.wait_for_run()
    cluster.add_worker()
    return plan_time_s(folder)


SCENARIOS = {
    "killed": (f"{LINE} --duration 13s", 3, partial(signalled, signal.SIGKILL)),
    "killed-stop": (
        f"{LINE} --duration 90s --on-member-loss stop",
        2,
        partial(signalled, signal.SIGKILL),
    ),
    "frozen": (f"{LINE} --duration 22s", 3, frozen),
    "left": (f"{LINE} --duration 10s", 3, partial(signalled, signal.SIGTERM)),
    "joined": (f"{LINE} --duration 16s", 2, joined),
}


@pytest.fixture(scope="module")
def faults(folder):
    scenarios = {
        name: partial(do_fault, folder / name, *scenario, locustfile=IMPATIENT)
        for name, scenario in SCENARIOS.items()
    }
    return Together(scenarios, at_once=3)


def gone(fault: Fault) -> set[str]:
    """The members of the first plan that the second lacks."""
    first, second = fault.plan.members[:2]
    return set(first.ids) - set(second.ids)


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_planned_arrival_has_one_row_and_none_was_sent_twice(faults, name):
    fault = faults[name]
    assert fault.counts["duplicates"] == 0
    assert fault.seen >= fault.counts["sent"]


@pytest.mark.parametrize("name", ["frozen", "left", "joined"])
def test_the_target_saw_as_many_calls_as_the_record_says_were_sent(faults, name):
    assert faults[name].seen == faults[name].counts["sent"]


@pytest.mark.parametrize("name", ["left", "joined"])
def test_a_worker_that_goes_or_comes_in_order_costs_no_arrival(faults, name):
    fault = faults[name]
    assert unsent(fault.rows) == {}
    assert fault.counts["ok"] == fault.counts["planned"]
    for reason in ("member-lost", "late-plan", "counts-disagree"):
        assert reason not in fault.judged.out


def test_the_arrivals_that_a_killed_worker_missed_are_named_as_member_lost(faults):
    fault = faults["killed"]
    missed = unsent(fault.rows)
    assert set(missed) == {"member-lost"}
    (victim,) = gone(fault)
    owners = fault.owners()
    assert {owners[k] for k in missed["member-lost"]} == {victim}
    takeover_s = fault.plan.members[1].at_s
    due = {
        row["k"]
        for row in fault.rows
        if owners[row["k"]] == victim and fault.at_s < row["intended_s"] < takeover_s
    }
    assert due <= set(missed["member-lost"])
    assert all(fault.rows[k]["intended_s"] < takeover_s for k in missed["member-lost"])


def test_the_target_saw_at_most_what_a_killed_worker_could_not_record(faults):
    fault = faults["killed"]
    assert fault.seen - fault.counts["sent"] <= fault.counts["unsent"]


def test_the_others_carry_the_full_rate_within_three_seconds(faults):
    fault = faults["killed"]
    takeover_s = fault.plan.members[1].at_s
    assert takeover_s - fault.at_s < 3.0 + 1.0, "a second for a busy machine"
    after = [row for row in fault.rows if row["intended_s"] >= takeover_s]
    assert len(after) > 60 * (13 - takeover_s) * 0.7
    assert len(sent(after)) == len(after)


def test_the_rate_does_not_ramp_again_when_locust_forgets_the_killed_worker(faults):
    fault = faults["killed"]
    assert fault.ended.err.count("Sending spawn jobs") >= 3, "Locust redistributed its users"
    assert len(set(rate_logs(fault))) == 1


def rate_logs(fault: Fault) -> list[str]:
    return [str(plan["rates"]) for plan in fault.ended.manifest.plans]


@pytest.mark.parametrize("name", ["killed", "killed-stop", "frozen"])
def test_a_run_that_lost_a_member_is_not_called_valid(faults, name):
    assert "member-lost" in faults[name].judged.out
    assert faults[name].ended.summary["verdict"]["level"] in {"SUSPECT", "INVALID"}


def test_a_loss_of_more_than_a_hundredth_of_the_arrivals_makes_the_run_invalid(faults):
    fault = faults["killed"]
    assert fault.counts["unsent"] > 0.01 * fault.counts["planned"]
    assert fault.ended.code == fault.judged.code == 3


def test_on_member_loss_stop_ends_the_run_and_the_processes(faults):
    fault = faults["killed-stop"]
    assert fault.plan.stop_s is not None
    assert fault.plan.stop_s < 30
    assert fault.ended.code == 3
    assert sorted(fault.workers) == [-signal.SIGKILL, 0]


def test_a_frozen_worker_comes_back_and_sends_its_share_again(faults):
    fault = faults["frozen"]
    (victim,) = gone(fault)
    assert victim in fault.plan.members[-1].ids
    back = [row for row in sent(fault.rows) if row["member"] == victim]
    assert max(row["intended_s"] for row in back) > fault.at_s + FROZEN_S
    assert not [row for row in back if row["intended_s"] > fault.at_s + 3.0
                and row["intended_s"] < fault.at_s + FROZEN_S]  # fmt: skip


def test_what_a_frozen_worker_missed_before_the_takeover_is_unsent_with_a_reason(faults):
    fault = faults["frozen"]
    takeover_s = fault.plan.members[1].at_s
    missed = [k for numbers in unsent(fault.rows).values() for k in numbers]
    assert missed
    assert set(unsent(fault.rows)) <= {"late", "lease", "no-master"}
    within = [k for k in missed if fault.at_s - 1.0 < fault.rows[k]["intended_s"] < takeover_s]
    assert len(within) >= 0.9 * len(missed)


def test_no_burst_makes_up_for_a_freeze(faults):
    lags_s = [row["sent_s"] - row["intended_s"] for row in sent(faults["frozen"].rows)]
    assert max(lags_s) < 1.5


def test_a_terminated_worker_hands_its_arrivals_on_and_ends(faults):
    fault = faults["left"]
    (victim,) = gone(fault)
    handed_over_s = fault.plan.members[1].at_s
    assert all(row["intended_s"] < handed_over_s for row in fault.rows if row["member"] == victim)
    assert fault.workers[VICTIM] in {0, 143, -signal.SIGTERM}
    assert fault.ended.code in {0, 3}


def test_a_joining_worker_takes_exactly_its_share_from_a_stated_moment_on(faults):
    fault = faults["joined"]
    first, second = fault.plan.members[:2]
    (newcomer,) = set(second.ids) - set(first.ids)
    owners = fault.owners()
    assert second.at_s > fault.at_s
    assert [row["member"] for row in fault.rows] == owners
    assert owners.count(newcomer) > 10
