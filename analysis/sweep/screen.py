"""The first screen of a sweep: the answer, how sure it is, and what has none."""

import math
from collections.abc import Sequence

from analysis.statistics.effect import Ratio
from analysis.statistics.interval import Interval
from analysis.sweep.answers import Answers, not_answered
from analysis.sweep.arms import ArmResult
from analysis.sweep.standing import CLASSES
from shapes.quantities import format_duration
from verdict.wording import say_count, say_many, say_number

_LABEL_WIDTH = 12
_WHERE = {"local": "on local workers", "cluster": "on a cluster"}


def first_screen(answers: Answers) -> str:
    """Plain text, some ten lines."""
    lines = [
        what_was_swept(answers),
        *_labelled("cheapest", _cheapest(answers)),
        *_labelled("laws", _laws(answers)),
        *_labelled("cells", [_say_classes(answers.cells["class"].tolist())]),
        *_labelled("runs", [_runs(answers)]),
        *_labelled("not answered", not_answered(answers)),
    ]
    return "\n".join(lines)


def tone_of(answers: Answers) -> str:
    """The screen's colour: "pass", "doubt" where the sweep is not whole, "fail" without a run."""
    if not answers.study.runs["usable"].any():
        return "fail"
    whole = answers.is_finished and answers.study.runs["usable"].all()
    return "pass" if whole and answers.cheapest is not None else "doubt"


def what_was_swept(answers: Answers) -> str:
    """One sentence: "simulated: 200 cells, 5 repetitions: 1000 runs of 12m"."""
    sweep = answers.study.sweep
    cells = len({run.cell for run in sweep.runs})
    arms = f" x {say_many(len(sweep.arms), 'arm')}" if len(sweep.arms) > 1 else ""
    repetitions = max(run.repetition for run in sweep.runs)
    lengths = sorted({run.duration_s for run in sweep.runs})
    warm_ups = sorted({run.warm_up_s for run in sweep.runs})
    where = "SIMULATED" if answers.study.simulated else _WHERE.get(sweep.ground, sweep.ground)
    return (
        f"{where}: {say_many(cells, 'cell')}{arms} x {say_many(repetitions, 'repetition')},"
        f" {say_many(len(sweep.runs), 'run')} of {_say_durations(lengths)}"
        f" (warm-up of {_say_durations(warm_ups)} left out)"
    )


def _say_durations(values_s: Sequence[float]) -> str:
    return " or ".join(format_duration(value) for value in values_s)


def _cheapest(answers: Answers) -> list[str]:
    arm = answers.cheapest
    if arm is None:
        return _no_cheapest(answers)
    return [f"arm {arm.name} at {say_price(arm)}", _say_met(answers, arm), *_others(answers, arm)]


def _say_met(answers: Answers, arm: ArmResult) -> str:
    """Where an arm meets the checks."""
    if not answers.study.checks:
        return "no checks were asked for"
    checks = say_checks(answers)
    if arm.met == arm.cells:
        return f"meets {checks} in all {say_many(arm.cells, 'cell')}"
    if arm.meets_all and len(answers.arms.arms) > 1:
        return f"meets {checks} in {arm.met} of {arm.cells} cells, wherever any arm does"
    return f"meets {checks} in {arm.met} of {say_many(arm.cells, 'cell')}"


def say_checks(answers: Answers) -> str:
    """The checks of the sweep."""
    return " and ".join(check.text for check in answers.study.checks)


def _no_cheapest(answers: Answers) -> list[str]:
    arms = answers.arms.arms
    met = [f"{arm.name}: {_say_met(answers, arm)}, {say_price(arm)}" for arm in arms]
    if not answers.arms.met_by_any:
        measured = say_many(max((arm.cells for arm in arms), default=0), "measured cell")
        return [f"none: no arm meets {say_checks(answers)} in any of {measured}"] if arms else []
    if not any(arm.meets_all for arm in arms):
        return ["none meets the checks wherever another does", *met]
    return [f"not known, {_why_no_price(answers)}", *met]


def _why_no_price(answers: Answers) -> str:
    if answers.arms.priced or answers.study.usable["pod_seconds"].isna().all():
        return "pods were not watched"
    if answers.study.checks:
        return "all arms have no run in common of a cell where the checks are met"
    return f"no cell is stable{' in all arms' if len(answers.arms.arms) > 1 else ''}"


def _others(answers: Answers, cheapest: ArmResult) -> list[str]:
    found = []
    for arm in answers.arms.arms:
        if arm.name != cheapest.name:
            ratio = answers.arms.price_ratio(cheapest.name, arm.name)
            found.append(
                f"arm {arm.name} costs {say_ratio(ratio)} times as much, {_say_met(answers, arm)}"
            )
    return found


def say_price(arm: ArmResult) -> str:
    """The price of a success with its interval."""
    if not math.isfinite(arm.price):
        return "price not known"
    return f"{say_estimate(arm.price, arm.price_interval)} pod-seconds per success"


def say_estimate(value: float, interval: Interval) -> str:
    """A value with its interval, or why it has none."""
    if not math.isfinite(value):
        return "-"
    if interval.suppressed:
        return f"{say_number(value)} (no interval: {interval.suppressed})"
    return f"{say_number(value)} (95 % {say_number(interval.low)} to {say_number(interval.high)})"


def say_ratio(ratio: Ratio) -> str:
    """A ratio with its interval, or why it has none."""
    if not math.isfinite(ratio.estimate):
        return f"not known ({ratio.suppressed})"
    if ratio.suppressed:
        return f"{say_number(ratio.estimate)} (no interval: {ratio.suppressed})"
    return (
        f"{say_number(ratio.estimate)} (95 % {say_number(ratio.low)} to {say_number(ratio.high)})"
    )


def _laws(answers: Answers) -> list[str]:
    laws = answers.laws
    if laws is None or not laws.cells:
        return []
    worse = ""
    if laws.only_poisson_fails:
        many = say_many(laws.only_poisson_fails, "cell")
        worse = f"; {many} overloaded with Poisson that uniform leaves stable"
    return [
        f"Poisson over uniform, average latency: {say_ratio(laws.mean)} times",
        f"p99: {say_ratio(laws.p99)} times",
        f"over {say_many(laws.cells, 'cell')} stable under both{worse}",
    ]


def _runs(answers: Answers) -> str:
    classes = answers.study.runs["class"].tolist()
    used = int(answers.study.runs["usable"].sum())
    return f"{say_count(used)} used of {say_count(len(classes))}: {_say_classes(classes)}"


def _say_classes(classes: Sequence[str]) -> str:
    counts = [(name, classes.count(name)) for name in CLASSES]
    return ", ".join(f"{say_count(count)} {name}" for name, count in counts if count)


def _labelled(label: str, texts: Sequence[str]) -> list[str]:
    first = f"  {label:<{_LABEL_WIDTH}} "
    return [
        (first if number == 0 else " " * len(first)) + text for number, text in enumerate(texts)
    ]
