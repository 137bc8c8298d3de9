"""What is known of a run when it is judged: plain numbers, no files and no plans."""

from dataclasses import dataclass

from verdict.run_context import RunContext


@dataclass(frozen=True)
class Counts:
    """Arrivals of a phase, by what became of them.

    Attributes:
        planned: As the plan says, not as the records add up.
    """

    planned: int
    sent: int
    unsent: int
    ok: int
    failed: int
    unfinished: int

    @property
    def disagreement(self) -> int:
        """Arrivals by which the two invariants are off; 0 in a run whose books balance."""
        return abs(self.planned - self.sent - self.unsent) + abs(
            self.sent - self.ok - self.failed - self.unfinished
        )


@dataclass(frozen=True)
class LawFit:
    """How far what was sent is from the law of the plan.

    Attributes:
        law: The law's text, as "bursty:3".
        judged_on: "gaps", or "0.1-s counts" where the mean gap is under 1 ms.
        measure: "D" (Kolmogorov-Smirnov) or "CV" (equidistant).
        distance: The measure's value.
        p_value: Probability of such a distance under the law; None for the equidistant law.
        n: Gaps or counts it was computed from.
    """

    law: str
    judged_on: str
    measure: str
    distance: float
    p_value: float | None
    n: int


@dataclass(frozen=True)
class Steadiness:
    """Whether the mean latency of the measured phase stands still.

    Attributes:
        change: Share by which the mean changes when the unsettled part is left out, or the drift
            over the second half where it never settles; 0 when steady.
        settled_s: When it settled, seconds from the epoch; None when steady from the start or when
            it never did.
        why_not_judged: The reason when it could not be judged; then `change` is 0.
    """

    change: float = 0.0
    settled_s: float | None = None
    why_not_judged: str | None = None


@dataclass(frozen=True)
class Overload:
    """Whether the target kept up: a finding about it, never a fault of the run.

    Attributes:
        level: "stable", "marginal", "overload", "censored" (so many calls failed or did not finish
            that the p99 is not reached, without signs of overload) or "not judged".
        why: One sentence; empty when stable.
        backlog_rps: Growth of the calls in flight, a second; None when not judged.
    """

    level: str
    why: str
    backlog_rps: float | None


@dataclass(frozen=True)
class InstanceShare:
    """How the replies were spread over the instances that gave them.

    Attributes:
        instances: How many instances replied.
        top_share: Share of the one with most replies.
        others_present: Mean share of the measured phase that the others were there: as their
            replies tell, or where the pods were watched the share with two or more ready.
        ready: The most pods that were ready at once; None where nobody watched.
    """

    instances: int
    top_share: float
    others_present: float
    ready: int | None = None


@dataclass(frozen=True)
class RunFacts:
    """All a rule may look at.

    Attributes:
        whole: Counts of the whole run.
        measured: Counts of the measured phase (by intended time).
        unsent_by_reason: Over the whole run.
        repeated: Rows of arrivals that have more than one, from the files; 0 when not visible.
        lag_p99_s: Of the measured phase; NaN when nothing was sent.
        lag_limit_s: Above it the lag is SUSPECT.
        stalled_share: Share of the measured arrivals sent later than `stall_s`.
        mean_gap_s: Mean time between two sends of the merged process; inf when unknown.
        law: None when too few arrivals were sent to tell.
        littles_residual: None when not judged.
    """

    context: RunContext
    whole: Counts
    measured: Counts
    unsent_by_reason: dict[str, int]
    repeated: int
    lag_p99_s: float
    lag_limit_s: float
    stall_s: float
    stalled_share: float
    mean_gap_s: float
    law: LawFit | None
    littles_residual: float | None
    steadiness: Steadiness
    overload: Overload
    instances: InstanceShare
