from pathlib import Path

import pytest

from worker.cgroup import (
    own_folder,
    parse_quota_cpus,
    parse_throttled_us,
    quota_cpus,
    throttled_us_reader,
)

V2_STAT = """usage_usec 1234
user_usec 1000
system_usec 234
nr_periods 40
nr_throttled 12
throttled_usec 345678
"""
V1_STAT = "nr_periods 40\nnr_throttled 12\nthrottled_time 345678999\n"


@pytest.mark.parametrize(
    ("text", "us"),
    [
        (V2_STAT, 345_678),
        (V1_STAT, 345_678),
        ("usage_usec 1\n", None),
        ("", None),
        ("throttled_usec many\n", None),
        ("throttled_usec\n", None),
    ],
    ids=["v2", "v1", "v2-without-cpu-controller", "empty", "no-number", "no-value"],
)
def test_throttled_time_is_read_from_both_kinds_of_cpu_stat(text, us):
    assert parse_throttled_us(text) == us


@pytest.mark.parametrize(
    ("text", "cpus"),
    [
        ("150000 100000\n", 1.5),
        ("max 100000\n", None),
        ("-1\n 100000\n", None),
        ("50000\n 100000\n", 0.5),
        ("", None),
        ("100000 0", None),
        ("1 2 3", None),
    ],
    ids=["v2", "v2-no-limit", "v1-no-limit", "v1", "none", "no-period", "other"],
)
def test_a_quota_is_so_many_cpus(text, cpus):
    assert parse_quota_cpus(text) == cpus


def tree(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


@pytest.mark.parametrize(
    ("own", "files", "folder"),
    [
        ("0::/\n", {"cpu.stat": V2_STAT}, "."),
        ("0::/pods/a\n", {"cpu.stat": V2_STAT, "pods/a/cpu.stat": V2_STAT}, "pods/a"),
        ("0::/pods/a\n", {"cpu.stat": V2_STAT}, "."),
        ("3:cpu,cpuacct:/a\n0::/\n", {"cpu,cpuacct/a/cpu.stat": V1_STAT}, "cpu,cpuacct/a"),
        ("3:cpu,cpuacct:/a\n", {"cpu/a/cpu.stat": V1_STAT}, "cpu/a"),
        ("3:cpu:/hidden\n", {"cpu/cpu.stat": V1_STAT}, "cpu"),
        ("4:cpuset:/b\n", {"cpuset/b/cpu.stat": V1_STAT}, "."),
    ],
    ids=[
        "v2-top",
        "v2-path",
        "v2-hidden-path",
        "v1-both-controllers",
        "v1-link",
        "v1-hidden-path",
        "no-cpu-controller",
    ],
)
def test_the_own_cgroup_is_found_as_it_is_mounted(tmp_path, own, files, folder):
    root = tree(tmp_path / "fs", files)
    said = tree(tmp_path, {"self": own}) / "self"
    assert own_folder(said, root) == root / folder


def test_the_reader_sees_throttling_grow(tmp_path):
    read = throttled_us_reader(tree(tmp_path, {"cpu.stat": "throttled_usec 5\n"}))
    (tmp_path / "cpu.stat").write_text("throttled_usec 17\n")
    assert read() == 17


def test_throttling_is_zero_where_nothing_is_said(tmp_path):
    assert throttled_us_reader(tmp_path)() == 0


def test_a_machine_without_cgroups_has_no_quota_and_no_throttling(tmp_path):
    folder = own_folder(tmp_path / "none", tmp_path)
    assert quota_cpus(folder) is None
    assert throttled_us_reader(folder)() == 0


@pytest.mark.parametrize(
    "files",
    [
        {"cpu.max": "200000 100000\n"},
        {"cpu.cfs_quota_us": "200000\n", "cpu.cfs_period_us": "100000\n"},
    ],
    ids=["v2", "v1"],
)
def test_the_quota_is_read_from_both_kinds_of_cgroup(tmp_path, files):
    assert quota_cpus(tree(tmp_path, files)) == 2.0
