import pytest

from analysis.dataset import read_run
from analysis.report.facts import what_was_run
from tests.analysis.scaled import scaled_run

KNATIVE = {
    "service": {"name": "worker", "annotations": {"autoscaling.knative.dev/max-scale": "4"}},
    "config": {"config-autoscaler": {"stable-window": "60s", "max-scale": "0"}},
    "versions": {"kubernetes": "v1.34.4"},
}


@pytest.fixture
def facts(tmp_path):
    run = read_run(scaled_run(tmp_path / "run", knative=KNATIVE))
    return dict(what_was_run(run).itertuples(index=False))


@pytest.mark.parametrize(
    ("fact", "said"),
    [
        ("Knative Service", "name worker, annotations autoscaling.knative.dev/max-scale 4"),
        ("config-autoscaler", "stable-window 60s, max-scale 0"),
        ("cluster", "kubernetes v1.34.4"),
    ],
)
def test_knatives_settings_are_facts_in_plain_words(facts, fact, said):
    assert facts[fact] == said


def test_no_fact_shows_a_value_as_the_program_has_it(facts):
    assert not [said for said in facts.values() if "{" in said]
