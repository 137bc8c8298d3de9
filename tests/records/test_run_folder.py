import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.run_folder import (
    InvalidRunId,
    RunExists,
    RunFolderError,
    check_name,
    join_run_folder,
    new_run_folder,
    new_run_id,
    parse_segment_name,
    segment_name,
)

SAFE = string.ascii_letters + string.digits + "._-"
NAMES = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,95}", fullmatch=True)

UNSAFE_IDS = {
    "parent": "..",
    "climbing": "../escaped",
    "hidden-climb": "a/../../escaped",
    "absolute": "/tmp/escaped",  # noqa: S108 - a name that must be refused, never written
    "here": ".",
    "hidden": ".run",
    "empty": "",
    "space": "a b",
    "newline": "run\n",
    "null": "run\0",
    "backslash": "a\\b",
    "dash-first": "-rf",
    "umlaut": "läuf",
    "arabic-digit": "\u0661run",
    "too-long": "a" * 97,
}


@pytest.mark.parametrize("run_id", UNSAFE_IDS.values(), ids=UNSAFE_IDS.keys())
@pytest.mark.parametrize("make", [new_run_folder, join_run_folder])
def test_a_run_id_that_could_lead_elsewhere_is_refused_before_anything_is_made(
    make, run_id, tmp_path
):
    root = tmp_path / "results"
    with pytest.raises(InvalidRunId) as refused:
        make(root, run_id)
    assert repr(run_id) in str(refused.value)
    assert "\n" not in str(refused.value)
    assert list(tmp_path.iterdir()) == []


@given(st.text(max_size=120))
def test_a_name_passes_exactly_when_it_has_only_safe_characters(name):
    is_safe = 0 < len(name) <= 96 and set(name) <= set(SAFE) and name[0] not in "._-"
    try:
        assert check_name(name) == name
    except InvalidRunId:
        assert not is_safe
    else:
        assert is_safe


def test_a_new_run_gets_an_empty_folder_below_a_root_that_is_made_for_it(tmp_path):
    folder = new_run_folder(tmp_path / "deep" / "results", "run-1")
    assert folder == (tmp_path / "deep" / "results" / "run-1").resolve()
    assert list(folder.iterdir()) == []


def test_an_existing_run_is_never_overwritten(tmp_path):
    folder = new_run_folder(tmp_path, "run-1")
    (folder / "summary.json").write_text("precious")
    with pytest.raises(RunExists, match="exists already"):
        new_run_folder(tmp_path, "run-1")
    assert (folder / "summary.json").read_text() == "precious"


def test_a_file_in_the_way_is_left_alone(tmp_path):
    (tmp_path / "run-1").write_text("precious")
    with pytest.raises(RunExists):
        new_run_folder(tmp_path, "run-1")
    assert (tmp_path / "run-1").read_text() == "precious"


@pytest.mark.parametrize("target_exists", [True, False], ids=["live", "dangling"])
@pytest.mark.parametrize("make", [new_run_folder, join_run_folder])
def test_a_symbolic_link_in_place_of_the_run_is_not_followed(make, target_exists, tmp_path):
    target = tmp_path / "elsewhere"
    if target_exists:
        target.mkdir()
    root = tmp_path / "results"
    root.mkdir()
    (root / "run-1").symlink_to(target)
    with pytest.raises(RunFolderError):
        make(root, "run-1")
    assert target.exists() == target_exists


def test_the_root_may_be_a_link_for_it_is_the_users_own_choice(tmp_path):
    (tmp_path / "disk").mkdir()
    (tmp_path / "results").symlink_to(tmp_path / "disk")
    assert new_run_folder(tmp_path / "results", "run-1") == (tmp_path / "disk" / "run-1").resolve()


def test_a_root_that_cannot_be_made_is_said_in_one_line(tmp_path):
    (tmp_path / "results").write_text("a file")
    with pytest.raises(RunFolderError, match="cannot make") as refused:
        new_run_folder(tmp_path / "results", "run-1")
    assert "\n" not in str(refused.value)


def test_a_second_member_joins_the_folder_that_the_first_made(tmp_path):
    made = new_run_folder(tmp_path, "run-1")
    assert join_run_folder(tmp_path, "run-1") == made


def test_a_member_on_another_machine_makes_the_folder_it_joins(tmp_path):
    assert join_run_folder(tmp_path, "run-1").is_dir()


def test_a_run_that_has_ended_cannot_be_joined(tmp_path):
    (new_run_folder(tmp_path, "run-1") / "summary.json").write_text("{}")
    with pytest.raises(RunExists, match="has ended"):
        join_run_folder(tmp_path, "run-1")


def test_a_run_id_says_when_and_what_and_is_unique():
    assert new_run_id(1_764_042_852.7, "poisson 20rps", "x7k2") == (
        "20251125-035412-poisson-20rps-x7k2"
    )


def test_a_run_id_without_a_label_is_time_and_suffix():
    assert new_run_id(0.0, "", "x7k2") == "19700101-000000-x7k2"


@given(
    st.floats(0, 4e9),
    st.text(max_size=200),
    st.text(string.ascii_lowercase, min_size=1, max_size=12),
)
def test_any_label_makes_a_valid_run_id_that_keeps_its_suffix(wall_unix_s, label, suffix):
    run_id = new_run_id(wall_unix_s, label, suffix)
    assert check_name(run_id).endswith(f"-{suffix}")
    assert re.match(r"\d{8}-\d{6}-", run_id)


@given(NAMES, st.integers(0, 10**7))
def test_a_segment_name_gives_back_member_and_number(member, n):
    assert parse_segment_name(segment_name(member, n)) == (member, n)


@pytest.mark.parametrize(
    "name",
    ["manifest.json", "calls-a.parquet", "calls-a-1.parquet", "calls-a-00001.parquet.tmp"],
)
def test_other_files_are_no_segments(name):
    assert parse_segment_name(name) is None


def test_a_members_name_cannot_lead_elsewhere_either():
    with pytest.raises(InvalidRunId, match="member name"):
        segment_name("../escaped", 0)
