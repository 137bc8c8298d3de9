"""How a sweep was made and how its report counts."""

import math

from analysis.report.method import paragraphs
from analysis.sweep.answers import Answers
from records.sweeps.ledger import RESUMED
from verdict.wording import say_count, say_many, say_number, say_time

_RULES = """
A run is INVALID when the generator or its records failed; it is in no figure, and its reason is in
the table of runs. A run is generator-limited when the load was not offered as planned. Overload
(the backlog grows, or calls time out) and censored (more than 1 % fail otherwise) are findings
about the target: these cells have no average and no percentile of their own, for both grow with
the length of the run, or would be of survivors. What failed counts as infinitely late: a p99 that
lies beyond the deadline reads 'at least the deadline, censored'.

Ratios, trends and averages over the grid are of stable cells only. A cell is stable when all of its
usable runs are. A run whose latency still rose or fell after its warm-up is marginal, and so is one
whose load is all that the cores can do (rho of 1 and more): what its start left never drains.

Poisson and uniform cannot share arrivals. Their runs pair by repetition; the answer for the grid is
the mean log ratio over cells, averaged within each repetition first, with Student's t interval
over repetitions. The map of ratios is Holm-adjusted over its cells. Arms share arrivals: the
same seed gives the same calls.

A trend is the slope of log slowdown on log rate (or spin) of each line of stable cells, averaged
over lines within a repetition. A claim is CONFIRMED when the whole 95 % interval is on its side,
REFUTED when all of it is on the other, BOUNDED when the interval holds no effect, or only one
below 1 %. Repetitions are the ones that most cells have in common.

An arm meets the checks in a cell when each usable run of the cell meets all of them. Its price is
pod-seconds over calls that came back well, summed over the cells in which an arm meets the checks.
"""


def method_of(answers: Answers) -> list[str]:
    """Paragraphs: this sweep's own facts, the rules of the report, the definitions."""
    own = [_order(answers), _cuts(answers), _effective(answers), _calibration(answers)]
    rules = [" ".join(text.split()) for text in _RULES.strip().split("\n\n")]
    return [text for text in own if text] + rules + paragraphs()


def _order(answers: Answers) -> str:
    sweep = answers.study.sweep
    blocks = len({run.block for run in sweep.runs})
    resumed = sum(entry.event == RESUMED for entry in answers.study.disk.entries)
    again = f" The sweep was interrupted and resumed {resumed} times." if resumed else ""
    retried = sum(standing.attempts > 1 for standing in answers.study.disk.standings.values())
    twice = f" {say_many(retried, 'run')} took more than one attempt." if retried else ""
    return (
        f"Order: {say_many(blocks, 'complete block')}, each with every cell in every arm once, in"
        f" an order drawn from seed {sweep.seed}; the order is in sweep.json.{again}{twice}"
    )


def _cuts(answers: Answers) -> str:
    usable = answers.study.usable
    if usable.empty:
        return ""
    cuts = sorted(usable["warm_up_s"].unique())
    later = usable[usable["mser5_s"] > usable["warm_up_s"]]
    never = int(usable["mser5_s"].isna().sum())
    said = f"Cuts: the warm-up of {' or '.join(f'{cut:g} s' for cut in cuts)} is left out."
    worst = f", at the latest at {say_time(float(later['mser5_s'].max()))}" if len(later) else ""
    return (
        f"{said} MSER-5 on the latencies would cut later in {say_count(len(later))} of"
        f" {say_count(len(usable))} runs{worst}; in {say_count(never)} it finds no steady part, as"
        " in overload, with failures, or with too few calls. The runs table has it as mser5_s."
    )


def _effective(answers: Answers) -> str:
    usable = answers.study.usable
    known = usable[usable["effective_n"].notna() & usable["sent"].gt(0)]
    if known.empty:
        return ""
    shares = known["effective_n"] / known["sent"]
    return (
        "Effective sample size: successive latencies depend on each other; the calls of a run are"
        f" worth {say_number(float(shares.quantile(0.1)))} to"
        f" {say_number(float(shares.quantile(0.9)))} times as many independent ones (10 % to 90 %"
        f" of {say_count(len(known))} runs), which is why intervals are over repetitions."
    )


def _calibration(answers: Answers) -> str:
    calibration = answers.study.calibration
    ideals = sorted(set(answers.study.usable["ideal"].dropna()))
    source = f"Ideal: {' and '.join(ideals)}." if ideals else ""
    if not calibration:
        return source
    how = calibration.get("how")
    facts = ", ".join(f"{key} {_plain(value)}" for key, value in how.items()) if how else ""
    return f"{source} Calibrated before the sweep{f' ({facts})' if facts else ''}."


def _plain(value: object) -> str:
    if isinstance(value, float) and math.isfinite(value):
        return say_number(value)
    return str(value)
