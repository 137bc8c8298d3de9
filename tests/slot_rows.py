"""Rows as slots and as what `CallRecord` says of them, for tests that compare the two."""

import numpy as np
from hypothesis import strategies as st

from records.schema import FAILURE_CLASSES, STATUSES, UNSENT_REASONS, CallRecord
from records.slots import ENDED, NO_NUMBER, NO_TEXT, NO_TIME, SENT, SLOT

METHOD, MEMBER, WARM_UP_S = "/spin.v1.Spinner/Spin", "local", 2.0
REASONS = FAILURE_CLASSES + UNSENT_REASONS
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


lengths_s = st.floats(0.0, 5.0)
some_text = st.sampled_from(["a", "b", "naïve", "worker-00001-x", ""])
codes = st.none() | st.sampled_from(["OK", "UNAVAILABLE", "INTERNAL"])


@st.composite
def rows(draw, k):
    """A row that an engine may leave."""
    intended_s = draw(st.floats(0.0, 700.0))
    shared = {
        "k": k,
        "phase": "warm-up" if intended_s < WARM_UP_S else "measured",
        "member": MEMBER,
        "intended_s": intended_s,
    }
    status = draw(st.sampled_from(STATUSES))
    if status == "unsent":
        reason = draw(st.sampled_from(UNSENT_REASONS))
        return CallRecord(**shared, method="", status=status, failure_class=reason)
    sent_s = intended_s + draw(lengths_s)
    return CallRecord(
        **shared,
        method=METHOD,
        sent_s=sent_s,
        received_s=None if status == "unfinished" else sent_s + draw(lengths_s),
        status=status,
        code=draw(codes),
        failure_class=None if status == "ok" else draw(st.sampled_from(FAILURE_CLASSES)),
        detail=draw(st.none() | some_text),
        instance_id=draw(st.none() | some_text),
        pod=draw(st.none() | some_text),
        **{name: draw(st.none() | lengths_s) for name in TIMES},
        **{name: draw(st.none() | st.integers(0, 2**31 - 1)) for name in NUMBERS},
    )


@st.composite
def many_rows(draw, most=40):
    """Rows of several arrivals, each once."""
    return [draw(rows(k)) for k in range(draw(st.integers(0, most)))]
