"""The command against a real spin worker and a real service that is described by reflection."""

import json

import pytest

from experiment.__main__ import main
from records.calibration import read_calibration
from tests.worker.fakes import running_worker


@pytest.fixture(scope="module")
def target():
    with running_worker() as worker:
        yield worker.address


@pytest.fixture(scope="module")
def calibrated(target, tmp_path_factory):
    out = tmp_path_factory.mktemp("calibrated") / "calibration.json"
    assert main(["calibrate", "--host", target, "--spin", "20ms,5ms", "--out", str(out)]) == 0
    return out


def test_each_spin_is_calibrated_above_the_spin_itself(calibrated):
    for spin_s, ideal_s in read_calibration(calibrated).by_spin:
        assert ideal_s > spin_s


def test_the_file_says_how_it_was_measured(calibrated, target):
    how = json.loads(calibrated.read_text())["how"]
    assert (how["target"], how["calls"], how["instances"]) == (target, 30, 1)


def test_a_file_that_is_there_is_not_replaced(calibrated, target, capsys):
    before = calibrated.read_bytes()
    assert main(["calibrate", "--host", target, "--out", str(calibrated)]) == 2
    assert calibrated.read_bytes() == before
    assert "is there already" in capsys.readouterr().err


def test_any_call_is_calibrated_by_its_rows(target, tmp_path):
    out = tmp_path / "c.json"
    (tmp_path / "rows.jsonl").write_text('{"spin_us": 1000}\n{"spin_us": 2000}\n')
    call = ["--call", "spin.v1.Spinner/Spin", "--data", f"@{tmp_path}/rows.jsonl"]
    assert main(["calibrate", "--host", target, *call, "--out", str(out)]) == 0
    assert read_calibration(out).ideal_s > 0.001


def test_without_a_target_a_worker_of_its_own_is_called(tmp_path, capsys):
    out = tmp_path / "c.json"
    assert main(["calibrate", "--spin", "1ms", "--out", str(out)]) == 0
    assert "spin 1 ms takes" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--spin", "soon"), "valid: a time"),
        (("--spin", "0s"), "above 0"),
        (("--calls", "5"), "from 30 to 1000"),
        (("--call", "a.B/C", "--spin", "1s"), "one of them"),
        (("--call", "a.B/C"), "--call needs a target"),
        (("--host", "127.0.0.1:1", "--ksvc", "a/b"), "one of them"),
        (("--host", "example.com:80"), "plain text"),
        (("--host", "127.0.0.1:1"), "UNAVAILABLE"),
        (("--out", "/nowhere/at/all/c.json"), "valid: one that is"),
    ],
)
def test_what_cannot_be_calibrated_is_said_in_one_line(arguments, said, tmp_path, capsys):
    out = () if "--out" in arguments else ("--out", str(tmp_path / "c.json"))
    assert _code(["calibrate", *arguments, *out]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert said in line
    assert not (tmp_path / "c.json").exists()


def _code(arguments):
    try:
        return main(arguments)
    except SystemExit as ended:
        return ended.code
