import numpy as np
import pytest

from records.arrow_schema import ARROW_SCHEMA
from records.rows import InvalidRow, fitting_rows, rows_to_table
from tests.records.fakes import call, calls

MISFITS = {
    "text-for-number": {"sent_s": "soon"},
    "number-for-text": {"code": 14},
    "bytes-for-float": {"intended_s": b"\0" * 8},
    "none-for-k": {"k": None},
    "too-large": {"channel": 2**40},
    "fraction-for-count": {"request_bytes": 1.5},
    "list": {"detail": ["a", "b"]},
}


def test_rows_become_a_table_of_the_schema():
    table = rows_to_table(calls(3))
    assert table.schema.equals(ARROW_SCHEMA, check_metadata=True)
    assert table.to_pylist() == [row._asdict() for row in calls(3)]


def test_no_rows_are_a_table_too():
    assert rows_to_table([]).num_rows == 0


@pytest.mark.parametrize("changes", MISFITS.values(), ids=MISFITS.keys())
def test_a_value_of_the_wrong_kind_is_refused_naming_column_and_value(changes):
    ((column, value),) = changes.items()
    with pytest.raises(InvalidRow) as refused:
        rows_to_table([call(0), call(1, **changes)])
    assert column in str(refused.value)
    assert repr(value)[:20] in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("changes", MISFITS.values(), ids=MISFITS.keys())
def test_one_misfit_does_not_cost_the_other_rows(changes):
    fitting, sentences = fitting_rows([call(0), call(1, **changes), call(2)])
    assert fitting == [call(0), call(2)]
    assert len(sentences) == 1


def test_a_row_of_another_length_is_a_misfit():
    with pytest.raises(InvalidRow):
        rows_to_table([call(0), tuple(call(1))[:-1]])
    assert fitting_rows([call(0), tuple(call(1))[:-1]])[0] == [call(0)]


def test_a_text_that_utf8_cannot_hold_is_repaired_not_lost():
    fitting, sentences = fitting_rows([call(0, detail="bad \ud800 half")])
    assert sentences == []
    assert rows_to_table(fitting)["detail"].to_pylist() == ["bad ? half"]


def test_numpy_numbers_fit_where_rows_are_written_directly():
    table = rows_to_table([call(intended_s=np.float64(1.5), k=np.int64(7))])
    assert table["k"].to_pylist() == [7]
    assert table["intended_s"].to_pylist() == [1.5]
