"""One small function a reason: facts in, a finding or None out. Limits are in `limits.py`."""

from collections.abc import Callable
from dataclasses import dataclass

from shapes.laws import TRACE
from verdict.facts import Counts, RunFacts
from verdict.limits import LAW_P_VALUE, LIMITS
from verdict.wording import say_count, say_many, say_number, say_share, say_time

SMALLEST_LAW_SAMPLE = 20
OTHERS_PRESENT = 0.2


@dataclass(frozen=True)
class Finding:
    """One reason to distrust the run.

    Attributes:
        reason: Its name in the table of limits.
        level: "SUSPECT" or "INVALID".
        said: What was found, with its numbers.
        remedy: What to do.
        value: The compared quantity.
    """

    reason: str
    level: str
    said: str
    remedy: str
    value: float


def _finding(reason: str, value: float, said: str, hint: str = "") -> Finding | None:
    limit = LIMITS[reason]
    level = limit.level_of(value)
    if level is None:
        return None
    return Finding(reason, level, said, hint or limit.remedy, value)


def nothing_sent(facts: RunFacts) -> Finding | None:
    """A run whose measured phase sent nothing says nothing."""
    said = f"nothing was sent in the measured phase ({_say_unsent(facts)})"
    return _finding("nothing-sent", int(facts.measured.sent == 0), said)


def counts_disagree(facts: RunFacts) -> Finding | None:
    """The books must balance: planned = sent + unsent; sent = ok + failed + unfinished."""
    whole = facts.whole
    off = whole.disagreement + facts.measured.disagreement + facts.repeated
    said = (
        f"planned {say_count(whole.planned)}, but sent {say_count(whole.sent)} + unsent"
        f" {say_count(whole.unsent)}; of the sent: ok {say_count(whole.ok)} + failed"
        f" {say_count(whole.failed)} + unfinished {say_count(whole.unfinished)};"
        f" recorded twice {say_count(facts.repeated)}"
    )
    return _finding("counts-disagree", off, said)


def records_not_written(facts: RunFacts) -> Finding | None:
    """Without its records a run cannot be looked at again."""
    error = facts.context.record_error
    return _finding(
        "records-not-written", int(error is not None), f"records were not written: {error}"
    )


def planned_vs_sent(facts: RunFacts) -> Finding | None:
    """The target must have met the load that was planned.

    One arrival is the finest a count can tell: alone it is never INVALID,
    and in 100 or more it is not even SUSPECT.
    """
    worst = max((facts.measured, facts.whole), key=_unsent_share)
    share = _unsent_share(worst)
    if worst.unsent == 1:
        share = 0.0 if share <= _invalid_share() else _invalid_share()
    said = (
        f"planned {say_count(worst.planned)}, sent {say_count(worst.sent)}: "
        f"{say_share(_unsent_share(worst))} not sent ({_say_unsent(facts)})"
    )
    return _finding("planned-vs-sent", share, said)


def _invalid_share() -> float:
    return LIMITS["planned-vs-sent"].invalid or 0.0


def _unsent_share(counts: Counts) -> float:
    return counts.unsent / counts.planned if counts.planned else 0.0


def _say_unsent(facts: RunFacts) -> str:
    reasons = sorted(facts.unsent_by_reason.items(), key=lambda item: -item[1])
    return ", ".join(f"{reason}: {say_count(n)}" for reason, n in reasons) or "no reason recorded"


def lag(facts: RunFacts) -> Finding | None:
    """The generator's own lateness must be small against what is measured."""
    said = f"lag p99 {say_time(facts.lag_p99_s)}, limit {say_time(facts.lag_limit_s)}"
    return _finding("lag", facts.lag_p99_s / facts.lag_limit_s, said)


def generator_stall(facts: RunFacts) -> Finding | None:
    """A freeze that the p99 of the lag does not see still shifts the p99 of the latency."""
    calls = round(facts.stalled_share * facts.measured.sent)
    share = facts.stalled_share if calls > 1 else 0.0
    said = f"{say_many(calls, 'arrival')} sent more than {say_time(facts.stall_s)} late"
    return _finding("generator-stall", share, said)


def arrival_law(facts: RunFacts) -> Finding | None:
    """What was sent must follow the random law of the plan."""
    fit = facts.law
    if fit is None or fit.p_value is None or fit.p_value >= LAW_P_VALUE:
        return None
    said = (
        f"the {fit.judged_on} as sent are not {fit.law}: D {say_number(fit.distance)}"
        f" (p {fit.p_value:.0e}, n {say_count(fit.n)})"
    )
    return _finding("arrival-law", fit.distance, said)


