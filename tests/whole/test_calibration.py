"""A worker that nothing loads has a slowdown of 1, at every spin."""

import json

import numpy as np
import pytest

from experiment.calibration.measure import calibrate_spins
from grpc_user.channels import ChannelSettings
from grpc_user.targets import parse_targets
from records.json_file import write_json
from tests.whole.harness import headless, run_locust
from tests.worker.fakes import running_worker, tell

pytestmark = pytest.mark.timeout(400)  # its spins take five times as long on a busy machine
SPINS_S = (0.1, 0.3, 1.0)
CALLS = 7
QUIET = 0.02


@pytest.fixture(scope="module")
def calibrated(folder):
    with running_worker() as worker:
        (target,) = parse_targets(worker.address)
        calibration, spreads = calibrate_spins(target, ChannelSettings(), SPINS_S, CALLS)
        write_json(folder / "calibration.json", calibration.as_dict())
        yield worker.address, folder / "calibration.json", spreads


def loaded(folder, calibrated, spin_s):
    address, file, _ = calibrated
    options = f"--rps {0.4 / spin_s} --duration {CALLS * spin_s / 0.4}s --spin {spin_s}s"
    flags = ("--host", address, "--calibration", str(file), *options.split())
    return run_locust(folder / f"{spin_s}s", *flags)


@pytest.mark.parametrize("which", range(len(SPINS_S)), ids=lambda which: f"{SPINS_S[which]} s")
def test_an_unloaded_worker_has_a_slowdown_of_one(folder, calibrated, which):
    spin_s, spread = SPINS_S[which], calibrated[2][which]
    rows = [row for row in loaded(folder, calibrated, spin_s).rows if row["status"] == "ok"]
    latencies_s = np.array([row["received_s"] - row["intended_s"] for row in rows])
    waited_s = np.array([row["worker_wall_s"] - row["worker_cpu_s"] for row in rows])
    # A machine that others use lets the work wait for a CPU, which both sides saw and can leave
    # out, and what is left is as uncertain as the quartiles of both are apart.
    slowdowns = (latencies_s - waited_s) / (spread.median_s - spread.contention_s)
    apart = float(np.subtract(*np.quantile(slowdowns, (0.75, 0.25)))) + spread.share
    tell(
        f"spin {spin_s} s: slowdown {np.median(latencies_s) / spread.median_s:.4f} as measured,"
        f" {np.median(slowdowns):.4f} without contention, quartiles {apart:.4f} apart"
    )
    assert np.median(slowdowns) == pytest.approx(1.0, abs=max(QUIET, apart))


def test_the_manifest_and_the_first_screen_say_that_it_was_calibrated(folder, calibrated):
    address, file, _ = calibrated
    flags = ("--host", address, "--calibration", str(file), "--rps", "5", "--duration", "1s")
    ended = run_locust(folder / "said", *flags)
    assert ended.manifest.calibration == json.loads(file.read_text())
    assert "the calibration" in ended.out


@pytest.mark.parametrize("content", [None, "{}", '{"ideal_s": 0}'])
def test_what_is_no_calibration_is_refused_before_any_load(folder, tmp_path, content):
    file = tmp_path / "c.json"
    if content is not None:
        file.write_text(content)
    ended = headless(tmp_path / "runs", "--calibration", str(file), "--duration", "1s").end()
    assert ended.code == 2
    assert "--calibration" in ended.err
    assert "Traceback" not in ended.err
    assert ended.folders == []
