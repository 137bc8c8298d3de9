"""What every pod keeps to: restricted pod security, limits, probes, an end in order."""

import re
import subprocess
import sys

import pytest

from tests.k8s.pods import Pod, named_containers, pods
from tests.k8s.rendering import K8S, only

GENERATORS = ("locust-master", "locust-worker", "locust-web")


def effective(pod: Pod, container: dict, field: str) -> object:
    """A security setting of a container; its own word counts before its pod's."""
    own = container.get("securityContext", {})
    return own.get(field, pod.spec.get("securityContext", {}).get(field))


def restricted_faults(pod: Pod, container: dict) -> list[str]:
    """Where the container falls short of Kubernetes' restricted pod security standard."""
    own = container["securityContext"]
    kept = {
        "runs as root": effective(pod, container, "runAsNonRoot") is True,
        "user 0": effective(pod, container, "runAsUser") not in (0, None),
        "may gain privileges": own.get("allowPrivilegeEscalation") is False,
        "keeps capabilities": own.get("capabilities") == {"drop": ["ALL"]},
        "no seccomp": effective(pod, container, "seccompProfile") == {"type": "RuntimeDefault"},
        "privileged": "privileged" not in own,
        "host port": all("hostPort" not in port for port in container.get("ports", [])),
    }
    return [fault for fault, is_kept in kept.items() if not is_kept]


def test_every_container_keeps_to_the_restricted_standard(objects):
    found = {name: restricted_faults(*each) for name, each in named_containers(objects).items()}
    assert {name: faults for name, faults in found.items() if faults} == {}


def test_a_container_that_could_become_root_would_be_found(headless):
    pod, container = named_containers(headless)["Job/locust-worker/locust"]
    loose = container | {"securityContext": {"runAsUser": 0}}
    assert restricted_faults(pod, loose) == ["user 0", "may gain privileges", "keeps capabilities"]


def test_the_namespace_refuses_pods_that_do_not(objects):
    [namespace] = [each for each in objects if each["kind"] == "Namespace"]
    labels = namespace["metadata"]["labels"]
    assert labels["pod-security.kubernetes.io/enforce"] == "restricted"


def test_no_pod_shares_the_node_s_network_processes_or_files(objects):
    for pod in pods(objects):
        assert not {"hostNetwork", "hostPID", "hostIPC"} & pod.spec.keys()
        kinds = {kind for volume in pod.spec.get("volumes", []) for kind in volume} - {"name"}
        assert kinds <= {"emptyDir", "persistentVolumeClaim"}


def test_every_root_file_system_is_read_only_and_what_is_written_to_has_a_limit(objects):
    for _, container in named_containers(objects).values():
        assert container["securityContext"]["readOnlyRootFilesystem"] is True
    for pod in pods(objects):
        for volume in pod.spec.get("volumes", []):
            assert "persistentVolumeClaim" in volume or volume["emptyDir"]["sizeLimit"]


def test_no_pod_of_ours_has_a_token_of_the_api(objects):
    for pod in pods(objects):
        assert pod.spec["automountServiceAccountToken"] is False
    accounts = [each for each in objects if each["kind"] == "ServiceAccount"]
    assert {each["automountServiceAccountToken"] for each in accounts} == {False}


@pytest.mark.parametrize("amount", ["cpu", "memory", "ephemeral-storage"])
def test_every_container_says_what_it_needs_and_at_most_takes(objects, amount):
    for name, (_, container) in named_containers(objects).items():
        if amount == "ephemeral-storage" and name.startswith("Service/"):
            continue  # the spin worker writes nothing
        assert amount in container["resources"]["requests"], name
        assert amount in container["resources"]["limits"], name


def test_a_generator_asks_for_all_the_cpu_and_memory_it_may_take_to_send(headless, webui):
    for objects in (headless, webui):
        workers = named_containers(objects)
        [sender] = [each for name, (_, each) in workers.items() if name.endswith("worker/locust")]
        asked, most = sender["resources"]["requests"], sender["resources"]["limits"]
        assert asked == most
        assert asked["cpu"] == "1"


def test_every_image_has_a_tag_that_does_not_move(objects):
    for _, container in named_containers(objects).values():
        assert re.fullmatch(
            r".+/locust-knative-(generator|worker):\d+\.\d+\.\d+", container["image"]
        )


def test_what_serves_says_when_it_is_ready(objects):
    for name, (_, container) in named_containers(objects).items():
        if container.get("ports"):
            assert "readinessProbe" in container, name


def test_nothing_that_generates_load_is_killed_by_a_probe_for_being_busy(objects):
    for name, (pod, container) in named_containers(objects).items():
        if pod.owner.endswith(GENERATORS):
            assert "livenessProbe" not in container, name


