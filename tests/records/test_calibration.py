import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.calibration import (
    Calibration,
    InvalidCalibration,
    calibration_from,
    read_calibration,
)
from records.json_file import write_json

TWO_SPINS = Calibration(by_spin=((0.1, 0.104), (0.5, 0.508)))


def test_a_calibrated_spin_has_what_was_measured():
    assert TWO_SPINS.of(np.array([0.5, 0.1])).tolist() == pytest.approx([0.508, 0.104])


def test_between_calibrated_spins_what_is_above_the_spin_is_interpolated():
    assert TWO_SPINS.of(np.array([0.3])).tolist() == pytest.approx([0.306])


@pytest.mark.parametrize(("spin_s", "above_s"), [(0.01, 0.004), (2.0, 0.008)])
def test_outside_them_it_is_that_of_the_nearest(spin_s, above_s):
    assert TWO_SPINS.of(np.array([spin_s]))[0] == pytest.approx(spin_s + above_s)


def test_a_call_of_unknown_spin_has_no_ideal():
    assert math.isnan(TWO_SPINS.of(np.array([math.nan]))[0])


def test_one_ideal_holds_for_every_call():
    assert Calibration(ideal_s=0.2).of(np.array([0.1, math.nan])).tolist() == [0.2, 0.2]


times = st.floats(1e-6, 1e3)


@given(st.lists(st.tuples(times, times), min_size=1, unique_by=lambda pair: pair[0]))
def test_a_calibration_comes_back_from_a_manifest(pairs):
    calibration = Calibration(by_spin=tuple(sorted(pairs)), how={"calls": 30})
    assert calibration_from(calibration.as_dict()) == calibration


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"ideal_s": 0},
        {"ideal_s": math.inf},
        {"ideal_s": True},
        {"ideal_s": 0.1, "by_spin": [[0.1, 0.1]]},
        {"by_spin": []},
        {"by_spin": [[0.1]]},
        {"by_spin": [[0.1, -1]]},
        {"by_spin": [0.1, 0.2]},
        {"by_spin": [[0.1, 0.1], [0.1, 0.2]]},
        {"by_spin": "0.1"},
    ],
)
def test_what_is_no_calibration_is_refused(value):
    with pytest.raises(InvalidCalibration, match="valid"):
        calibration_from(value)


def test_a_file_comes_back_as_it_was_written(tmp_path):
    write_json(tmp_path / "c.json", TWO_SPINS.as_dict())
    assert read_calibration(tmp_path / "c.json") == TWO_SPINS


@pytest.mark.parametrize("text", ["", "[]", "{", '{"spin": 1}'])
def test_a_file_that_is_none_is_refused_in_one_line_that_names_it(tmp_path, text):
    (tmp_path / "c.json").write_text(text)
    with pytest.raises(InvalidCalibration, match=r"c\.json") as refusal:
        read_calibration(tmp_path / "c.json")
    assert "\n" not in str(refusal.value)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(InvalidCalibration, match="No such file"):
        read_calibration(tmp_path / "c.json")
