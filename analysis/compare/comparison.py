"""Two sides, compared: everything that page, terminal, JUnit and step summary are made from."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from analysis.compare.effects import CellEffect, effects_of, is_overall
from analysis.compare.limits import FAIL, INCONCLUSIVE, PASS, Judged, Limit, judge
from analysis.compare.one_pair import Pair, read_pair
from analysis.compare.sides import Place, Side, pairs_of, read_side
from analysis.dataset import read_run
from analysis.errors import AnalysisError


@dataclass(frozen=True)
class Comparison:
    """What came of it.

    Attributes:
        a, b: The sides.
        pairs: Those that were compared.
        left_out: Why others were not, one line each.
        effects: By quantity and cell.
        judged: The limits.
    """

    a: Side
    b: Side
    pairs: Sequence[Pair]
    left_out: Sequence[str]
    effects: Sequence[CellEffect]
    judged: Sequence[Judged] = field(default_factory=tuple)

    @property
    def outcome(self) -> str:
        """The gravest outcome of the limits; "" without any."""
        outcomes = {one.outcome for one in self.judged}
        return next((name for name in (FAIL, INCONCLUSIVE, PASS) if name in outcomes), "")

    @property
    def cells(self) -> list[str]:
        """Names of the cells."""
        return list(dict.fromkeys(pair.place.name for pair in self.pairs))

    def answer(self, name: str) -> CellEffect | None:
        """The effect of a quantity over all stable cells, or in the only cell; None for neither."""
        own = [found for found in self.effects if found.quantity.name == name]
        if len(self.cells) > 1:
            own = [found for found in own if is_overall(found)]
        return own[0] if own else None


def compare(
    a: str, b: str, limits: Sequence[Limit] = (), *, across_model: bool = False
) -> Comparison:
    """Compare two runs, two sweeps, or two arms.

    Args:
        a: What B is compared with, as `read_side` takes it.
        b: What is compared.
        limits: Of `--fail-if`.
        across_model: Whether what is simulated may stand against what was measured.

    Raises:
        AnalysisError: when nothing of them may be compared; the line says why.
    """
    side_a, side_b = read_side(a), read_side(b)
    places = pairs_of(side_a, side_b)
    pairs, left_out = _read(side_a, side_b, places, across_model=across_model)
    left_out += _lonely(side_a, side_b)
    effects = effects_of(pairs)
    judged = [judge(limit, effects) for limit in limits]
    return Comparison(side_a, side_b, pairs, left_out, effects, judged)


def _read(
    a: Side, b: Side, places: Sequence[Place], *, across_model: bool
) -> tuple[list[Pair], list[str]]:
    pairs: list[Pair] = []
    left_out: list[str] = []
    for place in places:
        found = _pair(a, b, place, across_model=across_model)
        if isinstance(found, Pair):
            pairs.append(found)
        else:
            left_out.append(f"{_named(place)}{found}")
    if not pairs:
        more = f" (so do {len(left_out) - 1} more pairs)" if len(left_out) > 1 else ""
        raise AnalysisError(f"{a.name} and {b.name} cannot be compared: {left_out[0]}{more}")
    return pairs, left_out


def _pair(a: Side, b: Side, place: Place, *, across_model: bool) -> Pair | str:
    if not a.is_sweep:
        runs = read_run(a.folders[place]), read_run(b.folders[place])
        return read_pair(place, *runs, across_model=across_model)
    try:
        runs = read_run(a.folders[place]), read_run(b.folders[place])
    except AnalysisError as error:  # one run of many
        return str(error)
    return read_pair(place, *runs, across_model=across_model)


def _named(place: Place) -> str:
    return f"{place.name}, repetition {place.repetition}: " if place.name else ""


def _lonely(a: Side, b: Side) -> list[str]:
    said = []
    for side in (a, b):
        said += [f"{side.name}: {run_id} has no finished run" for run_id in side.unfinished]
    for side, other in ((a, b), (b, a)):
        alone = [place for place in side.folders if place not in other.folders]
        said += [f"{_named(place)}only in {side.name}" for place in alone]
    return said
