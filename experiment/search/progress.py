"""How far a search has come, from its ledger alone: decisions are made again, runs are not."""

from collections.abc import Mapping
from dataclasses import dataclass

from experiment.search.asked import Asked
from experiment.search.decide import next_try
from experiment.search.planned import planned_run, tried_of
from experiment.search.tries import Tried
from records.sweeps.planned import PlannedRun
from records.sweeps.standing import RunStanding


@dataclass(frozen=True)
class Progress:
    """A search part of the way.

    Attributes:
        tried: What is over, in order.
        runs: The same as planned runs, and the next one where the search is not over.
        is_over: Whether nothing is left to try.
    """

    tried: tuple[Tried, ...]
    runs: tuple[PlannedRun, ...]
    is_over: bool


def progress_of(
    asked: Asked, standings: Mapping[str, RunStanding], cores: float | None
) -> Progress:
    """The progress that a ledger's standings show.

    Args:
        asked: The search.
        standings: By run id; runs that nobody began are not there.
        cores: Of what is under load; None where they are not known.
    """
    tried: list[Tried] = []
    runs: list[PlannedRun] = []
    while (what := next_try(asked.aim, tried)) is not None:
        runs.append(planned_run(asked, what, len(runs), cores))
        standing = standings.get(runs[-1].run_id, RunStanding())
        if not standing.is_over:
            return Progress(tuple(tried), tuple(runs), is_over=False)
        tried.append(tried_of(what, standing))
    return Progress(tuple(tried), tuple(runs), is_over=True)
