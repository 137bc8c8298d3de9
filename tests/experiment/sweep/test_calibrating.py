import pytest

from experiment.sweep.calibrating import have_calibration, is_calibrated
from experiment.sweep.ground import TargetGone
from records.calibration import read_calibration
from tests.experiment.sweep.light_sweep import light_spec

NOTHING_THERE = ["--host=127.0.0.1:1"]


@pytest.mark.parametrize(
    ("changes", "calibrated"),
    [
        ({}, True),
        ({"calibrate": False}, False),
        ({"locust": ["--call=shop.Quote/Get"]}, False),
        ({"locust": ["--calibration=mine.json"]}, False),
        ({"locust": ["--connections=4"]}, True),
    ],
    ids=["by itself", "not wanted", "another call", "one of its own", "other options"],
)
def test_the_spin_call_is_calibrated_unless_the_runs_make_another(changes, calibrated):
    assert is_calibrated(light_spec(**changes)) is calibrated


def test_every_spin_of_the_sweep_is_measured_once_and_noted(tmp_path):
    noted = []
    spec = light_spec(spins=["1ms", "2ms"])
    for _ in range(2):
        have_calibration(spec, tmp_path, [], lambda event, **_: noted.append(event))
    assert [spin_s for spin_s, _ in read_calibration(tmp_path / "calibration.json").by_spin] == [
        0.001,
        0.002,
    ]
    assert noted == ["calibrated"]


def test_a_target_that_is_not_there_halts_the_sweep_before_its_first_run(tmp_path):
    with pytest.raises(TargetGone, match=r"no calibration: a call of .* UNAVAILABLE"):
        have_calibration(light_spec(), tmp_path, NOTHING_THERE, print)
    assert not (tmp_path / "calibration.json").exists()
