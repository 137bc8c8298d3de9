"""Sentences that several parts of a report share."""

from analysis.dataset import RunData
from analysis.metrics.calls import count_by_status
from verdict.wording import say_count, say_many, say_share

NOT_USABLE = "INVALID run, do not use: "
SIMULATED = "Simulated. "


def titled(run: RunData, shows: str, finding: str) -> str:
    """What a figure shows, with its finding; an INVALID run gets a warning and no numbers."""
    title = f"{shows}: {finding}" if run.usable else f"{NOT_USABLE}{shows}"
    return f"{SIMULATED}{title}" if run.simulated else title


def say_sample(run: RunData) -> str:
    """The measured sample and what was left out of it."""
    counts = count_by_status(run.measured)
    parts = [f"n = {say_count(counts['sent'])} sent calls of the measured phase"]
    warm_up = len(run.calls) - len(run.measured)
    if warm_up:
        parts.append(
            f"left out: {say_many(warm_up, 'arrival')} of the warm-up ({run.plan.warm_up_s:g} s)"
        )
    else:
        parts.append("no warm-up was left out")
    if counts["unsent"]:
        parts.append(f"{say_many(counts['unsent'], 'arrival')} never sent")
    return "; ".join(parts) + "."


def say_censored(run: RunData) -> str:
    """How calls without a good answer count; '' when all were answered."""
    counts = count_by_status(run.measured)
    lost = counts["failed"] + counts["unfinished"]
    if not lost:
        return ""
    return (
        f" {say_many(lost, 'call')} ({say_share(lost / counts['sent'])}) failed or did not finish"
        " and count as infinitely late."
    )
