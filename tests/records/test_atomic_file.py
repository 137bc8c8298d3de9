import os
from pathlib import Path

import pytest

from records.atomic_file import replace_file, write_new_file


@pytest.fixture
def full_disk(monkeypatch):
    def write(descriptor, data):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("records.atomic_file.os.write", write)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("write", [write_new_file, replace_file])
def test_the_file_has_exactly_the_bytes_and_no_temporary_file_stays(write, tmp_path):
    write(tmp_path / "a", b"abc")
    assert (tmp_path / "a").read_bytes() == b"abc"
    assert names(tmp_path) == ["a"]


def test_bytes_are_written_whole_when_the_system_takes_a_few_at_a_time(tmp_path, monkeypatch):
    real_write = os.write
    monkeypatch.setattr("records.atomic_file.os.write", lambda fd, data: real_write(fd, data[:3]))
    write_new_file(tmp_path / "a", b"abcdefgh")
    assert (tmp_path / "a").read_bytes() == b"abcdefgh"


def test_an_existing_file_is_not_written_as_new(tmp_path):
    (tmp_path / "a").write_bytes(b"precious")
    with pytest.raises(FileExistsError):
        write_new_file(tmp_path / "a", b"abc")
    assert (tmp_path / "a").read_bytes() == b"precious"


def test_two_writers_of_one_new_file_do_not_share_a_temporary_file(tmp_path):
    (tmp_path / "a.tmp").write_bytes(b"another's")
    with pytest.raises(FileExistsError):
        write_new_file(tmp_path / "a", b"abc")
    assert (tmp_path / "a.tmp").read_bytes() == b"another's"


def test_replacing_gets_over_the_temporary_file_of_a_killed_process(tmp_path):
    (tmp_path / "a.tmp").write_bytes(b"half")
    replace_file(tmp_path / "a", b"whole")
    assert (tmp_path / "a").read_bytes() == b"whole"
    assert names(tmp_path) == ["a"]


def test_a_link_left_as_temporary_file_is_not_written_through(tmp_path):
    victim = tmp_path / "victim"
    victim.write_bytes(b"precious")
    (tmp_path / "a.tmp").symlink_to(victim)
    replace_file(tmp_path / "a", b"abc")
    assert victim.read_bytes() == b"precious"


@pytest.mark.usefixtures("full_disk")
def test_a_full_disk_leaves_the_earlier_file_and_no_temporary_one(tmp_path):
    (tmp_path / "a").write_bytes(b"earlier")
    with pytest.raises(OSError, match="No space left"):
        replace_file(tmp_path / "a", b"abc")
    assert (tmp_path / "a").read_bytes() == b"earlier"
    assert names(tmp_path) == ["a"]


def test_file_and_folder_are_synced_before_and_after_the_rename(tmp_path, monkeypatch):
    steps = []
    real_fsync = os.fsync

    def fsync(descriptor):
        steps.append((Path(f"/proc/self/fd/{descriptor}").readlink(), (tmp_path / "a").exists()))
        real_fsync(descriptor)

    monkeypatch.setattr("records.atomic_file.os.fsync", fsync)
    write_new_file(tmp_path / "a", b"abc")
    assert steps == [(tmp_path / "a.tmp", False), (tmp_path, True)]
