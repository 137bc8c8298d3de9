"""What one run cannot tell, said beside its numbers."""

import math
from collections.abc import Mapping
from typing import Any

from verdict.rules import SMALLEST_LAW_SAMPLE
from verdict.wording import say_many, say_share

ENOUGH_IN_THE_TAIL = 10


def cannot_tell(summary: Mapping[str, Any]) -> list[str]:
    """Sentences, the most general first."""
    said = [
        "how far another run would differ: repeat with 5 seeds for an interval",
        _tail(summary),
        _one_unsent(summary),
        _law(summary),
        _steadiness(summary),
    ]
    return [sentence for sentence in said if sentence]


def _tail(summary: Mapping[str, Any]) -> str | None:
    sent = summary["counts"]["measured"]["sent"]
    beyond = math.floor(sent * 0.01)
    if beyond >= ENOUGH_IN_THE_TAIL or not sent:
        return None
    lie = "lies" if beyond == 1 else "lie"
    return (
        f"how long the tail is: {beyond or 'none'} of {say_many(sent, 'call')} {lie} beyond the p99"
    )


def _one_unsent(summary: Mapping[str, Any]) -> str | None:
    whole = summary["counts"]["all"]
    if whole["unsent"] != 1:
        return None
    reason = next(iter(summary["unsent_by_reason"]), "no reason recorded")
    share = say_share(1 / whole["planned"])
    return f"whether the 1 arrival not sent ({reason}, {share}) is a rule or an accident"


def _steadiness(summary: Mapping[str, Any]) -> str | None:
    if summary["overload"]["level"] == "overload":
        return "how long calls take: in overload that grows with the length of the run"
    why = summary["steadiness"]["why_not_judged"]
    return f"whether the latency was steady: {why}" if why else None


def _law(summary: Mapping[str, Any]) -> str | None:
    law = summary["law"]
    if law is None or law["n"] < SMALLEST_LAW_SAMPLE:
        return f"whether the arrivals followed the law: fewer than {SMALLEST_LAW_SAMPLE} gaps"
    if law["judged_on"] != "gaps":
        return (
            f"the spacing of single arrivals: only {law['judged_on']} were judged, true above 1 ms"
        )
    return None
