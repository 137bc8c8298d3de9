"""Rates edited in the middle of a run of several workers, and such a run sent again."""

import time
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path

import pytest

from shapes.plan import Plan
from tests.faults.harness import (
    assert_arrivals_follow_the_rate,
    assert_books_balance,
    edits,
    every_row,
    last_plan,
    web_cluster,
)
from tests.whole.harness import Ended, Together, run_locust, wait_until

LEAD_S = 1.0
EDIT_LASTS_S = 4.0
BUSY_S = 1.0
"""What a busy machine may take to see an edit."""
EDITS = ((80, 20), (20, 30))
"""Users and spawn rate, one after the other, from 40 users on."""


@dataclass
class Edited:
    """A run that was edited twice.

    Attributes:
        asked_s: When each edit was asked for, seconds from the epoch.
        users: What Locust's page showed as users, once each edit had had its effect.
        again: The run that sent it again.
    """

    folder: Path
    asked_s: list[float]
    users: list[int]
    again: Ended

    @cached_property
    def edits(self) -> list[Plan]:
        return edits(self.folder)


def edit_twice(records: Path, address: str, line: str, form: dict) -> Edited:
    line = f"--host {address} --spin 5ms --seed 9 {line}"
    with web_cluster(records, line, 2) as (session, _):
        assert session.swarm(**form)["success"]
        folder = wait_until(lambda: next(iter(session.folders), None))
        wait_until((folder / "manifest.json").exists)
        epoch_s = last_plan(folder).epoch_s
        wait_until(lambda: time.monotonic() - epoch_s > 1.0)
        asked_s, users = [], []
        for user_count, spawn_rate in EDITS:
            asked_s.append(time.monotonic() - epoch_s)
            assert session.swarm(**{**form, "user_count": user_count, "spawn_rate": spawn_rate})
            wait_until(partial(_shows, session, user_count))
            users.append(session.stats()["user_count"])
            wait_until(
                lambda since_s=asked_s[-1]: time.monotonic() - epoch_s - since_s > EDIT_LASTS_S
            )
        session.stop()
        session.finished_runs(1)
    replay = ("--host", address, "--replay", str(folder))
    again = run_locust(records.with_name(f"{records.name} again"), *replay)
    return Edited(folder, asked_s, users, again)


def _shows(session, user_count: int) -> bool:
    return session.stats()["user_count"] == user_count


FORM = {"user_count": 40, "spawn_rate": 40, "distribution": "uniform", "rps": "", "duration": ""}
CASES = {
    "no shape": ("", FORM),
    "shape": ("--shape UniformShape", FORM),
    "poisson": ("", {**FORM, "distribution": "poisson"}),
}


@pytest.fixture(scope="module")
def runs(folder, target):
    work = {
        name: partial(edit_twice, folder / name, target.address, *case)
        for name, case in CASES.items()
    }
    return Together(work, at_once=3)


@pytest.mark.parametrize("name", CASES)
def test_nothing_is_sent_twice_or_lost_by_an_edit(runs, name):
    counts = assert_books_balance(runs[name].folder)
    assert counts["ok"] == counts["planned"]


@pytest.mark.parametrize("name", CASES)
def test_an_edit_takes_effect_a_second_after_it_is_asked_for(runs, name):
    run = runs[name]
    assert len(run.edits) == len(EDITS)
    for plan, asked_s in zip(run.edits, run.asked_s, strict=True):
        assert LEAD_S - 0.1 <= plan.rates_edited_s - asked_s < LEAD_S + BUSY_S


@pytest.mark.parametrize("name", CASES)
def test_the_rate_goes_from_one_to_the_other_in_a_straight_line(runs, name):
    before = 40
    for plan, (to, per_s) in zip(runs[name].edits, EDITS, strict=True):
        start_s, over_s = plan.rates_edited_s, abs(to - before) / per_s
        part = [plan.rates.rate_at(start_s + share * over_s) for share in (0.0, 0.5, 1.0)]
        assert part == pytest.approx([before, (before + to) / 2, to])
        before = to


@pytest.mark.parametrize("name", ["no shape", "shape"])
def test_the_arrivals_follow_the_edited_rate_to_the_last(runs, name):
    assert_arrivals_follow_the_rate(runs[name].folder)


@pytest.mark.parametrize("name", CASES)
def test_users_reads_as_the_offered_rate(runs, name):
    assert runs[name].users == [user_count for user_count, _ in EDITS]


@pytest.mark.parametrize("name", CASES)
def test_a_recorded_run_is_sent_again_exactly_by_other_members(runs, name):
    recorded, again = runs[name].folder, runs[name].again
    assert [(row["k"], row["intended_s"]) for row in again.rows] == [
        (row["k"], row["intended_s"]) for row in every_row(recorded)
    ]
    assert again.counts()["ok"] == again.counts()["planned"]
