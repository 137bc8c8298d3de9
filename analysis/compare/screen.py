"""The first screen of a comparison: the answer, how sure it is, what was left out."""

import numpy as np

from analysis.compare.comparison import Comparison
from analysis.compare.effects import CellEffect, is_overall
from analysis.compare.limits import FAIL, PASS
from analysis.compare.quantities import MEAN, P99, SLOWDOWN, SUCCESS, Quantity
from analysis.compare.wording import nothing_of, say_effect, shortened
from analysis.figures.style import plain
from analysis.statistics.repetitions import FEWEST_REPETITIONS
from verdict.wording import say_many, say_number

_LABEL_WIDTH = 12
_SHOWN = (P99, MEAN, SLOWDOWN, SUCCESS)
_SIGNIFICANT = 0.05
_LONGEST = 160


def render(comparison: Comparison) -> str:
    """Plain text."""
    judged = [f"{one.limit.text}: {one.outcome}, {one.said}" for one in comparison.judged]
    left_out = [plain(text, _LONGEST) for text in comparison.left_out]
    lines = [f"{headline(comparison)}: {_sentence(comparison)}"]
    lines += _labelled("compared", _compared(comparison))
    for quantity in _SHOWN:
        label = quantity.words.removesuffix(" latency").removeprefix("mean ")
        lines += _labelled(label, _quantity(comparison, quantity))
    lines += _labelled("limits", judged)
    lines += _labelled("pairing", [_pairing(comparison)])
    lines += _labelled("warm-up", _warm_up(comparison))
    lines += _labelled("left out", shortened(left_out))
    lines += _labelled("cannot say", _cannot_say(comparison))
    return "\n".join(lines)


def headline(comparison: Comparison) -> str:
    """PASS, FAIL or INCONCLUSIVE; COMPARED without a limit."""
    return comparison.outcome or "COMPARED"


def tone_of(comparison: Comparison) -> str:
    """Colour of the first screen."""
    return {FAIL: "fail", PASS: "pass", "": "pass"}.get(comparison.outcome, "doubt")


def _labelled(label: str, texts: list[str]) -> list[str]:
    return [f"{label if not i else '':<{_LABEL_WIDTH}}{text}" for i, text in enumerate(texts)]


def _sentence(comparison: Comparison) -> str:
    """The p99 where it has an interval, else the mean, else that nothing is known."""
    for quantity in (P99, MEAN):
        found = comparison.answer(quantity.name)
        if found is not None and not found.effect.suppressed:
            where = f", {found.cell}" if len(comparison.cells) > 1 else ""
            finding = _verdict_on(found.effect.low, found.effect.high)
            return f"B's {quantity.words} is {say_effect(found.effect)}{where}: {finding}"
    return "no interval for p99 or mean: nothing may be concluded about B's latency"


def _verdict_on(low: float, high: float) -> str:
    if low > 1:
        return "B is slower"
    return "B is faster" if high < 1 else "no difference was found"


def _compared(comparison: Comparison) -> list[str]:
    simulated = [any(pair.simulated[arm] for pair in comparison.pairs) for arm in (0, 1)]
    a, b = (" (SIMULATED, not measured)" if is_model else "" for is_model in simulated)
    cells, pairs = (
        say_many(len(items), noun)
        for items, noun in ((comparison.cells, "cell"), (comparison.pairs, "pair"))
    )
    return [
        f"A {plain(comparison.a.name, _LONGEST)}{a}",
        f"B {plain(comparison.b.name, _LONGEST)}{b}",
        f"{cells}, {pairs} of runs with the same arrivals",
    ]


def _quantity(comparison: Comparison, quantity: Quantity) -> list[str]:
    own = [found for found in comparison.effects if found.quantity is quantity]
    if not own:
        return []
    answer = comparison.answer(quantity.name)
    lines = [say_effect(answer.effect)] if answer else ["in no stable cell of both"]
    return lines + ([_by_cell(own)] if len(comparison.cells) > 1 else [])


def _by_cell(own: list[CellEffect]) -> str:
    given = [e for e in own if not (is_overall(e) or e.effect.suppressed)]
    sure = [found.effect for found in given if found.p_holm < _SIGNIFICANT]
    more = sum(effect.low > nothing_of(effect) for effect in sure)
    without = sum(not is_overall(e) for e in own) - len(given)
    return (
        f"by cell, Holm over {len(given)}: {more} higher, {len(sure) - more} lower,"
        f" {without} without an interval"
    )


def _pairing(comparison: Comparison) -> str:
    found = comparison.answer(MEAN.name)
    if found is None or np.isnan(found.effect.correlation):
        return "same arrivals; what that is worth is not known here"
    worth = say_number(found.effect.correlation)
    return f"same arrivals; correlation of the mean latencies {worth} (0: pairing gained nothing)"


def _warm_up(comparison: Comparison) -> list[str]:
    warm_ups = [pair.warm_up for pair in comparison.pairs]
    later = [found.used_s for found in warm_ups if found.used_s > found.fixed_s]
    unsure = [found.warning for found in warm_ups if found.mser5_s is None]
    said = []
    if later:
        pairs = say_many(len(later), "pair")
        said.append(f"MSER-5 left out more than was asked for in {pairs}, up to {max(later):.3g} s")
    if unsure:
        said.append(f"in {say_many(len(unsure), 'pair')}: {unsure[0]}")
    return said


def _cannot_say(comparison: Comparison) -> list[str]:
    said = []
    fewest = min(sum(p.place.name == cell for p in comparison.pairs) for cell in comparison.cells)
    if len(comparison.pairs) == 1:
        said.append("what differs from run to run: one pair is two runs")
    if fewest < FEWEST_REPETITIONS:
        said.append(f"percentiles: they need {FEWEST_REPETITIONS} pairs a cell, there are {fewest}")
    notes = dict.fromkeys(pair.said for pair in comparison.pairs if pair.said)
    return said + list(notes)
