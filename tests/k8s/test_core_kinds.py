"""Kubernetes' own kinds, against the schemas of the releases that the manifests are for."""

import copy

import kubernetes_validate
import pytest

from tests.k8s.rendering import of_kind, only

FIRST_RELEASE = "1.29"  # from it on, a helper may run beside a Job's container and end with it
RELEASES = [FIRST_RELEASE, "1.34", kubernetes_validate.latest_version()]
KNATIVE_KINDS = {("serving.knative.dev/v1", "Service")}


def is_core(each: dict) -> bool:
    return (each["apiVersion"], each["kind"]) not in KNATIVE_KINDS


@pytest.mark.parametrize("release", RELEASES)
def test_every_object_is_what_the_release_knows_and_says_nothing_it_does_not_know(objects, release):
    for each in filter(is_core, objects):
        kubernetes_validate.validate(each, release, strict=True)


def test_a_field_that_no_release_knows_is_refused(headless):
    job = copy.deepcopy(only(headless, "Job", "locust-master"))
    job["spec"]["backofLimit"] = 0
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(job, RELEASES[-1], strict=True)


def test_no_two_objects_have_one_name(objects):
    names = [
        (each["apiVersion"], each["kind"], each["metadata"].get("namespace"), _name(each))
        for each in objects
    ]
    assert len(names) == len(set(names))


def test_everything_is_labelled_as_a_part_of_the_whole(objects):
    labels = [each["metadata"].get("labels", {}) for each in objects]
    assert {each.get("app.kubernetes.io/part-of") for each in labels} == {"locust-knative"}


def test_every_service_leads_to_a_port_that_a_pod_names(objects):
    for service in of_kind(objects, "Service", group="v1"):
        wanted = service["spec"]["selector"].items()
        owners = [
            each["spec"]["template"]
            for each in objects
            if "template" in each.get("spec", {})
            and wanted <= each["spec"]["template"]["metadata"].get("labels", {}).items()
        ]
        names = {
            port["name"]: port["containerPort"]
            for owner in owners
            for container in owner["spec"]["containers"]
            for port in container["ports"]
        }
        for port in service["spec"]["ports"]:
            assert names[port["targetPort"]] == port["port"]


def _name(each: dict) -> str:
    return each["metadata"]["name"]
