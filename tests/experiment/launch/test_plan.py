"""A run before it begins."""

import pytest

from experiment.knative.service import service_facts
from experiment.knative.ways import Way
from experiment.launch.locust_options import LocustOptions
from experiment.launch.plan import RunThere, make_plan

SERVICE = service_facts(
    {"metadata": {"namespace": "shop", "name": "quote-" + "x" * 50}, "spec": {}}, {}
)


def plan(results=None, way=Way("10.0.0.1:80", "quote.shop.test"), **values):  # noqa: B008
    return make_plan(SERVICE, LocustOptions(values, ()), way, results)


def test_a_run_is_named_for_its_service_in_so_many_letters_as_a_label_has(tmp_path):
    name = plan(tmp_path).run_id
    assert "-quote-xxx" in name
    assert len(name) <= 63


def test_the_generator_is_told_the_way_that_was_found(tmp_path):
    assert plan(tmp_path).way_arguments == (
        "--host=10.0.0.1:80",
        "--authority=quote.shop.test",
        "--insecure=yes",
    )


@pytest.mark.parametrize("host", ["quote.shop.svc.cluster.local:80", "grpcs://quote.shop.test:443"])
def test_a_way_that_is_private_needs_no_leave(tmp_path, host):
    assert plan(tmp_path, Way(host)).way_arguments == (f"--host={host}",)


def test_a_way_that_was_given_is_not_told_again(tmp_path):
    assert plan(tmp_path, host="10.0.0.1:80").way_arguments == ()


def test_a_name_that_is_taken_is_refused(tmp_path):
    (tmp_path / "run1").mkdir()
    with pytest.raises(RunThere, match="run1 exists already"):
        plan(tmp_path, run_id="run1")


def test_a_name_that_is_none_is_refused(tmp_path):
    with pytest.raises(RunThere, match="--run-id: "):
        plan(tmp_path, run_id="../x")


def test_records_are_where_the_options_say_unless_the_command_says_otherwise(tmp_path):
    assert str(plan(records="there").folder.parent) == "there"
    assert plan(tmp_path, records="there").folder.parent == tmp_path
