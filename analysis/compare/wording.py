"""Effects in words."""

from analysis.compare.effects import CellEffect
from analysis.compare.quantities import RATIO
from analysis.statistics.effect import Effect, Ratio
from verdict.wording import say_many, say_number, say_share, say_time

_MOST_LINES = 5


def say_effect(effect: Effect) -> str:
    """How large, how sure: "1.2 times A's (95 % interval 1.1 to 1.31), over 5 pairs"."""
    size = say_size(effect)
    if effect.suppressed:
        return f"{size}; no interval: {effect.suppressed}"
    over = say_many(effect.pairs, "pair")
    return f"{size} (95 % interval {say_bounds(effect)}), over {over}"


def say_size(effect: Effect) -> str:
    """The estimate alone."""
    if isinstance(effect, Ratio):
        known = effect.estimate == effect.estimate
        return f"{say_number(effect.estimate)} times A's" if known else "no ratio"
    return f"{say_points(effect.estimate)} percentage points"


def say_bounds(effect: Effect) -> str:
    """Both ends of the interval."""
    say = say_number if isinstance(effect, Ratio) else say_points
    return f"{say(effect.low)} to {say(effect.high)}"


def say_points(share: float) -> str:
    """A difference of shares in percentage points, with its sign."""
    return f"{100 * share:+.2g}" if share else "0"


def say_value(found: CellEffect, value: float) -> str:
    """A value of one arm in its unit."""
    name = found.quantity.name
    if found.quantity.kind != RATIO:
        return say_share(value)
    is_latency = not name.startswith(("slowdown", "pods", "cost"))
    return say_time(value) if is_latency else say_number(value)


def shortened(lines: list[str]) -> list[str]:
    """No more than a few lines, and how many more there are."""
    more = len(lines) - _MOST_LINES
    return lines if more <= 0 else [*lines[:_MOST_LINES], f"and {more} more"]


def nothing_of(effect: Effect) -> float:
    """What stands for no effect at all."""
    return 1.0 if isinstance(effect, Ratio) else 0.0
