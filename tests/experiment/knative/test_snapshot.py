import pytest

from experiment.knative.defaults import DEFAULTS, effective
from experiment.knative.service import service_facts
from experiment.knative.snapshot import cores_of, snapshot
from experiment.resources import CONFIG_MAPS, DEPLOYMENTS, NODES
from verdict.pods_needed import pod_target

SYSTEM = "knative-serving"
VERSION = {"app.kubernetes.io/version": "1.15.2"}
SERVICE = {
    "metadata": {"namespace": "loadtest", "name": "worker"},
    "spec": {"template": {"spec": {"containers": [{"image": "worker"}]}}},
}
FACTS = service_facts(SERVICE, {})


def put_config_map(api, name, labels=None, **data):
    values = {key.replace("_", "-"): value for key, value in data.items()}
    metadata = {"name": name, "labels": labels or {}}
    api.put(CONFIG_MAPS.path(SYSTEM), {"metadata": metadata, "data": values})


@pytest.fixture
def installed(api):
    put_config_map(api, "config-autoscaler", VERSION, stable_window="30s")
    for name in set(DEFAULTS) - {"config-autoscaler"}:
        put_config_map(api, name)
    api.texts["/version"] = b'{"gitVersion": "v1.34.4"}'
    return api


def test_the_values_in_force_are_those_given_and_the_defaults(installed, cluster):
    config = snapshot(cluster, FACTS)["config"]
    assert config["config-autoscaler"]["stable-window"] == "30s"
    assert config["config-autoscaler"]["target-burst-capacity"] == "211"
    assert set(config) == set(DEFAULTS)


def test_versions_of_knative_and_of_kubernetes_are_noted(installed, cluster):
    assert snapshot(cluster, FACTS)["versions"] == {"knative": "1.15.2", "kubernetes": "v1.34.4"}


def test_the_service_is_in_it_as_its_facts_say(installed, cluster):
    assert snapshot(cluster, FACTS)["service"] == FACTS.for_manifest()


def test_what_may_not_be_read_says_so_and_all_else_is_there(installed, cluster):
    installed.refuse(CONFIG_MAPS.path(SYSTEM, "config-autoscaler"), 403, "forbidden")
    config = snapshot(cluster, FACTS)["config"]
    said = "no permission to get configmaps config-autoscaler in namespace knative-serving"
    assert config["config-autoscaler"] == {"not_read": said}
    assert config["config-network"]["rollout-duration"] == "0"


def test_without_any_permission_it_is_still_a_snapshot(api, cluster):
    for name in DEFAULTS:
        api.refuse(CONFIG_MAPS.path(SYSTEM, name), 403, "forbidden")
    api.refuse(DEPLOYMENTS.path(SYSTEM, "autoscaler"), 403, "forbidden")
    taken = snapshot(cluster, FACTS)
    assert taken["versions"] == {"knative": None, "kubernetes": None}
    assert all("not_read" in values for values in taken["config"].values())


def test_the_version_is_asked_of_the_autoscaler_where_config_maps_have_no_label(installed, cluster):
    put_config_map(installed, "config-autoscaler")
    autoscaler = {"metadata": {"name": "autoscaler", "labels": VERSION}}
    installed.put(DEPLOYMENTS.path(SYSTEM), autoscaler)
    assert snapshot(cluster, FACTS)["versions"]["knative"] == "1.15.2"


def test_the_example_in_a_config_map_is_no_value():
    given = {"_example": "stable-window: 1s", "stable-window": "30s"}
    values = effective("config-autoscaler", given)
    assert values["stable-window"] == "30s"
    assert "_example" not in values


def test_an_old_key_is_noted_by_its_name_of_today():
    values = effective("config-network", {"ingress.class": "kourier"})
    assert values["ingress-class"] == "kourier"
    assert "ingress.class" not in values


def test_the_time_to_the_first_byte_follows_the_timeout_that_was_set():
    values = effective("config-defaults", {"revision-timeout-seconds": "90"})
    assert values["revision-response-start-timeout-seconds"] == "90"


def test_what_is_unknown_of_a_config_map_is_kept():
    assert effective("config-network", {"new-key": "x"})["new-key"] == "x"


def test_the_forecast_of_pods_reads_the_snapshot(installed, cluster):
    put_config_map(
        installed, "config-autoscaler", container_concurrency_target_default="10", max_scale="7"
    )
    target = pod_target(snapshot(cluster, FACTS))
    assert (target.value, target.most) == (7.0, 7.0)


@pytest.mark.parametrize(("quantity", "cores"), [("2", 2.0), ("1930m", 1.93), ("0", 0.0)])
def test_cpu_is_read_as_kubernetes_writes_it(quantity, cores):
    assert cores_of(quantity) == pytest.approx(cores)


def test_the_cores_that_pods_can_have_on_each_node_are_noted(installed, cluster):
    status = {"capacity": {"cpu": "2"}, "allocatable": {"cpu": "1930m"}}
    installed.put(NODES, {"metadata": {"name": "kn"}, "status": status})
    assert snapshot(cluster, FACTS)["nodes"] == {"kn": 1.93}


def test_nodes_that_may_not_be_read_are_said_to_be_so(installed, cluster):
    installed.refuse(NODES, 403, "forbidden")
    assert set(snapshot(cluster, FACTS)["nodes"]) == {"not_read"}
