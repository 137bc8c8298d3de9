"""What every figure of a sweep says of its sample."""

from analysis.figures.style import Caption
from analysis.statistics.repetitions import FEWEST_REPETITIONS
from analysis.sweep.answers import Answers
from analysis.sweep.standing import CLASSES
from verdict.wording import say_count, say_many

SIMULATED = "Simulated. "


def caption(answers: Answers, title: str, note: str, *, bands: bool = False) -> Caption:
    """Title and note with n, repetitions and what was left out.

    Args:
        answers: Of the sweep.
        title: What the figure shows.
        note: How to read it.
        bands: Whether it shows intervals over repetitions.
    """
    simulated = SIMULATED if answers.study.simulated else ""
    said = f"{_sample(answers)} {_intervals(answers) if bands else ''}{note}"
    return Caption(f"{simulated}{title}", said)


def _sample(answers: Answers) -> str:
    usable = answers.study.usable
    return (
        f"{say_many(len(usable), 'run')}, n = {say_count(int(usable['sent'].sum()))} sent calls of"
        f" the measured phases; {_repetitions(answers)}{_left_out(answers)}."
    )


def _repetitions(answers: Answers) -> str:
    counts = answers.cells.loc[answers.cells["repetitions"].gt(0), "repetitions"]
    if counts.empty:
        return "no repetition of any cell"
    fewest, most = int(counts.min()), int(counts.max())
    number = str(most) if fewest == most else f"{fewest} to {most}"
    return f"{number} repetition{'' if number == '1' else 's'} a cell"


def _left_out(answers: Answers) -> str:
    out = answers.study.runs.loc[~answers.study.runs["usable"], "class"].tolist()
    if not out:
        return "; no run was left out"
    reasons = ", ".join(f"{out.count(name)} {name}" for name in CLASSES if name in out)
    return f"; {say_many(len(out), 'run')} left out ({reasons})"


def _intervals(answers: Answers) -> str:
    most = int(answers.cells["repetitions"].max())
    if most < FEWEST_REPETITIONS:
        return f"No intervals: they take {FEWEST_REPETITIONS} repetitions. "
    return "Bands and bars: 95 % t intervals over repetitions. "
