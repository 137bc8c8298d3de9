"""A sweep with two arms on a real Service: killed in the middle, gone on with, all put back.

It has the rights of the Role `experimenter` of k8s/base/roles.yaml, and no others.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
import yaml

from records.reader import open_run
from records.sweeps import SweepOnDisk, open_sweep
from records.sweeps.ledger import read_ledger
from tests.e2e.knative import KnativeService, deploy, service
from tests.e2e.kubectl import Kubectl
from tests.e2e.observing import make_account, write_kubeconfig
from tests.waiting import wait_for

PROJECT = Path(__file__).parents[2]
LABEL = "locust-knative/patchable"
WIDE = {
    "containerConcurrency": 10,
    "annotations": {"autoscaling.knative.dev/target": None},
    "resources": {"limits": {"cpu": "0.5"}},
}
QUICK = {"timeoutSeconds": 30}
ALL_OVER, REFUSED, HALTED, CTRL_C = 0, 2, 5, 130
pytestmark = pytest.mark.timeout(480)


@pytest.fixture(scope="module")
def target(cluster: Kubectl, namespace: str) -> KnativeService:
    manifest = service(namespace)
    manifest["metadata"]["labels"] = {LABEL: "true"}
    return deploy(cluster, manifest)


@pytest.fixture(scope="module")
def accounts(cluster: Kubectl, namespace: str) -> str:
    for name in ("observer", "experimenter", "experimenter-observes"):
        make_account(cluster, namespace, name)
    return namespace


@dataclass(frozen=True)
class SweepCommand:
    """`python -m experiment sweep` with the rights of an account."""

    target: KnativeService
    folder: Path
    kubeconfig: Path
    begun: list[subprocess.Popen] = field(default_factory=list)

    @property
    def out(self) -> Path:
        """Of the sweep."""
        return self.folder / "sweep"

    @property
    def said(self) -> str:
        """All that it has said."""
        return (self.folder / "said").read_text()

    def write(self, **arms: dict) -> None:
        """The sweep's file: one small load, and settings by the names of arms."""
        entrance = self.target.entrance()
        asked = {
            "rates_rps": [4],
            "laws": ["poisson"],
            "spins": ["20ms"],
            "duration": "4s",
            "repetitions": 1,
            "cores": 1,
            "calibrate": False,
            "initial": "zero",
            "wait": "90s",
            "host": entrance.address,
            "locust": [f"--authority={entrance.authority}", "--insecure=yes"],
            "arms": [{"name": name, "settings": settings} for name, settings in arms.items()],
        }
        (self.folder / "arms.yaml").write_text(yaml.safe_dump(asked))

    def start(self) -> subprocess.Popen:
        """Begin, or go on."""
        ksvc = f"{self.target.namespace}/{self.target.name}"
        asked = [
            str(self.folder / "arms.yaml"),
            "--ksvc",
            ksvc,
            "--out",
            str(self.out),
            "--no-report",
        ]
        program = [sys.executable, "-m", "experiment", "sweep", *asked]
        surroundings = {name: text for name, text in os.environ.items() if name != "KUBECONFIG"}
        with (self.folder / "said").open("a") as said:
            process = subprocess.Popen(
                [*program, "--kubeconfig", str(self.kubeconfig)],
                cwd=PROJECT,
                env=surroundings,
                stdout=said,
                stderr=subprocess.STDOUT,
            )
        self.begun.append(process)
        return process

    def wait_for_run(self, process: subprocess.Popen) -> None:
        """Until a run of this process is under way."""
        wait_for("a run", lambda: self.is_noted("run-started") or process.poll(), within_s=120)
        assert process.poll() is None, self.said

    def is_noted(self, event: str) -> bool:
        """Whether the ledger has such a line."""
        return any(entry.event == event for entry in read_ledger(self.out))


@pytest.fixture
def sweep(
    cluster: Kubectl, target: KnativeService, accounts: str, tmp_path: Path
) -> Iterator[SweepCommand]:
    kubeconfig = write_kubeconfig(cluster, accounts, "experimenter", tmp_path / "kubeconfig")
    made = SweepCommand(target, tmp_path, kubeconfig)
    yield made
    for process in made.begun:
        process.kill()
        process.wait()


