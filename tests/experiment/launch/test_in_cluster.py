"""A run by pods, from its making to its end, on a cluster in memory."""

import os
import signal

import pytest

from experiment.kube_errors import KubeError
from experiment.launch import in_cluster, keeper, pod_log, pods
from experiment.launch.errors import NotLaunched
from experiment.launch.in_cluster import Launch
from experiment.launch.manifests import PodRun
from experiment.resources import DEPLOYMENTS, JOBS, PODS
from tests.experiment.made_cluster import MadeCluster

RUN = PodRun("run1", "shop", 2, ())
MASTER = RUN.named("locust-master")
LINE = "2026-01-01T00:00:01Z hello"


@pytest.fixture(autouse=True)
def _no_waits(monkeypatch):
    monkeypatch.setattr(pods, "LOOK_S", 0)
    monkeypatch.setattr(pod_log, "AGAIN_S", 0)


def pod_of(job, state, name="master-x"):
    status = {"containerStatuses": [{"name": "locust", "state": state}]}
    labels = {pods.JOB_LABEL: job, "app.kubernetes.io/component": "locust-master"}
    return {"metadata": {"name": name, "labels": labels}, "status": {**status, "phase": "Running"}}


def starts(state):
    """What a Job does once it may."""

    def happen(cluster, path, job):
        if not job["spec"].get("suspend") and path.endswith(MASTER):
            cluster.put(PODS.path("shop"), pod_of(MASTER, state))

    return {"Job": happen}


def launched(state, said=((LINE,),)):
    cluster = MadeCluster(happens=starts(state), said=[list(part) for part in said])
    launch = Launch(cluster, RUN)
    launch.start()
    return cluster, launch


def test_the_master_is_let_go_when_all_that_it_needs_is_there():
    cluster, _ = launched({"terminated": {"exitCode": 0}})
    verbs = [verb for verb, _ in cluster.done]
    assert verbs == ["create"] * (len(verbs) - 1) + ["patch"]
    jobs = JOBS.path("shop")
    owned = [one for one in cluster.objects.values() if "ownerReferences" in one["metadata"]]
    assert {one["metadata"]["ownerReferences"][0]["uid"] for one in owned} == {f"uid-{MASTER}"}
    assert cluster.objects[f"{jobs}/{MASTER}"]["spec"]["suspend"] is False


def test_the_masters_log_is_told_and_its_exit_code_handed_on(capsys):
    _, launch = launched({"terminated": {"exitCode": 4}})
    assert launch.watch() == 4
    assert capsys.readouterr().out == "hello\n"


def test_what_cannot_be_made_leaves_nothing_behind():
    def refuse(cluster, path, thing):
        raise KubeError("the disk is full")

    cluster = MadeCluster(happens={"Service": refuse})
    with pytest.raises(KubeError, match="full"):
        Launch(cluster, RUN).start()
    assert not any("/jobs/" in path for path in cluster.objects)


def test_a_run_of_the_same_name_is_refused_and_not_touched():
    cluster, launch = launched({"terminated": {"exitCode": 0}})
    there = dict(cluster.objects)
    with pytest.raises(NotLaunched, match="--run-id"):
        launch.start()
    assert cluster.objects == there


def test_a_master_that_cannot_start_is_named_and_its_jobs_are_gone():
    waiting = {"waiting": {"reason": "ImagePullBackOff", "message": "no such image"}}
    cluster, launch = launched(waiting)
    with pytest.raises(NotLaunched, match="ImagePullBackOff: no such image"):
        launch.watch()
    assert not any("/jobs/" in path for path in cluster.objects)


def test_no_run_begins_beside_another_one():
    _, launch = launched({"running": {}})
    with pytest.raises(NotLaunched, match="another run is under way"):
        launch.check_alone()


def test_ctrl_c_has_the_master_end_the_run_and_is_the_reason_of_its_end(monkeypatch):
    cluster, launch = launched({"running": {}}, said=())
    asked = []

    def logs(namespace, pod, query):
        os.kill(os.getpid(), signal.SIGINT)
        while PODS.path("shop", pod) in cluster.objects:
            asked.append(pod)
        yield LINE

    monkeypatch.setattr(cluster, "logs", logs)
    assert launch.watch() == 130
    assert ("delete", PODS.path("shop", "master-x")) in cluster.done


def test_jobs_that_do_not_end_are_deleted_and_that_is_said(monkeypatch, capsys):
    monkeypatch.setattr(in_cluster, "HOME_S", 0)
    cluster, launch = launched({"running": {}})
    launch.wait_for_records()
    assert ("delete", JOBS.path("shop", RUN.named("locust-worker"))) in cluster.done
    assert "do not end" in capsys.readouterr().err


def test_the_keeper_of_records_is_made_where_there_is_none():
    cluster = MadeCluster(happens={"Deployment": _is_ready})
    keeper.have_keeper(cluster, RUN)
    made = len(cluster.done)
    keeper.have_keeper(cluster, RUN)
    assert (made, len(cluster.done)) == (3, 3)


def test_a_keeper_that_cannot_start_is_named_and_taken_away_again():
    def has_trouble(cluster, path, thing):
        state = {"waiting": {"reason": "ImagePullBackOff", "message": "no such image"}}
        pod = pod_of("", state)
        pod["metadata"]["labels"] = {"app.kubernetes.io/component": "locust-results"}
        cluster.put(PODS.path("shop"), pod)

    cluster = MadeCluster(happens={"Deployment": has_trouble})
    with pytest.raises(NotLaunched, match="ImagePullBackOff: no such image"):
        keeper.have_keeper(cluster, RUN)
    assert DEPLOYMENTS.path("shop", "locust-results") not in cluster.objects


def _is_ready(cluster, path, thing):
    thing["status"] = {"readyReplicas": 1}
