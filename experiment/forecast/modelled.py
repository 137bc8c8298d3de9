"""What the simulator says of settings, with its spread over seeds."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from random import Random

from experiment.forecast.budget import ModelPlan
from experiment.forecast.engine import Job, simulate_all
from experiment.forecast.modelled_run import RunFigures
from experiment.forecast.setting import Setting, changed
from experiment.forecast.spread import Spread, spread_of

FEWEST_RUNS = 2
FIGURES = tuple(field.name for field in fields(RunFigures))


@dataclass(frozen=True)
class Modelled:
    """One setting.

    Attributes:
        setting: Which.
        runs: Simulated runs of it that were done in time.
        figures: By name of a figure (`RunFigures`).
    """

    setting: Setting
    runs: int
    figures: dict[str, Spread]


def modelled(plan: ModelPlan, seconds: float, *, is_plain: bool) -> list[Modelled]:
    """What came of the plan's settings, but those that time did not allow two runs of.

    Args:
        plan: What to model.
        seconds: When all is ended but the first setting, which gets a minute.
        is_plain: Whether to leave the simulator uncompiled.

    Raises:
        SimulatorError: when a setting cannot be simulated.
    """
    # In an order without one: where time is up early, what is done is spread over the grid.
    order = Random(0).sample(range(len(plan.settings)), len(plan.settings))  # noqa: S311
    jobs = [job for place in order for job in _jobs(plan, plan.settings[place])]
    found = simulate_all(jobs, seconds, at_least=plan.seeds, is_plain=is_plain)
    runs = {place: found[n * plan.seeds : (n + 1) * plan.seeds] for n, place in enumerate(order)}
    done = [[run for run in runs[place] if run is not None] for place in range(len(order))]
    return [
        Modelled(one, len(own), _spreads(own))
        for one, own in zip(plan.settings, done, strict=True)
        if len(own) >= FEWEST_RUNS
    ]


def _jobs(plan: ModelPlan, setting: Setting) -> list[Job]:
    values = changed(setting.values, _length(plan))
    first = 1 if values.seed is None else values.seed
    return [Job(values, first + n) for n in range(plan.seeds)]


def _length(plan: ModelPlan) -> dict[str, float]:
    return {"duration": plan.duration_s, "warm_up": plan.warm_up_s}


def _spreads(runs: Sequence[RunFigures]) -> dict[str, Spread]:
    return {name: spread_of([getattr(run, name) for run in runs]) for name in FIGURES}
