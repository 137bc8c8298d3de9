"""Locust's keys in the terminal (w, W, s, S: users up and down) edit the rate of a run."""

import os
import pty
import time
from dataclasses import dataclass

import pytest

from records.manifest import read_manifest
from shapes.plan import Plan
from tests.whole.harness import Ended, Running, wait_until

LINE = ("--headless", "--only-summary", "--rps", "20", "--duration", "9s", "--spin", "5ms")
KEYS = (("W", 30), ("s", 29), ("S", 19))
"""What is pressed, and the rate it leads to."""
LEAD_S = 1.0
BUSY_S = 1.5
SLOPE_RPS_PER_S = 100
"""What Locust asks for with a key."""


@dataclass
class Pressed:
    """A run in which keys were pressed, each at a time in seconds from the epoch."""

    ended: Ended
    at_s: list[float]

    @property
    def plans(self) -> list[Plan]:
        return [Plan.from_dict(plan) for plan in self.ended.manifest.plans]

    @property
    def edits(self) -> list[Plan]:
        """The versions of the plan that a key made."""
        pairs = zip(self.plans, self.plans[1:], strict=False)
        return [after for before, after in pairs if after.rates_edited_s > before.rates_edited_s]


@pytest.fixture(scope="module")
def pressed(folder, waiting_worker) -> Pressed:
    keyboard, terminal = pty.openpty()
    running = Running(folder / "keys", *LINE, "--host", waiting_worker.address, stdin=terminal)
    run = running.wait_for_folder()
    at_s = []
    for number, (key, _) in enumerate(KEYS):
        wait_until(lambda due_s=1.5 + 2.0 * number: age_s(run) > due_s)
        os.write(keyboard, key.encode())
        at_s.append(age_s(run))
    ended = running.end()
    os.close(keyboard)
    os.close(terminal)
    return Pressed(ended, at_s)


def age_s(run) -> float:
    return time.monotonic() - Plan.from_dict(read_manifest(run).plans[-1]).epoch_s


def test_each_key_edits_the_rate_once(pressed):
    rates = [
        plan.rates.rate_at(plan.rates_edited_s + 20 / SLOPE_RPS_PER_S) for plan in pressed.edits
    ]
    assert rates == pytest.approx([rate for _, rate in KEYS])


def test_a_key_takes_effect_a_second_after_it_was_pressed(pressed):
    delays_s = [
        plan.rates_edited_s - at_s for plan, at_s in zip(pressed.edits, pressed.at_s, strict=True)
    ]
    assert all(LEAD_S - 0.1 <= delay_s < LEAD_S + BUSY_S for delay_s in delays_s), delays_s


def test_what_was_sent_follows_the_keys(pressed):
    plan = pressed.plans[-1]
    assert [plan.rates.integral(row["intended_s"]) for row in pressed.ended.rows] == pytest.approx(
        [row["k"] for row in pressed.ended.rows], abs=1e-6
    )
    counts = pressed.ended.counts()
    assert counts["ok"] == counts["planned"] > 0
