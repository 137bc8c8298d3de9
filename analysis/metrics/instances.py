"""Which instances answered."""

import pandas as pd

UNNAMED = "(no instance named)"


def by_instance(calls: pd.DataFrame) -> pd.DataFrame:
    """Answered calls of each instance, busiest first.

    Returns:
        Columns `instance_id`, `pod`, `calls`, `share`, `median_latency_s`, `first_answer_s` and
        `started_in_run` (its very first call was one of this run's).
    """
    answered = calls[calls["status"].eq("ok")]
    named = answered.assign(instance_id=answered["instance_id"].astype(object).fillna(UNNAMED))
    grouped = named.groupby("instance_id", sort=False)
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
    return ordered.rename_axis("instance_id").reset_index()
