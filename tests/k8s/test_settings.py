"""What a user sets is set once, and every place follows."""

import re
import subprocess
import sys

import pytest

from tests.k8s.pods import named_containers, pods
from tests.k8s.rendering import K8S, PROJECT, only

SETTINGS = "settings/kustomization.yaml"
OPTIONS = "base/options.yaml"


@pytest.mark.parametrize("overlay", ["headless", "webui", "results-volume"])
@pytest.mark.parametrize(("name", "containers"), [("generator", 5), ("worker", 1)])
def test_an_image_is_set_by_one_line(edited, overlay, name, containers):
    line = f"    newName: kind.local/locust-knative-{name}"
    found = named_containers(edited(overlay, SETTINGS, line, f"    newName: example.com/a-{name}"))
    images = [container["image"] for _, container in found.values()]
    assert images.count(f"example.com/a-{name}:0.1.0") == containers


def test_no_image_is_named_in_a_second_place():
    holders = {path.name for path in K8S.rglob("*.yaml") if "kind.local" in path.read_text()}
    assert holders == {"kustomization.yaml"}
    assert (K8S / SETTINGS).read_text().count("kind.local/") == 2


def test_images_of_the_makefile_are_those_of_the_settings(headless):
    makefile = (PROJECT / "Makefile").read_text()
    registry = re.search(r"^REGISTRY \?= (\S+)$", makefile, re.MULTILINE)[1]
    tag = re.search(r"^TAG \?= (\S+)$", makefile, re.MULTILINE)[1]
    images = {container["image"] for _, container in named_containers(headless).values()}
    names = ("generator", "worker")
    assert images == {f"{registry}/locust-knative-{name}:{tag}" for name in names}


def test_the_number_of_jobs_workers_is_set_by_one_line(edited):
    objects = edited(
        "headless", OPTIONS, '  LOCUST_EXPECT_WORKERS: "2"', '  LOCUST_EXPECT_WORKERS: "7"'
    )
    job = only(objects, "Job", "locust-worker")["spec"]
    assert (job["completions"], job["parallelism"]) == (7, 7)


def test_the_number_of_the_page_s_workers_is_set_by_the_same_line(edited):
    objects = edited(
        "webui", OPTIONS, '  LOCUST_EXPECT_WORKERS: "2"', '  LOCUST_EXPECT_WORKERS: "7"'
    )
    assert only(objects, "Deployment", "locust-worker")["spec"]["replicas"] == 7
    assert only(objects, "Deployment", "locust-web")["spec"]["replicas"] == 1


@pytest.mark.parametrize("overlay", ["headless", "webui", "results-volume"])
def test_the_namespace_is_set_by_one_line(edited, overlay):
    objects = edited(overlay, SETTINGS, "namespace: loadtest", "namespace: elsewhere")
    assert "loadtest" not in str(objects)
    spaces = {each["metadata"].get("namespace", "none") for each in objects}
    assert spaces == {"elsewhere", "knative-serving", "none"}


def test_the_target_follows_the_namespace(edited):
    objects = edited("headless", SETTINGS, "namespace: loadtest", "namespace: elsewhere")
    options = only(objects, "ConfigMap", "locust-options")["data"]
    assert options["LOCUST_HOST"] == "worker.elsewhere.svc.cluster.local:80"


def test_two_namespaces_share_nothing_beside_knative_s_own(edited, headless):
    elsewhere = edited("headless", SETTINGS, "namespace: loadtest", "namespace: elsewhere")
    here, there = (
        {
            (each["kind"], each["metadata"]["name"])
            for each in objects
            if each["metadata"].get("namespace") == "knative-serving"
        }
        for objects in (headless, elsewhere)
    )
    assert here == {(kind, "locust-knative-observer.loadtest") for kind in ("Role", "RoleBinding")}
    assert not here & there


def test_the_gateways_that_lead_to_the_target_are_listed_once(edited):
    objects = edited(
        "headless",
        "base/network-policies.yaml",
        "                  - traefik",
        "                  - mine",
    )
    out = only(objects, "NetworkPolicy", "target")["spec"]["egress"][0]["to"]
    into = only(objects, "NetworkPolicy", "knative-pods")["spec"]["ingress"][0]["from"]
    assert "mine" in out[0]["namespaceSelector"]["matchExpressions"][0]["values"]
    assert into == out


def test_the_master_alone_reads_the_options(headless, webui):
    for objects, master in ((headless, "Job/locust-master"), (webui, "Deployment/locust-web")):
        readers = [
            pod.owner for pod in pods(objects) if "locust-options" in str(pod.spec["containers"])
        ]
        assert readers == [master]


def test_every_option_named_is_one_that_the_command_line_has():
    listing = (
        "import locustfile; from locust.argument_parser import get_parser;"
        "print(*(each.env_var for each in get_parser()._actions if each.env_var))"
    )
    words = [sys.executable, "-c", listing]
    done = subprocess.run(words, cwd=PROJECT, capture_output=True, text=True, check=True)
    named = set(re.findall(r"^  (?:# )?(LOCUST_\w+):", (K8S / OPTIONS).read_text(), re.MULTILINE))
    assert "LOCUST_RPS" in named
    assert named <= set(done.stdout.split())
