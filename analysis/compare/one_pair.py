"""One pair of runs, reduced to values: the records themselves are not kept."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.compare.comparable import why_not
from analysis.compare.quantities import MEAN, QUANTITIES, SLOWDOWN, SUCCESS
from analysis.compare.sides import Place
from analysis.dataset import RunData
from analysis.statistics.batches import NEAR_SATURATION, is_near_saturation
from analysis.statistics.effect import Difference, Effect
from analysis.statistics.one_pair import one_pair_difference, one_pair_mean_ratio
from analysis.statistics.pairs import no_ratio
from analysis.statistics.warm_up import WarmUp, warm_up_of
from verdict.phase import rate_is_constant

UNSTABLE = {"overload", "censored", "marginal"}


@dataclass(frozen=True)
class Pair:
    """What a comparison keeps of two runs of the same arrivals.

    Attributes:
        place: Cell, arm and repetition.
        run_ids: Of A and B.
        a, b: Values by name of the quantity.
        sent: Calls after the warm-up that were sent, of A and B.
        failed: How many of them did not come back well.
        simulated: Whether A and B are of a model.
        is_stable: Whether the target kept up in both runs.
        warm_up: What was left out of both, and why.
        alone: Effects from this pair alone, by name of the quantity, where there can be any.
        said: What a reader must know of it.
    """

    place: Place
    run_ids: tuple[str, str]
    a: Mapping[str, float]
    b: Mapping[str, float]
    sent: tuple[int, int]
    failed: tuple[int, int]
    simulated: tuple[bool, bool]
    is_stable: bool
    warm_up: WarmUp
    alone: Mapping[str, Effect]
    said: str = ""


def read_pair(place: Place, a: RunData, b: RunData, *, across_model: bool) -> Pair | str:
    """Reduce two runs to what is compared, or say in one line why they must not be."""
    reason = why_not(a, b, across_model=across_model)
    if reason:
        return reason
    warm_up = max(_warm_up(a), _warm_up(b), key=lambda found: (found.used_s, found.warning))
    calls_a, calls_b = (_after(run, warm_up.used_s) for run in (a, b))
    if not (len(calls_a) and len(calls_b)):
        return "nothing was sent after the warm-up"
    same_ideal = a.ideal == b.ideal
    return Pair(
        place=place,
        run_ids=(a.run_id, b.run_id),
        a=_values(a, calls_a, same_ideal=same_ideal),
        b=_values(b, calls_b, same_ideal=same_ideal),
        sent=(len(calls_a), len(calls_b)),
        failed=(_failed(calls_a), _failed(calls_b)),
        simulated=(a.simulated, b.simulated),
        is_stable=not {run.summary["overload"]["level"] for run in (a, b)} & UNSTABLE,
        warm_up=warm_up,
        alone=_alone(a, warm_up.used_s, calls_a, calls_b),
        said="" if same_ideal else "the ideals differ: slowdown is not compared",
    )


def _warm_up(run: RunData) -> WarmUp:
    sent = run.calls[run.calls["latency_s"].notna()].sort_values("intended_s", kind="stable")
    times_s, latencies_s = (sent[name].to_numpy(float) for name in ("intended_s", "latency_s"))
    return warm_up_of(run.plan.warm_up_s, times_s, latencies_s)


def _after(run: RunData, start_s: float) -> pd.DataFrame:
    """The calls that were sent after the warm-up, by number."""
    calls = run.measured
    kept = calls[calls["intended_s"].ge(start_s) & calls["latency_s"].notna()]
    return kept.set_index("k").sort_index()


def _failed(calls: pd.DataFrame) -> int:
    return int(calls["status"].ne("ok").sum())


def _values(run: RunData, calls: pd.DataFrame, *, same_ideal: bool) -> dict[str, float]:
    return {
        quantity.name: quantity.value_of(run, calls)
        for quantity in QUANTITIES
        if same_ideal or "slowdown" not in quantity.name
    }


def _alone(run: RunData, start_s: float, a: pd.DataFrame, b: pd.DataFrame) -> dict[str, Effect]:
    """What this pair alone can say: means by batches of the calls that both sent."""
    both = a.index.intersection(b.index)
    length_s = run.end_s - start_s
    if not rate_is_constant(run.plan, start_s, run.end_s):
        mean: Effect = no_ratio("the rate is not constant: batches are not alike", 1)
    else:
        one, other = (calls.loc[both, "latency_s"].to_numpy(float) for calls in (a, b))
        mean = one_pair_mean_ratio(one, other, length_s)
    one, other = (calls.loc[both, "status"].eq("ok").to_numpy(float) for calls in (a, b))
    success = one_pair_difference(one, other)
    waits = [calls["latency_s"].to_numpy(float) for calls in (a, b)]
    if any(is_near_saturation(values, length_s) for values in waits):
        nan = float("nan")
        success = Difference(success.estimate, nan, nan, nan, 1, nan, NEAR_SATURATION)
    # Where calls have one ideal, slowdown is latency in another unit.
    one_ideal = len(np.unique(a["ideal_s"].dropna())) == 1
    slowdown = {SLOWDOWN.name: mean} if one_ideal else {}
    return {MEAN.name: mean, SUCCESS.name: success, **slowdown}
