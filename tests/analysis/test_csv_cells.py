import csv
import io

import pandas as pd
import pytest

from analysis.report.csv_cells import safe_csv


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t"])
def test_a_text_that_a_spreadsheet_would_run_is_quoted(start):
    table = pd.DataFrame({"detail": [f"{start}cmd|' /C calc'!A0"]})
    (cell,) = list(csv.reader(io.StringIO(safe_csv(table), newline="")))[1]
    assert cell == f"'{start}cmd|' /C calc'!A0"


def test_negative_numbers_stay_numbers():
    assert safe_csv(pd.DataFrame({"x": [-1.5]})) == "x\n-1.5\n"


def test_categories_are_quoted_too():
    table = pd.DataFrame({"id": pd.Categorical(["=1+1", "plain"])})
    assert safe_csv(table) == "id\n'=1+1\nplain\n"


def test_infinity_is_written_and_what_is_missing_is_empty():
    table = pd.DataFrame({"a": [float("inf"), float("nan")], "b": ["x", None]})
    assert safe_csv(table) == "a,b\ninf,x\n,\n"


@pytest.mark.parametrize("start", ["\r=", " =", "\r\r@"], ids=["return", "space", "returns"])
def test_what_hides_a_formula_is_taken_away(start):
    table = pd.DataFrame({"detail": [f"{start}1+1"]})
    assert safe_csv(table) == f"detail\n'{start.strip()}1+1\n"
