import pandas as pd

from analysis.metrics.instances import UNNAMED, by_instance


def calls_of(names, status="ok", seq=None):
    n = len(names)
    return pd.DataFrame(
        {
            "status": status,
            "instance_id": pd.Categorical(names),
            "pod": pd.Categorical([f"pod-{name}" for name in names]),
            "instance_seq": seq or list(range(1, n + 1)),
            "latency_s": 0.1,
            "received_s": [float(i) for i in range(n)],
        }
    )


def test_the_busiest_instance_comes_first_with_its_share():
    table = by_instance(calls_of(["a", "b", "b", "b"]))
    assert table["instance_id"].tolist() == ["b", "a"]
    assert table["calls"].tolist() == [3, 1]
    assert table["share"].tolist() == [0.75, 0.25]


def test_answers_that_name_no_instance_are_shown_as_such():
    assert by_instance(calls_of([None, "a", None]))["instance_id"].tolist() == [UNNAMED, "a"]


def test_an_instance_whose_first_call_was_ours_started_in_the_run():
    table = by_instance(calls_of(["old", "new"], seq=[812, 1]))
    assert table.set_index("instance_id")["started_in_run"].to_dict() == {"old": False, "new": True}


def test_without_answers_there_are_no_instances():
    assert by_instance(calls_of(["a", "b"], status="failed")).empty
