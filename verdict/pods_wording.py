"""The pods of a run in words: a line or two of the first screen."""

from collections.abc import Mapping
from typing import Any

from verdict.wording import say_many, say_number, say_share, say_time

Summary = Mapping[str, Any]
BLOCK = "replicas"
"""Of a summary, made by `verdict/pods_seen.py`; absent or None where nobody watched."""


def pods_lines(summary: Summary) -> list[str]:
    """What was seen of the pods and who replied: one line where nobody watched, else two."""
    seen, replied = summary.get(BLOCK), _replied(summary)
    if seen is None:
        return [f"{summary['context']['pods'] or 'not watched'}; {replied}"]
    return [_seen(seen), f"{_cold(seen)}; {replied}"]


def _replied(summary: Summary) -> str:
    count = summary["instances"]["count"]
    if not count:
        return "the replies name no instance"
    cold = summary["cold"]
    first = cold["first_on_instance"]
    said = f"{say_many(first, 'first call')} ({say_share(cold['share'])})" if first else "none anew"
    return f"{say_many(count, 'instance')} replied, {said}"


def _seen(seen: Mapping[str, Any]) -> str:
    forecast = seen["forecast"]
    beside = "" if forecast is None else f"; forecast {forecast}"
    pods = f"{_count(seen['start'])} → {_count(seen['end'])}"
    texts = [f"{pods} (at most {_count(seen['most'])} ready{beside})", _cost(seen)]
    if seen["gap_s"]:
        texts.append(f"{say_time(seen['gap_s'])} not seen")
    return ", ".join(texts)


def _count(pods: int | None) -> str:
    return "?" if pods is None else str(pods)


def _cost(seen: Mapping[str, Any]) -> str:
    if seen["why_not"]:
        return str(seen["why_not"])
    if seen["per_success"] is None:
        return f"{say_number(seen['pod_seconds'])} pod-seconds and no success"
    about = "about " if seen["gap_s"] else ""
    return f"{about}{say_number(seen['per_success'])} pod-seconds per success"


def _cold(seen: Mapping[str, Any]) -> str:
    cold = seen["cold"]
    if cold is None or not cold["sent"]:
        return "cold-affected calls not known"
    affected, sent = cold["affected"], cold["sent"]
    said = f"{say_share(affected / sent)} cold-affected"
    details = [f"{say_many(affected, 'call')} waited for pods"] if affected else []
    if cold["unknown"]:
        details.append(f"up to {say_share((affected + cold['unknown']) / sent)}: not known of all")
    return f"{said} ({'; '.join(details)})" if details else said