@pytest.fixture
def before(target: KnativeService) -> Iterator[dict]:
    """The Service's spec."""
    spec = spec_of(target)
    yield spec
    assert spec_of(target) == spec


def test_a_sweep_that_is_killed_goes_on_and_leaves_the_service_as_it_was(
    sweep: SweepCommand, before: dict
) -> None:
    sweep.write(wide=WIDE, quick=QUICK)
    process = sweep.start()
    sweep.wait_for_run(process)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert spec_of(sweep.target) != before
    assert sweep.start().wait(400) == ALL_OVER, sweep.said
    assert_all_done(open_sweep(sweep.out))


def test_ctrl_c_puts_the_service_back(sweep: SweepCommand, before: dict) -> None:
    sweep.write(wide=WIDE)
    process = sweep.start()
    sweep.wait_for_run(process)
    process.send_signal(signal.SIGINT)
    assert process.wait(120) == CTRL_C, sweep.said
    assert sweep.is_noted("arm-restored")


def test_what_somebody_changed_meanwhile_is_not_overwritten(
    cluster: Kubectl, sweep: SweepCommand, before: dict
) -> None:
    sweep.write(wide=WIDE)
    process = sweep.start()
    sweep.wait_for_run(process)
    patch(cluster, sweep.target, {"timeoutSeconds": 45})
    assert process.wait(120) == HALTED, sweep.said
    assert (
        "was changed by somebody else (spec.template.spec.timeoutSeconds: 60 -> 45)" in sweep.said
    )
    assert spec_of(sweep.target)["template"]["spec"]["timeoutSeconds"] == 45
    put_back(cluster, sweep.target, before)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"containerConcurrency": -1}, "validation failed: expected 0 <= -1 <= 1000"),
        ({"timeoutSecond": 30}, 'unknown field "spec.template.spec.timeoutSecond"'),
    ],
)
def test_an_arm_that_knative_does_not_take_is_refused_before_any_change(
    sweep: SweepCommand, before: dict, settings: dict, said: str
) -> None:
    sweep.write(quick=QUICK, bad=settings)
    assert sweep.start().wait(60) == REFUSED
    [line] = sweep.said.splitlines()
    assert line.startswith("experiment: arm 'bad': ")
    assert said in line
    assert read_ledger(sweep.out) == ()


def test_without_the_right_to_patch_the_role_is_named(
    cluster: Kubectl, sweep: SweepCommand, before: dict
) -> None:
    observer = write_kubeconfig(
        cluster, sweep.target.namespace, "observer", sweep.folder / "observer"
    )
    sweep.write(quick=QUICK)
    assert replace(sweep, kubeconfig=observer).start().wait(60) == REFUSED
    assert "bind the Role `experimenter` of k8s/base" in sweep.said


def assert_all_done(found: SweepOnDisk) -> None:
    """Each run has its records, each on a revision of its own arm, and was waited for."""
    folders = [found.run_folder(run.run_id) for run in found.sweep.runs]
    manifests = [open_run(folder).manifest for folder in folders if folder is not None]
    assert len(manifests) == len(found.sweep.runs)
    revisions = {manifest.knative["service"]["revision"] for manifest in manifests}
    assert len(revisions) == len(found.sweep.arms)
    waits = [entry.fields for entry in found.entries if entry.event == "waited"]
    assert {"zero", "the revision to be ready"} <= {wait["for"] for wait in waits}
    assert all(wait["reached"] for wait in waits)


def spec_of(target: KnativeService) -> dict:
    """Of the Service."""
    return target.kubectl.get(target.namespace, "ksvc", target.name)["spec"]


def patch(cluster: Kubectl, target: KnativeService, fields: dict) -> None:
    """Somebody changes fields of the template."""
    body = yaml.safe_dump({"spec": {"template": {"spec": fields}}})
    how = ("--type=merge", "-p", body)
    cluster.text("-n", target.namespace, "patch", "ksvc", target.name, *how)


def put_back(cluster: Kubectl, target: KnativeService, spec: dict) -> None:
    """Somebody sets the Service as it was."""
    found = cluster.get(target.namespace, "ksvc", target.name)
    cluster.text("replace", "-f", "-", given=yaml.safe_dump(found | {"spec": spec}))
