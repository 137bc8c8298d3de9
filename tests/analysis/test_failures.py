import numpy as np
import pandas as pd

from analysis.metrics.failures import by_class, over_time

CALLS = pd.DataFrame(
    {
        "status": ["ok", "failed", "failed", "unsent", "unfinished", "failed"],
        "failure_class": [None, "refused", "deadline", "lease", "cancelled", "refused"],
        "code": ["OK", "UNAVAILABLE", "DEADLINE_EXCEEDED", None, "CANCELLED", "UNAVAILABLE"],
        "intended_s": [0.0, 1.0, 2.0, 11.0, 12.0, 13.0],
    }
)


def test_classes_are_counted_most_frequent_first_with_when_they_came():
    table = by_class(CALLS)
    first = table.iloc[0]
    assert (first["failure_class"], first["code"], first["calls"]) == ("refused", "UNAVAILABLE", 2)
    assert (first["first_s"], first["last_s"]) == (1.0, 13.0)
    assert table["calls"].sum() == 5


def test_a_missing_code_keeps_its_row():
    assert "-" in by_class(CALLS)["code"].tolist()


def test_over_time_each_row_falls_in_the_window_of_its_intended_time():
    table = over_time(CALLS, np.array([0.0, 10.0]), 10.0)
    assert table["refused"].tolist() == [1, 1]
    assert table["deadline"].tolist() == [1, 0]
    assert table[["unsent", "unfinished"]].to_numpy().tolist() == [[0, 0], [1, 1]]


def test_categories_without_rows_do_not_appear():
    texts = CALLS.assign(**{name: CALLS[name].astype("category") for name in CALLS.columns[:3]})
    assert len(by_class(texts)) == 4


def test_nothing_failed_gives_empty_tables():
    fine = CALLS.iloc[:1]
    assert by_class(fine).empty
    assert over_time(fine, np.array([0.0]), 10.0).columns.tolist() == ["t_s"]
