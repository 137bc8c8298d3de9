import shutil
import subprocess

import pytest

from records.reader import open_run
from records.run_folder import TEMP_SUFFIX
from records.segments import write_segment
from tests.records.fakes import calls, run_generator

ROWS = 20_000


def assert_the_loss_is_told_and_nothing_is_half(folder, report):
    assert "cannot write records into" in report["error"]
    assert report["rows_given"] == ROWS
    assert report["rows_written"] == 0
    assert not list(folder.glob(f"*{TEMP_SUFFIX}"))
    assert open_run(folder).table(["k"])["k"].to_pylist() == list(range(10))


@pytest.mark.parametrize("patch", ["", "gevent-"], ids=["plain", "gevent"])
def test_a_file_that_may_not_grow_ends_the_record_and_leaves_earlier_segments(patch, tmp_path):
    write_segment(tmp_path, "local", 0, calls(10))
    report = run_generator(tmp_path, f"{patch}limited", ROWS, 50_000)
    assert "File too large" in report["error"]
    assert_the_loss_is_told_and_nothing_is_half(tmp_path, report)


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 1 MiB, nearly full."""
    mount = [
        shutil.which("mount") or "mount",
        "-t",
        "tmpfs",
        "-o",
        "size=1m",
        "tmpfs",
        str(tmp_path),
    ]
    try:
        subprocess.run(mount, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("needs the right to mount a file system")
    (tmp_path / "ballast").write_bytes(bytes(900_000))
    yield tmp_path
    subprocess.run([shutil.which("umount"), str(tmp_path)], check=True)


def test_a_full_disk_ends_the_record_and_leaves_earlier_segments(small_disk):
    write_segment(small_disk, "local", 0, calls(10))
    report = run_generator(small_disk, "given", ROWS)
    assert "No space left on device" in report["error"]
    assert_the_loss_is_told_and_nothing_is_half(small_disk, report)
