"""The answer to one question as text: sentences first, then the figures by name."""

import math
from collections.abc import Callable

from experiment.forecast.answer import Answer
from experiment.forecast.budget import ModelPlan
from experiment.forecast.expected import Expected
from experiment.forecast.idle import goes_to_zero, is_idle
from experiment.forecast.modelled import Modelled
from experiment.forecast.service_words import (
    activator_sentence,
    class_sentence,
    pods_sentence,
)
from experiment.forecast.setting import Setting
from experiment.forecast.spread import (
    FEWEST_REPETITIONS,
    MOST_REPETITIONS,
    Spread,
    half_width_share,
    repetitions_for,
)
from shapes.quantities import format_duration
from verdict.wording import say_count, say_many, say_number, say_share, say_time

SHARE = 0.05
"""The half width that repetitions are counted for."""
_WIDTH = 10


def arithmetic_lines(setting: Setting, found: Expected) -> list[str]:
    """What is known without a model."""
    said = [
        pods_sentence(setting, found),
        class_sentence(setting, found),
        activator_sentence(setting, found),
    ]
    if is_idle(setting, found) and setting.room.fixed is None:
        said.append("The autoscaler has nothing to do at this load.")
    if goes_to_zero(setting) and setting.room.fixed is None:
        said.append(
            "Calls are so rare that the last pod may go between them, and the next call waits for a"
            " pod to start; --min-scale 1 keeps one."
        )
    return said


def p99_sentence(one: Modelled, plan: ModelPlan) -> str:
    """What p99, in a sentence, at the start too."""
    figures = one.figures
    law, first = one.setting.cell.law, one.setting.asked.system.first_pods
    said = f"p99 {_seconds(figures['p99_s'])}, modelled for {law} arrivals"
    if not plan.warm_up_s:
        return f"{said} from a start with {say_many(first, 'pod')}."
    if math.isnan(figures["start_p99_s"].mean):
        return f"{said}."
    start, peak = say_time(figures["start_p99_s"].mean), say_number(figures["pods_peak"].high)
    return (
        f"{said} once the pods are there; in the first {format_duration(plan.warm_up_s)}, from"
        f" {say_many(first, 'pod')}, p99 {start} and up to {peak} pods."
    )


def figure_lines(one: Modelled, answer: Answer, measured_s: float) -> list[str]:
    """The modelled figures by name; in brackets the least and the most over the seeds."""
    figures, plan = one.figures, answer.plan
    rows = [
        ("modelled", _how(one, answer)),
        ("pods", _pods(figures)),
        ("latency", f"p50 {_seconds(figures['p50_s'])}, p99 {_seconds(figures['p99_s'])}"),
        ("slowdown", f"{_slowdown(figures)}, over {format_duration(one.setting.cell.spin_s)}"),
        ("calls", _calls(figures, plan)),
        ("cost", f"{_number(figures['pod_seconds'])} pod-seconds per answered call"),
        ("precision", precision_words(one, plan, measured_s)),
    ]
    return [f"  {name:<{_WIDTH}} {said}" for name, said in rows]


def _how(one: Modelled, answer: Answer) -> str:
    plan = answer.plan
    cut = f", the first {format_duration(plan.warm_up_s)} left out" if plan.warm_up_s else ""
    engine = "in plain Python" if answer.is_plain else "compiled"
    return f"{one.runs} simulated runs of {format_duration(plan.duration_s)}{cut}, {engine}"


def _pods(figures: dict[str, Spread]) -> str:
    least, most = (say_number(figures[name].mean) for name in ("pods_least", "pods_most"))
    return (
        f"mean {_number(figures['pods_mean'])}, from {least} to {most} in a run,"
        f" {_number(figures['pods_peak'])} at the peak of the start"
    )


def _slowdown(figures: dict[str, Spread]) -> str:
    return f"mean {_number(figures['slowdown'])}, p99 {_number(figures['slowdown_p99'])}"


def _calls(figures: dict[str, Spread], plan: ModelPlan) -> str:
    said = f"{_shares(figures['ok'])} answered, {_shares(figures['cold'])} cold-affected"
    if not plan.warm_up_s or math.isnan(figures["start_cold"].mean):
        return said
    return f"{said}; at the start {_shares(figures['start_cold'])} cold-affected"


def precision_words(one: Modelled, plan: ModelPlan, measured_s: float) -> str:
    """What repetitions of the run would tell, and how many are needed."""
    longer = measured_s / (plan.duration_s - plan.warm_up_s)
    calls = round(one.setting.cell.rate_rps * measured_s)
    widths = [
        f"{name} {_width(figure, longer)}"
        for name, figure in (("mean", one.figures["slowdown"]), ("p99", one.figures["p99_s"]))
    ]
    return (
        f"{FEWEST_REPETITIONS} runs with {format_duration(measured_s)} measured"
        f" ({say_count(calls)} calls each): {', '.join(widths)};"
        f" for ±{100 * SHARE:g} % of the p99: {_needed(one.figures['p99_s'], longer)}"
    )


def _width(figure: Spread, longer: float) -> str:
    share = half_width_share(figure, FEWEST_REPETITIONS, longer)
    return "not known" if math.isnan(share) else f"±{100 * share:.2g} %"


def _needed(figure: Spread, longer: float) -> str:
    if math.isnan(figure.sd):
        return "not known"
    needed = repetitions_for(figure, SHARE, longer)
    return f"more than {MOST_REPETITIONS} runs" if needed is None else f"{needed} runs"


def _over_seeds(figure: Spread, say: Callable[[float], str]) -> str:
    low, high, mean = say(figure.low), say(figure.high), say(figure.mean)
    return mean if low == high else f"{mean} ({low} to {high})"


def _seconds(figure: Spread) -> str:
    return _over_seeds(figure, say_time)


def _number(figure: Spread) -> str:
    return _over_seeds(figure, say_number)


def _shares(figure: Spread) -> str:
    return _over_seeds(figure, share_words)


def share_words(share: float) -> str:
    """A share of calls; of no calls there is none."""
    return "not known" if math.isnan(share) else say_share(share)
