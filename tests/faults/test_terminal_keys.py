"""Locust's keys in the terminal (w, W, s, S: users up and down) edit the rate of a run."""

import os
import pty
from dataclasses import dataclass
from functools import cached_property

import pytest

from shapes.plan import Plan
from tests.faults.harness import (
    assert_arrivals_follow_the_rate,
    edits,
    plan_time_s,
    wait_for_plan_time,
)
from tests.whole.harness import Ended, Running

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

    @cached_property
    def edits(self) -> list[Plan]:
        return edits(self.ended.folder)


@pytest.fixture(scope="module")
def pressed(folder, target) -> Pressed:
    keyboard, terminal = pty.openpty()
    running = Running(folder / "keys", *LINE, "--host", target.address, stdin=terminal)
    run = running.wait_for_folder()
    at_s = []
    for number, (key, _) in enumerate(KEYS):
        wait_for_plan_time(run, 1.5 + 2.0 * number)
        os.write(keyboard, key.encode())
        at_s.append(plan_time_s(run))
    ended = running.end()
    os.close(keyboard)
    os.close(terminal)
    return Pressed(ended, at_s)


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
    assert_arrivals_follow_the_rate(pressed.ended.folder)
    counts = pressed.ended.counts()
    assert counts["ok"] == counts["planned"] > 0
