"""A run by Jobs in a test's namespace: what it says, and its records."""

import io
import json
import tarfile
from dataclasses import dataclass
from pathlib import Path

from records.reader import open_run
from records.summary_file import read_summary
from tests.e2e.kubectl import Kubectl
from tests.waiting import wait_for

COMPONENT = "app.kubernetes.io/component="


@dataclass(frozen=True)
class Generator:
    """Master, workers and keeper of records in one namespace."""

    kubectl: Kubectl
    namespace: str

    def wait_for_end(self, job: str, within_s: float) -> None:
        """Until the Job has ended, well or not."""
        wait_for(f"the end of {job}", lambda: self.job_says(job, "Complete", "Failed"), within_s)

    def wait_for_rollout(self, deployment: str) -> None:
        """Until the Deployment's pods are ready."""
        what = ("rollout", "status", f"deployment/{deployment}", "--timeout=60s")
        self.kubectl.text("-n", self.namespace, *what, timeout_s=70)

    def job_says(self, job: str, *conditions: str) -> bool:
        """Whether one of the conditions is true of the Job."""
        status = self.kubectl.get(self.namespace, "job", job)["status"]
        said = {each["type"] for each in status.get("conditions", []) if each["status"] == "True"}
        return bool(said & set(conditions))

    def pods(self, component: str) -> list[dict]:
        """The pods of one part."""
        return self.kubectl.items(self.namespace, "pods", COMPONENT + component)

    def exit_codes(self, component: str) -> list[int | None]:
        """Of the part's Locust processes; None for one that has not ended."""
        return [exit_code(pod, "locust") for pod in self.pods(component)]

    def log(self, what: str) -> str:
        """What the default container of a Job's or Deployment's pod has printed."""
        return self.kubectl.text("-n", self.namespace, "logs", what)

    def files_at_home(self) -> dict[str, int]:
        """The runs that have come home, as far as they have: how many files, by the run's name."""
        answer = json.loads(self.kubectl.raw(f"{self._depot()}/runs"))
        return {each["run"]: each["files"] for each in answer["runs"]}

    def fetch(self, run: str, folder: Path) -> Path:
        """The run's folder, unpacked under `folder`."""
        packed = io.BytesIO(self.kubectl.raw(f"{self._depot()}/runs/{run}.tar"))
        with tarfile.open(fileobj=packed) as archive:
            archive.extractall(folder, filter="data")
        return folder / run

    def fetch_whole(self, run: str, folder: Path, within_s: float) -> Path:
        """The same, once nothing is missing: pods that stay send their files home by and by."""

        def is_whole() -> bool:
            return run in self.files_at_home() and has_all_rows(self.fetch(run, folder))

        wait_for("all records at home", is_whole, within_s)
        return folder / run

    def _depot(self) -> str:
        return f"/api/v1/namespaces/{self.namespace}/services/locust-results:8070/proxy"


def exit_code(pod: dict, container: str) -> int | None:
    """How a container ended; None when it has not."""
    statuses = pod["status"].get("containerStatuses", [])
    [state] = [each["state"] for each in statuses if each["name"] == container]
    return state.get("terminated", {}).get("exitCode")


def has_all_rows(folder: Path) -> bool:
    """Whether there is a row for every arrival: of a member's files the last may come late."""
    run = open_run(folder)
    if run.missing:
        return False
    return run.counts()["planned"] == read_summary(folder)["counts"]["all"]["planned"]


def unusable_for(folder: Path) -> set[str]:
    """Reasons that make a run INVALID, but for those of a machine that is too busy for it."""
    findings = read_summary(folder)["verdict"]["findings"]
    reasons = {each["reason"] for each in findings if each["level"] == "INVALID"}
    return reasons - {"lag", "arrival-law"}
