from tests.simulator.autoscaler.golden import decisions, load_sequences


def test_every_average_and_decision_equals_that_of_knatives_own_code():
    made = [row for spec, seconds in load_sequences() for row in decisions(spec, seconds)]

    assert [(theirs, ours) for theirs, ours, _ in made if theirs != ours] == []
    assert len(made) == 18_000


def test_the_golden_data_is_rich_in_panic():
    made = [row for spec, seconds in load_sequences() for row in decisions(spec, seconds)]

    assert sum(in_panic for _, _, in_panic in made) > 5000
