import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from records.json_file import read_json, write_json

SPECIAL = {"Infinity", "-Infinity", "NaN"}
PLAIN_TEXT = st.text(st.characters(codec="utf-8"), max_size=20)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | PLAIN_TEXT.filter(lambda text: text not in SPECIAL)
)
TREES = st.dictionaries(
    PLAIN_TEXT,
    st.recursive(
        LEAVES,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(PLAIN_TEXT, inner, max_size=4),
        max_leaves=10,
    ),
    max_size=4,
)


@given(value=TREES)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
def test_any_tree_of_plain_values_comes_back(value, tmp_path):
    write_json(tmp_path / "a.json", value)
    assert read_json(tmp_path / "a.json") == value


def test_infinities_are_texts_in_the_file_so_that_every_reader_takes_it(tmp_path):
    write_json(tmp_path / "a.json", {"p99_s": math.inf, "low": [-math.inf, math.nan]})

    def refuse(constant):
        raise AssertionError(constant)

    raw = json.loads((tmp_path / "a.json").read_text(), parse_constant=refuse)
    assert raw == {"p99_s": "Infinity", "low": ["-Infinity", "NaN"]}
    restored = read_json(tmp_path / "a.json")
    assert restored["p99_s"] == math.inf
    assert restored["low"][0] == -math.inf
    assert math.isnan(restored["low"][1])


def test_numpy_numbers_and_paths_become_plain(tmp_path):
    write_json(tmp_path / "a.json", {"n": np.int64(3), "x": np.float64(0.5), "p": Path("a/b")})
    assert read_json(tmp_path / "a.json") == {"n": 3, "x": 0.5, "p": "a/b"}


def test_a_value_json_cannot_hold_is_named_and_the_earlier_file_stays(tmp_path):
    write_json(tmp_path / "a.json", {"a": 1})
    with pytest.raises(TypeError, match="options: host cannot be written as JSON: object"):
        write_json(tmp_path / "a.json", {"options": {"host": object()}})
    assert read_json(tmp_path / "a.json") == {"a": 1}


@pytest.mark.parametrize("text", ["", "{", "[1]", "7"], ids=["empty", "cut", "list", "number"])
def test_what_is_no_mapping_is_refused(text, tmp_path):
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(ValueError):
        read_json(tmp_path / "a.json")
