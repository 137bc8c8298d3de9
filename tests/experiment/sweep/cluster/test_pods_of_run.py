import pytest

from experiment.launch.manifests import LABEL
from experiment.resources import JOBS, PODS
from experiment.sweep.cluster.pods_of_run import PodsStay, end_pods, name_in_cluster
from tests.experiment.made_cluster import MadeCluster
from tests.experiment.sweep.cluster.conftest import made_clock

RUN_LABEL = "locust-knative/run"


def thing(kind, name, run="r1"):
    return {"kind": kind, "metadata": {"name": name, "labels": {RUN_LABEL: run}}}


@pytest.fixture
def cluster():
    made = MadeCluster()
    for run in ("r1", "r2"):
        made.put(JOBS.path("shop"), thing("Job", f"master-{run}", run))
        made.put(PODS.path("shop"), thing("Pod", f"pod-{run}", run))
    return made


def test_jobs_of_the_run_are_deleted_and_no_others(cluster):
    delete = cluster.delete

    def with_pods(path, query):
        cluster.objects.pop(f"{PODS.path('shop')}/pod-r1", None)
        return delete(path, query)

    cluster.delete = with_pods
    assert end_pods(cluster, "shop", "r1", made_clock()) == 1
    assert cluster.done == [("delete", JOBS.path("shop", "master-r1"))]


def test_nothing_is_waited_for_where_nothing_was_left(cluster):
    assert end_pods(cluster, "shop", "r9", made_clock()) == 0


def test_pods_that_stay_are_named_with_the_line_that_ends_them(cluster):
    with pytest.raises(PodsStay, match=f"kubectl delete pods -n shop -l {RUN_LABEL}=r1"):
        end_pods(cluster, "shop", "r1", made_clock())


@pytest.mark.parametrize("attempt", ["poisson-20rps-100ms-a-r1", "x" * 90, "a." * 30, "r.2"])
def test_a_runs_name_in_the_cluster_is_a_label(attempt):
    assert LABEL.fullmatch(name_in_cluster("/results/sweep", attempt))


def test_runs_of_two_sweeps_have_two_names_and_one_run_has_one():
    names = [name_in_cluster(sweep, "r1") for sweep in ("/a", "/b", "/a")]
    assert names[0] == names[2] != names[1]
    assert name_in_cluster("/a", "x" * 90) != name_in_cluster("/a", "x" * 90 + "y")
