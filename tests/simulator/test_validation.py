"""The table of docs/simulator.md, in part made again."""

from pathlib import Path

import pytest

from simulator.commands.options import GROUPS
from tests.simulator.validation import limited_row, little_row

ROOT = Path(__file__).parents[2]
LINES = (ROOT / "docs/simulator.md").read_text().splitlines()
TABLE = [line.strip("| ").split(" | ") for line in LINES if "| test_" in line]


@pytest.mark.parametrize("row", [limited_row, little_row])
def test_a_row_made_again_is_the_one_that_is_documented(row):
    assert list(row()) in TABLE


def test_the_tests_that_it_names_exist():
    names = {path.stem for path in (ROOT / "tests/simulator").rglob("test_*.py")}

    assert len(TABLE) > 10
    assert {row[-1] for row in TABLE} <= names


def test_the_options_that_it_names_exist():
    flags = {option.flag for options in GROUPS.values() for option in options}
    words = " ".join(LINES).replace("`", " ").replace(")", " ").split()
    named = {word for word in words if word.startswith("--")} - {"---", "--help", "--seeds"}
    assert len(named) > 8
    assert named <= flags
