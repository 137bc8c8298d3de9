"""Rows as slots and as what `CallRecord` says of them, for tests that compare the two."""

import numpy as np
import pytest
from hypothesis import strategies as st

from records.schema import FAILURE_CLASSES, STATUSES, UNSENT_REASONS, CallRecord
from records.slots import ENDED, NO_NUMBER, NO_TEXT, NO_TIME, REASONS, SENT, SLOT

METHOD, MEMBER, WARM_UP_S = "/spin.v1.Spinner/Spin", "local", 2.0
TEXTS = ("code", "instance_id", "pod", "detail")
TIMES = ("spin_s", "worker_queue_s", "worker_wall_s", "worker_cpu_s", "throttled_s")
NUMBERS = ("http_status", "instance_seq", "channel", "request_bytes", "reply_bytes")


def slots_of(records):
    """Rows as an engine would leave them: (slots of kind ENDED, texts)."""
    slots, texts = np.zeros(len(records), SLOT), []
    for slot, record in zip(slots, records, strict=True):
        _fill(slot, record, texts)
    return slots, texts


def sent_slots_of(records):
    """The sends among them, in their order."""
    slots, _ = slots_of([record for record in records if record.sent_s is not None])
    slots["kind"] = SENT
    return slots


def _fill(slot, record, texts):
    slot["kind"], slot["k"], slot["intended_s"] = ENDED, record.k, record.intended_s
    slot["status"] = STATUSES.index(record.status)
    slot["reason"] = REASONS.index(record.failure_class) if record.failure_class else NO_NUMBER
    for name in ("sent_s", "received_s", *TIMES):
        value = getattr(record, name)
        slot[name] = NO_TIME if value is None else value
    for name in NUMBERS:
        value = getattr(record, name)
        slot[name] = NO_NUMBER if value is None else value
    for name in TEXTS:
        slot[name] = _number(getattr(record, name), texts)


def _number(text, texts):
    if text is None:
        return NO_TEXT
    if text not in texts:
        texts.append(text)
    return texts.index(text)


CODES = (None, "OK", "UNAVAILABLE", "INTERNAL")
SOME_TEXTS = (None, "a", "b", "na\u00efve", "worker-00001-x", "")


def many_rows(most=40):
    """Rows of arrivals in the order of their sends, each late by less than 1.5 s."""
    # Drawn from a seed: hypothesis would take minutes to shrink twenty values a row.
    return st.builds(random_rows, st.integers(0, 2**32 - 1), st.integers(0, most))


def random_rows(seed, count):
    """So many rows, of every status, over some minutes."""
    chance = np.random.default_rng(seed)
    intended_s = np.cumsum(chance.exponential(chance.choice([0.01, 1.0, 15.0]), count))
    rows = [_row(chance, k, at_s) for k, at_s in enumerate(intended_s.tolist())]
    return sorted(rows, key=lambda row: row.sent_s or row.intended_s)


def _row(chance, k, intended_s):
    shared = {
        "k": k,
        "phase": "warm-up" if intended_s < WARM_UP_S else "measured",
        "member": MEMBER,
        "intended_s": intended_s,
    }
    status = _one_of(chance, STATUSES)
    if status == "unsent":
        reason = _one_of(chance, UNSENT_REASONS)
        return CallRecord(**shared, method="", status=status, failure_class=reason)
    sent_s = intended_s + chance.random() * 1.5
    return CallRecord(
        **shared,
        method=METHOD,
        sent_s=sent_s,
        received_s=None if status == "unfinished" else sent_s + chance.random() * 5,
        status=status,
        code=_one_of(chance, CODES),
        failure_class=None if status == "ok" else _one_of(chance, FAILURE_CLASSES),
        **{name: _one_of(chance, SOME_TEXTS) for name in ("detail", "instance_id", "pod")},
        **{name: _one_of(chance, (None, 0.0, chance.random())) for name in TIMES},
        **{name: _one_of(chance, (None, 0, 1, 2**31 - 1)) for name in NUMBERS},
    )


def _one_of(chance, values):
    return values[chance.integers(len(values))]


def nearly(values):
    """Equal but for the last bits of sums that were made in another order."""
    if isinstance(values, dict):
        return {name: nearly(value) for name, value in values.items()}
    if isinstance(values, list | tuple):
        return type(values)(nearly(value) for value in values)
    return pytest.approx(values, rel=1e-9, abs=1e-9) if isinstance(values, float) else values