def arrival_spacing(facts: RunFacts) -> Finding | None:
    """What was sent must be spaced as the plan is: equidistant, or as a trace has it."""
    fit = facts.law
    if fit is None or fit.p_value is not None or fit.n < SMALLEST_LAW_SAMPLE:
        return None
    spacing = "as the trace has them" if fit.law == TRACE else "equidistant"
    said = (
        f"the {fit.judged_on} as sent are not {spacing}: CV {say_number(fit.distance)}"
        f" (n {say_count(fit.n)})"
    )
    return _finding("arrival-spacing", fit.distance, said)


def member_lost(facts: RunFacts) -> Finding | None:
    """A lost member takes its last records with it and shifts load to the others."""
    lost = facts.context.members_lost
    return _finding("member-lost", lost, f"{say_many(lost, 'member')} lost during the run")


def clock_error(facts: RunFacts) -> Finding | None:
    """Members send by the conductor's clock as they know it."""
    error_s = facts.context.clock_error_s
    return _finding("clock-error", error_s, f"clock error up to {say_time(error_s)}")


def clock_error_spacing(facts: RunFacts) -> Finding | None:
    """Equidistant arrivals of several members are as regular as their clocks agree."""
    context = facts.context
    equidistant = facts.law is not None and facts.law.p_value is None
    if not equidistant or context.members <= 1:
        return None
    share = context.clock_error_s / facts.mean_gap_s
    said = (
        f"clock error up to {say_time(context.clock_error_s)},"
        f" {say_share(share)} of the mean gap of {say_time(facts.mean_gap_s)}"
    )
    return _finding("clock-error-spacing", share, said)


def late_plan(facts: RunFacts) -> Finding | None:
    """A plan known too late was not followed from its first moment."""
    late = facts.context.late_plans
    return _finding(
        "late-plan", late, f"{say_many(late, 'plan')} reached a member after taking effect"
    )


def engine_died(facts: RunFacts) -> Finding | None:
    """What was under way is unfinished, and what fell due before its successor sent is late."""
    deaths = facts.context.engine_deaths
    hangs = facts.context.engine_hangs
    hung = f" ({hangs} hung and {'was' if hangs == 1 else 'were'} killed)" if hangs else ""
    said = f"{say_many(deaths, 'engine')} died during the run{hung}"
    return _finding("engine-died", deaths, said)


def generator_cpu(facts: RunFacts) -> Finding | None:
    """A generator without CPU to spare measures itself."""
    cpu = facts.context.generator_cpu
    if cpu is None:
        return None
    return _finding("generator-cpu", cpu, f"the generator used {say_share(cpu)} of its core")


def littles_law(facts: RunFacts) -> Finding | None:
    """In flight = rate x time in the system, whatever the target does."""
    residual = facts.littles_residual
    if residual is None:
        return None
    return _finding("littles-law", residual, f"Little's law is off by {say_share(residual)}")


def not_steady(facts: RunFacts) -> Finding | None:
    """Means over a phase that has not settled mix the transient with the result."""
    steady = facts.steadiness
    if steady.settled_s is None:
        said = f"the latency never settled: it drifts by {say_share(steady.change)}"
        return _finding("not-steady", steady.change, said, "use a longer --duration")
    said = (
        f"the latency settled only {say_time(steady.settled_s)} after the start;"
        f" without that part its mean changes by {say_share(steady.change)}"
    )
    hint = f"repeat with --warm-up {_round_up_s(steady.settled_s)}s or longer"
    return _finding("not-steady", steady.change, said, hint)


def _round_up_s(seconds: float) -> int:
    step = 10 if seconds > 20 else 1  # noqa: PLR2004 - a round number where a second means little
    return step * -int(-seconds // step)


def client_queueing(facts: RunFacts) -> Finding | None:
    """A call that waits in the client for a stream is not open-loop load."""
    queued = facts.context.queued_client_side
    share = queued / facts.whole.sent if facts.whole.sent and queued > 1 else 0.0
    said = f"{say_many(queued, 'call')} waited in the client for a free stream ({say_share(share)})"
    return _finding("client-queueing", share, said)


def one_instance(facts: RunFacts) -> Finding | None:
    """Replicas that get no requests are not part of the experiment."""
    spread = facts.instances
    there = spread.instances if spread.ready is None else spread.ready
    if there <= 1 or spread.others_present < OTHERS_PRESENT:
        return None
    which = "instances" if spread.ready is None else "ready pods"
    said = f"one of {there} {which} gave {say_share(spread.top_share)} of the replies"
    return _finding("one-instance", spread.top_share, said)


RULES: tuple[Callable[[RunFacts], Finding | None], ...] = (
    nothing_sent,
    counts_disagree,
    records_not_written,
    planned_vs_sent,
    lag,
    generator_stall,
    arrival_law,
    arrival_spacing,
    member_lost,
    clock_error,
    clock_error_spacing,
    late_plan,
    engine_died,
    generator_cpu,
    littles_law,
    not_steady,
    client_queueing,
    one_instance,
)
