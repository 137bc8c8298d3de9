"""Many arrivals into a tally at once: the same counts as one by one, in a fraction of the time."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from records.schema import STATUSES
from records.slots import FAILED, OK, REASONS, Slots, picked
from verdict.tally import Tally, count_key

UNKNOWN = "unknown"


def add_slots(tally: Tally, ended: Slots, texts: Sequence[str]) -> None:
    """Count slots as `Tally.add` counts records.

    Args:
        tally: The tally of their phase.
        ended: Arrivals that are over, or were not sent.
        texts: What their numbers of texts mean.
    """
    if not len(ended):
        return
    _count(tally.statuses, ended["status"], STATUSES)
    is_sent = ~np.isnan(ended["sent_s"])
    _count(tally.unsent, ended["reason"][~is_sent], REASONS)
    sent = picked(ended, is_sent)
    tally.lag.add_many(sent["sent_s"] - sent["intended_s"])
    spins_s = sent["spin_s"][~np.isnan(sent["spin_s"])]
    tally.spin_s += float(spins_s.sum())
    tally.spin_calls += len(spins_s)
    is_ok = (sent["status"] == OK) & ~np.isnan(sent["received_s"])
    _add_successes(tally, picked(sent, is_ok), texts)
    _add_failures(tally, picked(sent, ~is_ok), texts)


def _add_successes(tally: Tally, ok: Slots, texts: Sequence[str]) -> None:
    tally.latency.add_many(ok["received_s"] - ok["intended_s"])
    tally.service.add_many(ok["received_s"] - ok["sent_s"])
    named = picked(ok, ok["instance_id"] >= 0)
    tally.instances.add_many(texts, named["instance_id"], named["sent_s"])
    tally.first_on_instance += int((named["instance_seq"] == 1).sum())
    unknown = np.isnan(ok["worker_wall_s"]) | np.isnan(ok["worker_cpu_s"])
    _add_parts(tally, picked(ok, ~unknown))


def _add_parts(tally: Tally, told: Slots) -> None:
    parts = tally.parts
    wall_s, cpu_s = told["worker_wall_s"], told["worker_cpu_s"]
    parts.calls += len(told)
    parts.lag_s += float((told["sent_s"] - told["intended_s"]).sum())
    parts.network_and_queue_s += float((told["received_s"] - told["sent_s"] - wall_s).sum())
    parts.contention_s += float((wall_s - cpu_s).sum())
    parts.cpu_s += float(cpu_s.sum())
    parts.worker_queue_s += float(np.nansum(told["worker_queue_s"]))


def _add_failures(tally: Tally, others: Slots, texts: Sequence[str]) -> None:
    tally.latency.add_infinite(len(others))
    tally.service.add_infinite(len(others))
    failed = others[others["status"] == FAILED]
    _count(tally.failure_classes, failed["reason"], REASONS)
    _count(tally.failure_codes, failed["code"], texts)


def _count(counts: dict[str, int], numbers: NDArray[Any], names: Sequence[str]) -> None:
    """Count the names that numbers stand for; a negative one for none that is known."""
    found, how_often = np.unique(numbers, return_counts=True)
    for number, count in zip(found.tolist(), how_often.tolist(), strict=True):
        count_key(counts, (names[number] if number >= 0 else "") or UNKNOWN, count)
