"""What keeps two runs from being compared."""

from collections.abc import Callable, Iterator

from analysis.dataset import RunData
from verdict.asked import asked_of_target

_SENT_BY = {"host", "grpc_timeout", "spin", "call", "ksvc", "url", "connections"}
"""Of a plan's request: what has its own line here, or may differ between arms."""


def why_not(a: RunData, b: RunData, *, across_model: bool = False) -> str:
    """Why the runs must not be compared, in one line; "" where they may.

    Args:
        a: One run.
        b: The other.
        across_model: Whether a simulated run may stand against a measured one.
    """
    return next(_reasons(a, b, across_model=across_model), "")


def _reasons(a: RunData, b: RunData, *, across_model: bool) -> Iterator[str]:
    for side, run in (("A", a), ("B", b)):
        if not run.usable:
            yield f"{side} ({run.run_id}) is INVALID: {_gravest(run)}"
    if a.simulated != b.simulated and not across_model:
        simulated = "A" if a.simulated else "B"
        yield f"{simulated} is simulated and the other was measured; --across-model allows it"
    for name, value_of in _MUST_AGREE.items():
        if value_of(a) != value_of(b):
            yield f"the {name} differs: {value_of(a)} in A, {value_of(b)} in B"


def _gravest(run: RunData) -> str:
    findings = run.summary["verdict"]["findings"]
    return str(findings[0]["said"]) if findings else "it must not be used"


def _rate(run: RunData) -> str:
    segments = run.plan.rates.segments
    if len(segments) == 1 and segments[0].slope_rps_per_s == 0:
        return f"{segments[0].rate_rps:g} rps"
    return "; ".join(f"{s.rate_rps:g} rps from {s.start_s:g} s" for s in segments)


def _deadline(run: RunData) -> str:
    return "none" if run.deadline_s is None else f"{run.deadline_s:g} s"


def _request(run: RunData) -> str:
    rest = {key: value for key, value in run.plan.request.items() if key not in _SENT_BY}
    return ", ".join(f"{key} {rest[key]}" for key in sorted(rest)) or "nothing more"


_MUST_AGREE: dict[str, Callable[[RunData], str]] = {
    "law of arrivals": lambda run: run.law.text,
    "rate": _rate,
    "call": lambda run: asked_of_target(run.plan.request)["call"] or "spin",
    "spin": lambda run: asked_of_target(run.plan.request)["spin"] or "none",
    "request": _request,
    "deadline": _deadline,
    "length": lambda run: f"{run.end_s:g} s",
    "warm-up": lambda run: f"{run.plan.warm_up_s:g} s",
    "seed": lambda run: str(run.plan.seed),
}
"""In the order in which the first that differs is told: the arrivals of both must be the same."""
