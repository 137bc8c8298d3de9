"""The slowdown of the project that this one grew from, so that both can be read side by side.

Its script divides the mean latency of a (law, rate), all spins pooled, by the smallest latency of
the whole log. With spins of 100 ms to 1 s that is 550 / 100 = 5.5 where no call ever waits: the
number says how the spins were chosen and next to nothing about queueing. It is wrong because

- calls of different length share one denominator, that of the shortest;
- the denominator is a minimum, an extreme value that falls as a sweep grows;
- calls that failed are left out, so that overload looks like calm;
- latency begins when the call was sent, so that a late generator hides waiting.
"""

import math

import pandas as pd

PUBLISHED = (5.5, 7.2)
"""The slowdowns that it published, by this definition."""


def original_slowdown(runs: pd.DataFrame) -> pd.DataFrame:
    """The original's definition on our records. For comparison only.

    Args:
        runs: Usable runs, with `law`, `rate_rps`, `ok`, `answered_sum_s` and `answered_min_s`.

    Returns:
        `law`, `rate_rps`, `slowdown`.
    """
    smallest_s = float(runs["answered_min_s"].min()) if len(runs) else math.nan
    sums = runs.groupby(["law", "rate_rps"])[["answered_sum_s", "ok"]].sum().reset_index()
    mean_s = sums["answered_sum_s"] / sums["ok"].where(sums["ok"] > 0)
    return sums.assign(slowdown=mean_s / smallest_s)[["law", "rate_rps", "slowdown"]]
