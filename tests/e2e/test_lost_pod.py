"""A generator's pod is killed in the middle of a run by Jobs."""

from dataclasses import dataclass

import pytest

from tests.e2e.jobs import Generator
from tests.e2e.kubectl import Kubectl
from tests.e2e.manifests import apply_but_jobs, apply_to_namespace, render
from tests.faults.harness import RecordedRun, assert_books_balance, judge, sent, unsent
from tests.waiting import wait_for

OPTIONS = {
    "LOCUST_RPS": "2",
    "LOCUST_DURATION": "25s",
    "LOCUST_WARM_UP": "0s",
    "LOCUST_SPIN": "160ms",
    "LOCUST_SEED": "2",
}
INDEX = "batch.kubernetes.io/job-completion-index"
MANIFEST_AND_ROWS_OF_BOTH = 3
pytestmark = pytest.mark.timeout(240)


@dataclass
class LostPod(RecordedRun):
    """A run that lost the pod of its second worker."""

    generator: Generator

    @property
    def takeover_s(self) -> float:
        return self.plan.members[1].at_s

    @property
    def victim(self) -> str:
        first, second = self.plan.members[:2]
        [gone] = set(first.ids) - set(second.ids)
        return gone


@pytest.fixture(scope="module")
def lost_pod(cluster: Kubectl, namespace: str, tmp_path_factory: pytest.TempPathFactory) -> LostPod:
    folder = tmp_path_factory.mktemp("lost-pod")
    objects = render(cluster, folder, "headless", namespace, OPTIONS)
    slow_down(objects)
    apply_but_jobs(cluster, objects, namespace)
    apply_to_namespace(cluster, objects, namespace)
    generator = Generator(cluster, namespace)
    generator.wait_for_rollout("locust-results")
    run = wait_for("rows at home", lambda: run_at_home(generator), within_s=120)
    kill_second_worker(generator)
    generator.wait_for_end("locust-master", within_s=120)
    generator.wait_for_end("locust-worker", within_s=60)
    return LostPod(generator.fetch(run, folder), generator)


def slow_down(objects: list[dict]) -> None:
    """Let calls wait in front of the target, without keeping a CPU of the machine busy.

    Even a pod that is deleted by force has a second to end: with nothing under way its worker
    leaves in good order within that.
    """
    [target] = [each for each in objects if each["apiVersion"] == "serving.knative.dev/v1"]
    template = target["spec"]["template"]
    template["metadata"]["annotations"]["autoscaling.knative.dev/max-scale"] = "1"
    template["spec"]["containers"][0]["resources"]["limits"]["cpu"] = "200m"


def run_at_home(generator: Generator) -> str | None:
    """The run's name, once rows of both workers are there."""
    files = generator.files_at_home()
    return next((run for run, count in files.items() if count >= MANIFEST_AND_ROWS_OF_BOTH), None)


def kill_second_worker(generator: Generator) -> None:
    names = [
        pod["metadata"]["name"]
        for pod in generator.pods("locust-worker")
        if pod["metadata"]["labels"][INDEX] == "1"
    ]
    generator.kubectl.text(
        *("-n", generator.namespace, "delete", "pod", *names, "--grace-period=0", "--force")
    )


def test_every_planned_arrival_is_in_the_records_once_and_those_missed_say_why(
    lost_pod: LostPod,
) -> None:
    counts = assert_books_balance(lost_pod.folder)
    assert 0 < counts["unsent"] < counts["planned"] / 2
    assert set(unsent(lost_pod.rows)) == {"member-lost"}


def test_rows_that_the_killed_pod_had_sent_home_are_kept(lost_pod: LostPod) -> None:
    kept = [row for row in sent(lost_pod.rows) if row["member"] == lost_pod.victim]
    assert kept
    assert max(row["intended_s"] for row in kept) < lost_pod.takeover_s


def test_the_other_pod_sends_all_that_is_due_after_the_takeover(lost_pod: LostPod) -> None:
    after = [row for row in lost_pod.rows if row["intended_s"] >= lost_pod.takeover_s]
    assert len(after) >= 10
    assert {row["member"] for row in sent(after)} == {"w0", "w1"} - {lost_pod.victim}
    assert sent(after) == after


def test_the_verdict_names_the_loss_and_the_master_ends_as_it_says(lost_pod: LostPod) -> None:
    judged = judge(lost_pod.folder)
    assert "member-lost" in judged.out
    assert lost_pod.victim in judged.out
    assert lost_pod.generator.exit_codes("locust-master") == [judged.code]


def test_the_lost_pod_is_not_replaced(lost_pod: LostPod) -> None:
    assert lost_pod.generator.job_says("locust-worker", "Failed")
    assert lost_pod.generator.exit_codes("locust-worker") == [0]
