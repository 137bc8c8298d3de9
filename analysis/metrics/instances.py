"""Which instances answered."""

import pandas as pd

UNNAMED = "(no instance named)"

_COLUMNS = ["instance_id", "pod", "latency_s", "received_s", "instance_seq"]


def by_instance(calls: pd.DataFrame) -> pd.DataFrame:
    """Answered calls of each instance, busiest first.

    Returns:
        Columns `instance_id`, `pod`, `calls`, `share`, `median_latency_s`, `first_answer_s` and
        `started_in_run` (its very first call was one of this run's).
    """
    answered = calls.loc[calls["status"].eq("ok"), _COLUMNS]
    named = answered.assign(instance_id=_named(answered["instance_id"]))
    grouped = named.groupby("instance_id", sort=False, observed=True)
    frame = pd.DataFrame(
        {
            "pod": grouped["pod"].first().astype(object),
            "calls": grouped.size(),
            "share": grouped.size() / max(len(named), 1),
            "median_latency_s": grouped["latency_s"].median(),
            "first_answer_s": grouped["received_s"].min(),
            "started_in_run": grouped["instance_seq"].min().eq(1),
        }
    )
    ordered = frame.sort_values(["calls", "first_answer_s"], ascending=[False, True])
    ordered.index = ordered.index.astype(object)
    return ordered.rename_axis("instance_id").reset_index()


def _named(instances: pd.Series) -> pd.Series:
    """Ids with a word for those that are missing; categories stay categories: they are small."""
    if not isinstance(instances.dtype, pd.CategoricalDtype):
        return instances.fillna(UNNAMED)
    known = instances.cat.remove_unused_categories()
    return known.cat.add_categories([UNNAMED]).fillna(UNNAMED) if known.hasnans else known
