"""What the simulator says of settings, with its spread over seeds."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

from experiment.forecast.budget import ModelPlan
from experiment.forecast.engine import Job, simulate_all
from experiment.forecast.modelled_run import RunFigures
from experiment.forecast.setting import Setting, changed
from experiment.forecast.spread import Spread, spread_of

FIGURES = tuple(field.name for field in fields(RunFigures))


@dataclass(frozen=True)
class Modelled:
    """One setting.

    Attributes:
        setting: Which.
        figures: By name of a figure (`RunFigures`).
    """

    setting: Setting
    figures: dict[str, Spread]


def modelled(plan: ModelPlan, seconds: float, *, is_plain: bool) -> list[Modelled]:
    """What came of the plan's settings, but those that time did not allow.

    Args:
        plan: What to model.
        seconds: When no further run begins.
        is_plain: Whether to leave the simulator uncompiled.

    Raises:
        SimulatorError: when a setting cannot be simulated.
    """
    jobs = [
        Job(changed(one.values, _length(plan)), seed)
        for one in plan.settings
        for seed in range(1, plan.seeds + 1)
    ]
    found = simulate_all(jobs, seconds, is_plain=is_plain)
    runs = [found[at : at + plan.seeds] for at in range(0, len(found), plan.seeds)]
    return [
        Modelled(one, _spreads([run for run in own if run is not None]))
        for one, own in zip(plan.settings, runs, strict=True)
        if None not in own
    ]


def _length(plan: ModelPlan) -> dict[str, float]:
    return {"duration": plan.duration_s, "warm_up": plan.warm_up_s}


def _spreads(runs: Sequence[RunFigures]) -> dict[str, Spread]:
    return {name: spread_of([getattr(run, name) for run in runs]) for name in FIGURES}
