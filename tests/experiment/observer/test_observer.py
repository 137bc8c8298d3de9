import json
import time

import pytest

from experiment.observer.observer import NotObserved, Observer
from experiment.observer.readers import WATCHED
from experiment.resources import DEPLOYMENTS, PODS
from records.replica_rows import LIVE_NAME, TABLE_NAME
from records.replicas import read_replicas
from tests.experiment.observer.things import pod, thing
from tests.waiting import wait_for

PATHS = [watched.resource.path("loadtest") for watched in WATCHED]
DEPLOYMENTS_PATH = DEPLOYMENTS.path("loadtest")


@pytest.fixture
def served(api):
    for path in PATHS:
        api.put(path, thing(name="other"))
        api.remove(path, "other")
    return api


@pytest.fixture
def observer(served, cluster, tmp_path):
    made = Observer(cluster, ("loadtest", "worker"), tmp_path)
    made.start()
    until(lambda: sorted(served.watches()) == sorted(PATHS))
    yield made
    made.stop()


def until(is_so):
    wait_for("what the observer is to see", is_so, within_s=10.0, every_s=0.01)


def scaled(replicas):
    return thing(spec={"replicas": replicas}, name="worker-00001-deployment")


def replicas_in(folder):
    return [row["replicas"] for row in read_replicas(folder) if row["kind"] == "deployment"]


def test_what_happens_is_in_the_live_file_at_once(served, observer, tmp_path):
    served.put(DEPLOYMENTS_PATH, scaled(2))
    until(lambda: replicas_in(tmp_path) == [2])
    [line] = (tmp_path / LIVE_NAME).read_text().splitlines()
    assert json.loads(line)["kind"] == "deployment"


def test_only_objects_of_the_service_are_asked_for(served, observer):
    asked = {query.get("labelSelector") for _, path, query in served.asked if path in PATHS}
    assert asked == {"serving.knative.dev/service=worker"}


def test_at_the_end_all_rows_are_in_the_parquet_file(served, observer, tmp_path):
    served.put(DEPLOYMENTS_PATH, scaled(2))
    served.put(PODS.path("loadtest"), pod())
    until(lambda: observer.rows == 2)
    assert observer.stop() == tmp_path / TABLE_NAME
    (tmp_path / LIVE_NAME).unlink()
    assert {row["kind"] for row in read_replicas(tmp_path)} == {"deployment", "pod", "end"}


def test_the_last_row_says_when_the_watch_ended(served, observer, tmp_path):
    served.put(DEPLOYMENTS_PATH, scaled(2))
    until(lambda: observer.rows == 1)
    before_unix_s = time.time()
    observer.stop()
    last = read_replicas(tmp_path)[-1]
    assert last["kind"] == "end"
    assert last["at_unix_s"] >= before_unix_s


def test_the_end_is_quick_though_all_watches_are_open_and_is_no_gap(observer, tmp_path):
    began_s = time.monotonic()
    observer.stop()
    assert time.monotonic() - began_s < 3
    assert read_replicas(tmp_path) == []


def test_a_broken_api_is_a_gap_and_what_happened_in_it_is_seen_after_it(served, observer, tmp_path):
    served.put(DEPLOYMENTS_PATH, scaled(1))
    until(lambda: replicas_in(tmp_path) == [1])
    served.is_silent = True
    served.cut()
    until(lambda: observer.last_gap is not None)
    served.put(DEPLOYMENTS_PATH, scaled(2))
    served.is_silent = False
    until(lambda: replicas_in(tmp_path) == [1, 2])
    gaps = [row for row in read_replicas(tmp_path) if row["kind"] == "gap"]
    assert {row["resource"] for row in gaps} >= {"deployments"}
    assert all("does not answer" in row["reason"] for row in gaps)


def test_a_run_that_was_observed_to_its_end_is_not_observed_again(cluster, tmp_path):
    (tmp_path / TABLE_NAME).touch()
    with pytest.raises(NotObserved, match="this run has been observed"):
        Observer(cluster, ("loadtest", "worker"), tmp_path)


def test_a_folder_that_is_not_there_is_named(cluster, tmp_path):
    with pytest.raises(NotObserved, match=f"cannot observe into {tmp_path / 'no'}"):
        Observer(cluster, ("loadtest", "worker"), tmp_path / "no")
