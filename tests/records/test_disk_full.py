import shutil
import subprocess
import sys

import pytest

from records.frames import encode_rows
from records.reader import open_run
from records.run_folder import TEMP_SUFFIX
from records.segments import write_segment
from records.writer_start import writer_command, writer_environment
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


def test_the_writer_ends_with_code_5_when_it_cannot_write(tmp_path):
    missing = tmp_path / "gone"
    missing.mkdir()
    command = writer_command(sys.executable, missing, "local")
    missing_rows = encode_rows(calls(1))
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=writer_environment()
    ) as writer:
        missing.rmdir()
        out, _ = writer.communicate(missing_rows, timeout=60)
    assert writer.returncode == 5
    assert b"cannot write records into" in out
