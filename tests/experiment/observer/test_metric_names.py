from pathlib import Path

import pytest

from experiment.observer.metric_names import read_page

DATA = Path(__file__).parent / "data"
OF_TODAY = (DATA / "metrics-from-1.19.txt").read_text()
OLD = (DATA / "metrics-up-to-1.18.txt").read_text()


def values(text, service="worker", namespace="loadtest"):
    readings = list(read_page(text, namespace, service))
    assert len({each.name for each in readings}) == len(readings)
    return {each.name.removeprefix("kn_revision_"): each.value for each in readings}


def test_a_page_from_1_19_on_is_read_under_its_names():
    assert values(OF_TODAY) == {
        "pods_desired": 4,
        "pods_requested": 4,
        "pods_count": 2,
        "pods_not_ready_count": 2,
        "pods_pending_count": 0,
        "pods_terminating_count": 0,
        "capacity_excess": -207,
        "concurrency_stable": 1.5166666666666666,
        "concurrency_panic": 3.8,
        "concurrency_target": 0.7,
        "panic_mode": 1,
    }


def test_a_page_up_to_1_18_is_read_under_the_names_of_today():
    assert values(OLD) == {
        "pods_desired": 38,
        "pods_requested": 3,
        "pods_count": 3,
        "pods_not_ready_count": 0,
        "pods_pending_count": 0,
        "pods_terminating_count": 0,
        "capacity_excess": -208,
        "concurrency_stable": 14.749328,
        "concurrency_panic": 0,
        "concurrency_target": 0.7,
        "panic_mode": 1,
    }


def test_rates_are_named_without_the_unit_that_the_exporter_adds():
    found = values(OF_TODAY, "by-rate")
    assert {name: found[name] for name in found if name.startswith("rps")} == {
        "rps_stable": 12.5,
        "rps_panic": 14,
        "rps_target": 140,
    }


@pytest.mark.parametrize("text", [OF_TODAY, OLD], ids=["from-1.19", "up-to-1.18"])
def test_each_value_has_its_revision_and_other_services_are_left_out(text):
    assert {each.revision for each in read_page(text, "loadtest", "worker")} == {"worker-00001"}
    assert list(read_page(text, "nowhere", "worker")) == []


def test_a_federated_page_with_times_and_labels_of_its_own_is_read():
    line = (
        'kn_revision_panic_mode{instance="10.0.0.7:9090",job="autoscaler",'
        'k8s_namespace_name="loadtest",kn_revision_name="worker-00002",kn_service_name="worker"} '
        "0 1795619475000\n"
    )
    [reading] = read_page(line, "loadtest", "worker")
    assert reading == ("worker-00002", "kn_revision_panic_mode", 0.0)


def test_a_page_without_our_metrics_has_no_values():
    assert list(read_page("<html>not found</html>", "loadtest", "worker")) == []


def test_a_torn_page_is_refused():
    with pytest.raises(ValueError):
        list(read_page('kn_revision_panic_mode{k8s_namespace_name="load', "loadtest", "worker"))