def test_probes_ask_for_ports_and_paths_that_are_there(objects):
    for pod, container in named_containers(objects).values():
        probes = [each for name, each in container.items() if name.endswith("Probe")]
        for probe in probes:
            [ask] = [probe[way] for way in ("httpGet", "tcpSocket", "grpc") if way in probe]
            assert ask["port"] in {*pod.ports(), *pod.ports().values()}


def test_a_pod_has_longer_to_end_than_a_call_and_the_drain_may_take(objects):
    options = only(objects, "ConfigMap", "locust-options")["data"]
    call_s = int(options["LOCUST_GRPC_TIMEOUT"].removesuffix("s"))
    for pod in pods(objects):
        if pod.owner.endswith(GENERATORS):
            assert pod.spec["terminationGracePeriodSeconds"] >= 2 * call_s


def test_a_call_to_the_worker_may_take_no_longer_at_knative_than_here(headless):
    options = only(headless, "ConfigMap", "locust-options")["data"]
    [pod] = [each for each in pods(headless) if each.owner == "Service/worker"]
    assert pod.spec["timeoutSeconds"] >= int(options["LOCUST_GRPC_TIMEOUT"].removesuffix("s"))


def test_a_generator_that_is_lost_is_not_started_again_into_the_same_run(headless):
    master = only(headless, "Job", "locust-master")["spec"]
    worker = only(headless, "Job", "locust-worker")["spec"]
    assert (master["backoffLimit"], worker["backoffLimitPerIndex"]) == (0, 0)
    for job in (master, worker):
        assert job["template"]["spec"]["restartPolicy"] == "Never"
        assert job["activeDeadlineSeconds"] > 0
        assert job["ttlSecondsAfterFinished"] > 0


def test_the_master_s_log_has_one_stream_so_that_its_last_lines_are_the_answer(objects):
    for pod in pods(objects):
        if pod.owner.endswith(("locust-master", "locust-web")):
            _, *code = pod.spec["containers"][0]["command"]
            done = subprocess.run(
                [sys.executable, *code, "--no-such-option"], capture_output=True, check=False
            )
            assert b"unrecognized arguments: --no-such-option" in done.stdout
            assert (done.stderr, done.returncode) == (b"", 2)


def test_a_helper_beside_a_generator_brings_its_records_home_and_never_holds_its_job_up(objects):
    for pod in pods(objects):
        if pod.owner.endswith(GENERATORS):
            [helper] = pod.spec["initContainers"]
            assert helper["restartPolicy"] == "Always"  # a native sidecar
            assert helper["command"][-1] == "http://locust-results:8070"


def test_pods_do_not_take_variables_of_services_for_options_of_locust(objects):
    for pod in pods(objects):
        if pod.owner.endswith(GENERATORS):
            assert pod.spec["enableServiceLinks"] is False


def test_the_keeper_of_records_refuses_more_before_its_volume_is_full(headless, results_volume):
    for objects in (headless, results_volume):
        _, keeper = named_containers(objects)["Deployment/locust-results/results"]
        most = int(keeper["command"][keeper["command"].index("--most-bytes") + 1])
        assert most < 10 * 2**30
    claim = only(results_volume, "PersistentVolumeClaim", "locust-results")
    assert claim["spec"]["resources"]["requests"]["storage"] == "10Gi"


def test_records_on_a_volume_do_not_end_with_their_pod(results_volume):
    [keeper] = [each for each in pods(results_volume) if each.owner.endswith("locust-results")]
    [volume] = keeper.spec["volumes"]
    assert volume["persistentVolumeClaim"]["claimName"] == "locust-results"


def test_only_the_page_reads_a_secret_and_only_by_name():
    text = "\n".join(path.read_text() for path in K8S.rglob("*.yaml"))
    assert set(re.findall(r"secretKeyRef: \{name: ([\w-]+)", text)) == {"locust-web-login"}
    assert "kind: Secret" not in text


def test_the_page_is_shown_after_a_login_only(webui):
    _, page = named_containers(webui)["Deployment/locust-web/locust"]
    assert "--web-login" in page["args"]
    assert "--web-open" not in page["args"]
    needed = [each for each in page["env"] if each["name"].startswith("LOCUST_WEB_")]
    assert {each["name"] for each in needed} == {"LOCUST_WEB_USER", "LOCUST_WEB_PASSWORD_HASH"}
    assert all("optional" not in each["valueFrom"]["secretKeyRef"] for each in needed)


def test_without_a_page_none_is_served(headless):
    _, master = named_containers(headless)["Job/locust-master/locust"]
    assert "--headless" in master["args"]
