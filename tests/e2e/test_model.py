"""A run on a real Service beside its model: the same arrivals, and as many pods."""

import subprocess
import sys
from pathlib import Path

import pytest

from analysis.dataset import read_run
from analysis.modelled import with_model
from analysis.report.model_part import outcome_of
from tests.e2e.knative import deploy, service
from tests.e2e.kubectl import Kubectl

PROJECT = Path(__file__).parents[2]
USABLE_OR_TOO_BUSY = (0, 3)  # on a busy machine a run is INVALID for its lag
LOAD = ("--rps", "4", "--duration", "30s", "--warm-up", "12s", "--spin", "10ms")
pytestmark = pytest.mark.timeout(300)


def test_a_run_has_its_model_beside_it_and_about_as_many_pods(
    cluster: Kubectl, namespace: str, tmp_path: Path
) -> None:
    # By the rate, not by calls at once: a machine that is busy with others has as many pods.
    served = deploy(cluster, service(namespace, metric="rps", target="2", window="10s"))
    ksvc = f"{served.namespace}/{served.name}"
    ours = ["run", "--ksvc", ksvc, "--out", str(tmp_path), "--", "--run-id", "run", *LOAD]
    done = subprocess.run(
        [sys.executable, "-m", "experiment", *ours],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=260,
        check=False,
    )
    assert done.returncode in USABLE_OR_TOO_BUSY, done.stderr
    run = with_model(read_run(tmp_path / "run"))
    assert run.model is not None, (run.missing, done.stderr)
    assert run.model.manifest.simulated["system"]["cores"] >= 1  # as the node has them
    measured, modelled = outcome_of(run, None), outcome_of(run.model, None)
    assert modelled.pods == pytest.approx(3, abs=0.1)  # 4 rps, at 70 % of 2 a pod
    assert measured.pods == pytest.approx(modelled.pods, abs=1)
