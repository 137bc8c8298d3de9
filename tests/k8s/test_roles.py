"""What the two service accounts may do at the Kubernetes API."""

import pytest

from tests.k8s.rendering import of_kind

READS = {"get", "list", "watch"}


def granted(objects: list[dict], account: str, namespace: str) -> set[tuple[str, str, str]]:
    """`group/resource`, verb and name (or *) of all that an account may do in a namespace."""
    roles = {
        each["metadata"]["name"]: each["rules"]
        for each in of_kind(objects, "Role")
        if each["metadata"]["namespace"] == namespace
    }
    rules = [
        rule
        for each in of_kind(objects, "RoleBinding")
        if each["metadata"]["namespace"] == namespace
        and account in [subject["name"] for subject in each["subjects"]]
        for rule in roles[each["roleRef"]["name"]]
    ]
    return {
        (f"{group}/{resource}", verb, name)
        for rule in rules
        for group in rule["apiGroups"]
        for resource in rule["resources"]
        for verb in rule["verbs"]
        for name in rule.get("resourceNames", ["*"])
    }


def test_the_observer_changes_nothing(objects):
    for namespace in ("loadtest", "knative-serving"):
        assert {verb for _, verb, _ in granted(objects, "observer", namespace)} <= READS


@pytest.mark.parametrize(
    "resource",
    [
        "serving.knative.dev/services",
        "serving.knative.dev/revisions",
        "autoscaling.internal.knative.dev/podautoscalers",
        "networking.internal.knative.dev/serverlessservices",
        "apps/deployments",
        "/pods",
    ],
)
def test_the_observer_lists_and_watches_what_shows_how_a_service_scales(objects, resource):
    may = granted(objects, "observer", "loadtest")
    assert {(resource, verb, "*") for verb in READS} <= may


def test_no_account_sees_secrets_or_runs_anything_in_a_pod(objects):
    for account in ("observer", "experimenter"):
        may = granted(objects, account, "loadtest") | granted(objects, account, "knative-serving")
        resources = {resource for resource, _, _ in may}
        assert not resources & {"/secrets", "/pods/exec", "/pods/attach", "/pods/portforward"}
        assert not {"*", "/*"} & resources


def test_records_are_fetched_from_their_keeper_and_from_no_other_service(objects):
    may = granted(objects, "observer", "loadtest")
    proxied = {(verb, name) for resource, verb, name in may if resource == "/services/proxy"}
    assert proxied == {("get", "locust-results"), ("get", "locust-results:8070")}


def test_of_knative_s_namespace_only_settings_versions_and_the_autoscaler_s_metrics_are_read(
    objects,
):
    may = granted(objects, "observer", "knative-serving")
    names = {name for resource, _, name in may if resource == "/configmaps"}
    assert "config-autoscaler" in names
    assert "*" not in names
    others = {(resource, verb, name) for resource, verb, name in may if resource != "/configmaps"}
    assert others == {
        ("apps/deployments", "get", "*"),
        ("apps/deployments", "list", "*"),
        ("/services/proxy", "get", "autoscaler:9090"),
    }


def test_the_experimenter_may_do_one_thing_more_patch_services_of_knative(objects):
    observer = granted(objects, "observer", "loadtest")
    assert granted(objects, "experimenter", "loadtest") - observer == {
        ("serving.knative.dev/services", "patch", "*")
    }


def test_nothing_reaches_beyond_the_two_namespaces(objects):
    assert not of_kind(objects, "ClusterRole")
    assert not of_kind(objects, "ClusterRoleBinding")


def test_every_account_of_a_binding_and_every_role_is_there(objects):
    accounts = {each["metadata"]["name"] for each in of_kind(objects, "ServiceAccount")}
    roles = {
        (each["metadata"]["namespace"], each["metadata"]["name"])
        for each in of_kind(objects, "Role")
    }
    for binding in of_kind(objects, "RoleBinding"):
        assert {subject["name"] for subject in binding["subjects"]} <= accounts
        assert (binding["metadata"]["namespace"], binding["roleRef"]["name"]) in roles


def test_a_pod_that_makes_load_has_an_account_that_may_do_nothing(objects):
    assert granted(objects, "generator", "loadtest") == set()
