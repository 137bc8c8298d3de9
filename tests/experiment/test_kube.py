import threading

import pytest

from experiment.kube import open_cluster
from experiment.kube_errors import (
    ApiGone,
    ApiRefused,
    Conflict,
    Forbidden,
    NoCluster,
    NotFound,
    Unreachable,
)
from experiment.resources import (
    KNATIVE_SERVICES,
    POD_AUTOSCALERS,
    PODS,
    describe_path,
    is_one_object,
)

PATH = PODS.path("loadtest")


def pod(name="worker-x", **status):
    return {"metadata": {"name": name}, "status": status}


def test_an_object_and_a_list_are_read_as_plain_values(api, cluster):
    api.put(PATH, pod())
    assert cluster.get(f"{PATH}/worker-x")["metadata"]["name"] == "worker-x"
    assert len(cluster.get(PATH, {"labelSelector": "app=worker"})["items"]) == 1
    assert api.asked[-1] == ("GET", PATH, {"labelSelector": "app=worker"})


def test_a_watch_tells_what_happens_after_a_version(api, cluster):
    api.put(PATH, pod())
    version = cluster.get(PATH)["metadata"]["resourceVersion"]
    api.put(PATH, pod(phase="Running"))
    api.remove(PATH, "worker-x")
    events = cluster.watch(PATH, version, 60)
    assert [next(events)["type"] for _ in range(2)] == ["MODIFIED", "DELETED"]
    events.close()


def test_a_version_that_is_too_old_is_gone(api, cluster):
    api.put(PATH, pod())
    api.forget()
    with pytest.raises(ApiGone, match="too old"):
        next(cluster.watch(PATH, "100", 60))


def test_a_watch_that_breaks_is_named(api, cluster):
    api.put(PATH, pod())
    events = cluster.watch(PATH, "100", 60)
    next(events)
    api.cut()
    with pytest.raises(Unreachable, match="does not answer"):
        next(events)


def test_closing_the_cluster_ends_a_watch_that_another_thread_waits_for(api, cluster):
    api.put(PATH, pod())
    events = cluster.watch(PATH, "100", 60)
    next(events)
    ended = threading.Event()

    def wait() -> None:
        with pytest.raises(Unreachable):
            next(events)
        ended.set()

    waiting = threading.Thread(target=wait)
    waiting.start()
    while not ended.wait(0.05):
        cluster.close()
    waiting.join()


@pytest.mark.parametrize(
    ("status", "named", "said"),
    [
        (403, Forbidden, "no permission to list pods in namespace loadtest"),
        (404, NotFound, "there is no pods in namespace loadtest"),
        (409, Conflict, "cannot list pods in namespace loadtest: full of it"),
        (410, ApiGone, "full of it"),
        (500, ApiRefused, "full of it"),
    ],
)
def test_a_refusal_is_named_and_says_what_was_asked(api, cluster, status, named, said):
    api.refuse(PATH, status, "full\n of it")
    with pytest.raises(named, match=said) as caught:
        cluster.get(PATH)
    assert caught.value.status == status


def test_a_watch_without_permission_says_so(api, cluster):
    api.refuse(PATH, 403)
    with pytest.raises(Forbidden) as caught:
        cluster.watch(PATH, "1", 60)
    assert (caught.value.verb, caught.value.what) == ("watch", "pods in namespace loadtest")


def test_credentials_that_are_not_accepted_are_an_answer(api, tmp_path):
    file = tmp_path / "other"
    file.write_text((tmp_path / "kubeconfig").read_text().replace("let-me-in", "wrong"))
    with pytest.raises(ApiRefused, match="Unauthorized"):
        open_cluster(str(file)).get(PATH)


@pytest.fixture(autouse=True)
def _kubeconfig(cluster):
    """Every test has one in its folder."""


def test_a_server_that_is_not_there_is_named_in_one_line(api, tmp_path):
    file = tmp_path / "nobody"
    file.write_text((tmp_path / "kubeconfig").read_text().replace(api.url, "http://127.0.0.1:1"))
    with pytest.raises(Unreachable, match=r"http://127\.0\.0\.1:1 does not answer") as caught:
        open_cluster(str(file)).get(PATH)
    assert "\n" not in str(caught.value)


def test_what_is_no_kubernetes_api_is_said(api, cluster):
    api.texts[PATH] = b"<html>"
    with pytest.raises(Unreachable, match="no Kubernetes API"):
        cluster.get(PATH)


@pytest.mark.parametrize("text", [None, "", "clusters: [", "[1]", "kind: Config"])
def test_a_kubeconfig_that_cannot_be_used_is_one_line(tmp_path, text):
    file = tmp_path / "bad"
    if text is not None:
        file.write_text(text)
    with pytest.raises(NoCluster, match=r"^no cluster: .*; give --kubeconfig FILE") as caught:
        open_cluster(str(file))
    assert "\n" not in str(caught.value)


def test_without_any_kubeconfig_and_outside_a_pod_there_is_no_cluster(monkeypatch, tmp_path):
    monkeypatch.delenv("KUBECONFIG", raising=False)
    monkeypatch.delenv("KUBERNETES_SERVICE_HOST", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(NoCluster):
        open_cluster()


def test_the_environment_names_the_kubeconfig(api, monkeypatch, tmp_path):
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "kubeconfig"))
    api.put(PATH, pod())
    opened = open_cluster()
    assert opened.get(PATH)["items"]
    opened.close()


def test_an_unknown_context_is_named(tmp_path):
    with pytest.raises(NoCluster, match="elsewhere"):
        open_cluster(str(tmp_path / "kubeconfig"), "elsewhere")


def test_objects_are_made_patched_and_deleted(api, cluster):
    body = {"metadata": {"name": "x"}}
    assert cluster.create(PATH, body)["given"] == body
    assert cluster.patch(f"{PATH}/x", {"spec": None})["given"] == {"spec": None}
    cluster.delete(f"{PATH}/x")
    assert [(verb, said.get("type")) for verb, _, said in api.asked] == [
        ("POST", "application/json"),
        ("PATCH", "application/merge-patch+json"),
        ("DELETE", "text/plain"),
    ]


def test_a_log_is_read_by_lines_and_a_download_as_it_is(api, cluster):
    api.texts[f"{PATH}/worker-x/log"] = b"one\n\ntwo\n"
    assert list(cluster.logs("loadtest", "worker-x")) == ["one", "", "two"]
    assert b"".join(cluster.download(f"{PATH}/worker-x/log")) == b"one\n\ntwo\n"


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (PODS.path("a"), "pods in namespace a"),
        (
            KNATIVE_SERVICES.path("a", "b"),
            "services.serving.knative.dev b in namespace a",
        ),
        (PODS.path("a", "b", "log"), "pods/log b in namespace a"),
        ("/version", "/version"),
    ],
)
def test_a_path_is_said_in_words(path, said):
    assert describe_path(path) == said


def test_a_name_never_leads_to_another_path():
    assert PODS.path("a", "../secrets/b") == "/api/v1/namespaces/a/pods/..%2Fsecrets%2Fb"


def test_a_list_is_told_from_an_object():
    assert not is_one_object(POD_AUTOSCALERS.path("a"))
    assert is_one_object(POD_AUTOSCALERS.path("a", "b"))
