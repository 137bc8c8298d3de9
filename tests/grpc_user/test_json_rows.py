import numpy as np
import pytest

from grpc_user.json_rows import check_data_text, read_rows, row_index
from shapes.errors import InvalidValue


def test_no_data_is_one_empty_object():
    assert read_rows("") == ({},)


def test_data_is_one_row():
    assert read_rows('{"name": "ü"}') == ({"name": "ü"},)


def test_a_file_has_a_row_a_line(tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_text('{"a": 1}\n\n[{"a": 2}, {"a": 3}]\n', encoding="utf-8")
    assert read_rows(f"@{path}") == ({"a": 1}, [{"a": 2}, {"a": 3}])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param("", "no line in it", id="empty"),
        pytest.param('{"a": 1}\n{"a": \n', r"rows\.jsonl:2", id="torn-line"),
        pytest.param("3\n", r"rows\.jsonl:1", id="number"),
    ],
)
def test_a_bad_file_is_refused_by_its_line(tmp_path, content, said):
    path = tmp_path / "rows.jsonl"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InvalidValue, match=said):
        read_rows(f"@{path}")


def test_a_missing_file_is_refused():
    with pytest.raises(InvalidValue, match="No such file"):
        read_rows("@/no/such/rows.jsonl")
    check_data_text("@/no/such/rows.jsonl")  # the members may have it


def test_a_row_depends_on_seed_and_arrival_alone():
    assert [row_index(5, k, 10) for k in range(50)] == [row_index(5, k, 10) for k in range(50)]
    assert [row_index(5, k, 10) for k in range(50)] != [row_index(6, k, 10) for k in range(50)]


def test_rows_are_taken_evenly():
    counts = np.bincount([row_index(1, k, 8) for k in range(8000)], minlength=8)
    expected, five_sigma = 1000, 5 * np.sqrt(8000 * (1 / 8) * (7 / 8))
    assert np.all(np.abs(counts - expected) < five_sigma)
