"""`kubectl apply -k k8s/overlays/headless`: a run by Jobs from zero, and its records back home."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from records.summary_file import read_summary
from tests.e2e.jobs import Generator, unusable_for
from tests.e2e.knative import KnativeService
from tests.e2e.kubectl import Kubectl
from tests.e2e.manifests import apply_but_jobs, apply_to_namespace, render
from tests.faults.harness import assert_books_balance, every_row, judge
from tests.waiting import wait_for
from verdict.first_screen import render as render_first_screen

OPTIONS = {
    "LOCUST_RPS": "3",
    "LOCUST_DURATION": "20s",
    "LOCUST_WARM_UP": "5s",
    "LOCUST_SPIN": "250ms",
    "LOCUST_SEED": "1",
}
pytestmark = pytest.mark.timeout(300)


@dataclass(frozen=True)
class JobsRun:
    """A run that is over.

    Attributes:
        generator: Its Jobs.
        served: Its target.
        folder: Its records, fetched.
        most_pods: Of the target, at any time.
    """

    generator: Generator
    served: KnativeService
    folder: Path
    most_pods: int


@pytest.fixture(scope="module")
def jobs_run(cluster: Kubectl, namespace: str, tmp_path_factory: pytest.TempPathFactory) -> JobsRun:
    folder = tmp_path_factory.mktemp("jobs")
    objects = render(cluster, folder, "headless", namespace, OPTIONS)
    served = apply_but_jobs(cluster, objects, namespace)
    served.wait_for_pods(0, within_s=60)
    generator = Generator(cluster, namespace)
    apply_to_namespace(cluster, objects, namespace)
    most_pods = most_until_the_end(generator, served)
    [run] = generator.files_at_home()
    return JobsRun(generator, served, generator.fetch(run, folder), most_pods)


def most_until_the_end(generator: Generator, served: KnativeService) -> int:
    most_pods = 0

    def has_ended() -> bool:
        nonlocal most_pods
        most_pods = max(most_pods, len(served.ready_pods()))
        return generator.job_says("locust-master", "Complete", "Failed")

    wait_for("the end of the run", has_ended, within_s=150)
    generator.wait_for_end("locust-worker", within_s=60)
    return most_pods


def test_the_records_of_all_pods_are_one_run_with_each_planned_arrival_once(
    jobs_run: JobsRun,
) -> None:
    counts = assert_books_balance(jobs_run.folder)
    assert counts["planned"] == counts["sent"] == counts["ok"]
    assert {row["member"] for row in every_row(jobs_run.folder)} == {"w0", "w1"}


def test_the_verdict_accepts_the_fetched_run_as_the_master_judged_it(jobs_run: JobsRun) -> None:
    judged = judge(jobs_run.folder)
    assert jobs_run.generator.exit_codes("locust-master") == [judged.code]
    assert "missing" not in judged.out
    assert unusable_for(jobs_run.folder) == set()


def test_the_workers_end_well(jobs_run: JobsRun) -> None:
    assert jobs_run.generator.exit_codes("locust-worker") == [0, 0]
    assert jobs_run.generator.job_says("locust-worker", "Complete")


def test_the_log_of_the_master_ends_with_the_first_screen(jobs_run: JobsRun) -> None:
    log = jobs_run.generator.log("job/locust-master")
    first_screen = render_first_screen(read_summary(jobs_run.folder))
    _, found, after = log.partition(first_screen)
    assert found, log
    assert [line.split(":")[0] for line in after.split("\n") if line] == ["Records", "Report"]


def test_the_first_call_found_no_pod_and_several_pods_answered_in_the_end(
    jobs_run: JobsRun,
) -> None:
    rows = every_row(jobs_run.folder)
    assert rows[0]["received_s"] - rows[0]["sent_s"] > 0.3, "a pod takes longer than this to start"
    assert len({row["instance_id"] for row in rows}) >= 2
    assert 2 <= jobs_run.most_pods <= 3


def test_after_the_run_the_target_has_no_pods_again(jobs_run: JobsRun) -> None:
    jobs_run.served.wait_for_pods(0, within_s=60)
