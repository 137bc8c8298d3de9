"""What a sweep says, put together once for the first screen, the page and its tables."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from analysis.statistics.repetitions import FEWEST_REPETITIONS
from analysis.sweep.arms import ArmResult, ArmsCompared, compare_arms
from analysis.sweep.cells import cells_of
from analysis.sweep.claims import Claim, claims_of
from analysis.sweep.laws import LawsCompared, compare_laws
from analysis.sweep.standing import MISSING, OVERLOAD, SKIPPED, STABLE
from analysis.sweep.study import Study
from records.sweeps.ledger import FINISHED
from verdict.wording import say_many


@dataclass(frozen=True)
class Answers:
    """All findings of one sweep."""

    study: Study

    @cached_property
    def cells(self) -> pd.DataFrame:
        """One row per cell and arm."""
        return cells_of(self.study.runs)

    @cached_property
    def laws(self) -> LawsCompared | None:
        """Poisson against uniform; None where the sweep has not both."""
        return compare_laws(self.study.runs, self.cells)

    @cached_property
    def arms(self) -> ArmsCompared:
        """The arms side by side."""
        names = [arm.name for arm in self.study.sweep.arms]
        return compare_arms(self.study.runs, self.cells, names)

    @cached_property
    def claims(self) -> list[Claim]:
        """The original's claims."""
        return claims_of(self.study.runs, self.cells, self.laws)

    @property
    def cheapest(self) -> ArmResult | None:
        """The cheapest of the arms that meet the checks in each of their cells.

        None where no arm does, or where nobody watched the pods.
        """
        priced = [arm for arm in self.arms.arms if arm.meets_all and arm.price == arm.price]
        return min(priced, key=lambda arm: arm.price, default=None)

    @property
    def is_finished(self) -> bool:
        """Whether the sweep came to its end."""
        return any(entry.event == FINISHED for entry in self.study.disk.entries)


def not_answered(answers: Answers) -> list[str]:
    """What the sweep cannot tell, each with the reason, the most general first."""
    return [sentence for find in _GAPS for sentence in find(answers)]


def _unfinished(answers: Answers) -> Iterator[str]:
    classes = answers.study.runs["class"]
    missing, skipped = int(classes.eq(MISSING).sum()), int(classes.eq(SKIPPED).sum())
    if missing:
        why = "given up or not counted" if answers.is_finished else "the sweep has not ended"
        yield f"what {say_many(missing, 'missing run')} would say: {why}"
    if skipped:
        yield f"what happens in overload: {say_many(skipped, 'run')} skipped as it was asked"


def _repetitions(answers: Answers) -> Iterator[str]:
    planned = max((run.repetition for run in answers.study.sweep.runs), default=0)
    most = int(answers.cells["repetitions"].max())
    if most == 0:
        yield "anything: no run can be used"
    elif most < FEWEST_REPETITIONS:
        asked = f" of {planned} planned" if planned > most else ""
        noun = say_many(most, "repetition")
        yield f"how sure the numbers are: {noun}{asked}, an interval takes {FEWEST_REPETITIONS}"


def _stability(answers: Answers) -> Iterator[str]:
    if answers.laws is None:
        yield "what the law of arrivals does: the sweep has not both uniform and Poisson"
    elif not answers.laws.cells:
        yield "what the law of arrivals does: no cell is stable under both laws"
    if not answers.cells["class"].eq(STABLE).any():
        yield "how slowdown depends on rate and spin: no cell is stable"


def _checks(answers: Answers) -> Iterator[str]:
    if not answers.study.checks:
        yield "which arm is good enough: the sweep has no checks"
    if len(answers.study.sweep.arms) == 1:
        yield "whether other settings are cheaper: there is one arm"


def _autoscaler(answers: Answers) -> Iterator[str]:
    usable = answers.study.usable
    if not len(usable):
        return
    if usable["pod_seconds"].isna().all():
        yield "what a success costs, and how pods scale: nobody watched pods"
    elif _pods_never_changed(usable):
        yield "how the autoscaler does: it was never exercised, the number of pods never changed"


def _pods_never_changed(usable: pd.DataFrame) -> bool:
    watched = usable[usable["pods_most"].notna()]
    same = watched["pods_start"].eq(watched["pods_most"])
    return bool(len(watched) and (same & watched["pods_end"].eq(watched["pods_most"])).all())


def _cores(answers: Answers) -> Iterator[str]:
    if answers.cells["rho"].isna().all():
        yield "how near to saturation the cells were: the cores are not known"
    early = int((answers.cells["class"].eq(OVERLOAD) & (answers.cells["rho"] < 1)).sum())
    if early:
        yield (
            f"why {say_many(early, 'cell')} below rho = 1 could not keep up: the cores had other"
            " work, or calls take more than their spin"
        )


def _calibration(answers: Answers) -> Iterator[str]:
    ideals = answers.study.usable["ideal"].dropna().astype(str)
    if ideals.str.startswith("the requested").any():
        yield "what a call takes alone: no calibration was made, slowdown is over the asked spin"


_GAPS = (
    _unfinished,
    _repetitions,
    _stability,
    _checks,
    _autoscaler,
    _cores,
    _calibration,
)
