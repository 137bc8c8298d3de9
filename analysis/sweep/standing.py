"""The class of a run and of a cell: may its numbers be used, and did the target keep up?"""

from collections.abc import Mapping, Sequence
from typing import Any

STABLE, MARGINAL, OVERLOAD, CENSORED = "stable", "marginal", "overload", "censored"
GENERATOR_LIMITED, NOT_JUDGED = "generator-limited", "not judged"
INVALID, SKIPPED, MISSING = "invalid", "skipped", "missing"
CLASSES = (
    STABLE,
    MARGINAL,
    OVERLOAD,
    CENSORED,
    GENERATOR_LIMITED,
    NOT_JUDGED,
    INVALID,
    SKIPPED,
    MISSING,
)
"""In the order in which reports list them."""
UNSTEADY = (OVERLOAD, CENSORED)
"""Their latency has no mean: it grows with the length of the run, or is one of survivors."""

_WORST_FIRST = (OVERLOAD, CENSORED, GENERATOR_LIMITED, MARGINAL, NOT_JUDGED, STABLE)
_OF_THE_GENERATOR = {
    "planned-vs-sent",
    "lag",
    "generator-stall",
    "generator-cpu",
    "client-queueing",
    "late-plan",
}
_NOT_STEADY = "not-steady"
_DO_NOT_USE = "INVALID"


def class_of_run(level: str, overload: str, findings: Sequence[Mapping[str, Any]]) -> str:
    """The class of a run that has records.

    Overload is a finding about the target and stays one where the generator was late as well; but
    what an INVALID run says of its target is worth nothing. A run whose latency still rose or fell
    after its warm-up is marginal: its averages are of its length.

    Args:
        level: VALID, SUSPECT or INVALID.
        overload: Of the target, as the verdict has it.
        findings: Of the verdict, each with `reason` and `level`.
    """
    if level == _DO_NOT_USE:
        faults = {finding["reason"] for finding in findings if finding["level"] == _DO_NOT_USE}
        return GENERATOR_LIMITED if faults <= _OF_THE_GENERATOR else INVALID
    reasons = {finding["reason"] for finding in findings}
    if overload in UNSTEADY:
        return overload
    if reasons & _OF_THE_GENERATOR:
        return GENERATOR_LIMITED
    return MARGINAL if overload == STABLE and _NOT_STEADY in reasons else overload


def class_of_cell(classes: Sequence[str], usable: Sequence[bool]) -> str:
    """The worst class of the runs that may be used; without any, what most of them are."""
    used = {name for name, may in zip(classes, usable, strict=True) if may}
    if not used:
        return max(sorted(set(classes)), key=list(classes).count)
    return next(name for name in _WORST_FIRST if name in used)
