import json
import math

import pytest

from records.run_folder import NewerSchema, RunFolderError
from records.summary_file import SUMMARY_VERSION, read_summary, write_summary


def test_a_summary_comes_back_with_its_version(tmp_path):
    write_summary(tmp_path, {"verdict": "VALID", "p99_s": math.inf})
    assert read_summary(tmp_path) == {
        "summary_version": SUMMARY_VERSION,
        "verdict": "VALID",
        "p99_s": math.inf,
    }


def test_a_later_summary_replaces_the_earlier(tmp_path):
    write_summary(tmp_path, {"verdict": "VALID"})
    write_summary(tmp_path, {"verdict": "SUSPECT"})
    assert read_summary(tmp_path)["verdict"] == "SUSPECT"


def test_a_newer_summary_is_refused_in_one_line(tmp_path):
    write_summary(tmp_path, {"summary_version": SUMMARY_VERSION + 1})
    with pytest.raises(NewerSchema) as newer:
        read_summary(tmp_path)
    assert "\n" not in str(newer.value)


def test_a_run_without_summary_has_not_ended(tmp_path):
    with pytest.raises(RunFolderError, match="has not ended"):
        read_summary(tmp_path)


@pytest.mark.parametrize("text", ["{", "[]", "{}"], ids=["cut", "list", "no-version"])
def test_a_damaged_summary_is_refused(text, tmp_path):
    (tmp_path / "summary.json").write_text(text)
    with pytest.raises(RunFolderError):
        read_summary(tmp_path)


def test_the_file_is_plain_json(tmp_path):
    path = write_summary(tmp_path, {"a": 1})
    assert json.loads(path.read_text())["a"] == 1
