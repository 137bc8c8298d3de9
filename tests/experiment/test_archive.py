"""A run's files out of a tar that came over the network."""

import io
import tarfile

import pytest

from experiment.fetching.archive import UnsafeArchive, unpack_run

SEGMENT = "calls-a-00000.parquet"


def test_files_of_the_run_are_unpacked_flat(tmp_path):
    names = unpack_run(
        _tar(entry("run1/manifest.json"), entry(f"./run1/{SEGMENT}")), "run1", tmp_path
    )
    assert names == ("manifest.json", SEGMENT)
    assert (tmp_path / SEGMENT).read_bytes() == b"rows"


@pytest.mark.parametrize(
    "name",
    ["../evil", "/etc/passwd", "run1/../evil", "run2/manifest.json", "run1/a/b", "run1/x.tmp"],
)
def test_a_name_that_leads_elsewhere_is_refused(tmp_path, name):
    inside = tmp_path / "inside"
    inside.mkdir()
    with pytest.raises(UnsafeArchive, match="plain files"):
        unpack_run(_tar(entry(name)), "run1", inside)
    assert [path.name for path in tmp_path.rglob("*")] == ["inside"]


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE]
)
def test_what_is_no_plain_file_is_refused(tmp_path, kind):
    with pytest.raises(UnsafeArchive, match="plain files"):
        unpack_run(_tar(entry("run1/link", b"", kind)), "run1", tmp_path)


def test_more_bytes_than_allowed_are_refused_before_they_are_written(tmp_path):
    with pytest.raises(UnsafeArchive, match="too large"):
        unpack_run(_tar(entry("run1/a", b"12"), entry("run1/b", b"345")), "run1", tmp_path, 4)
    assert not (tmp_path / "b").exists()


def test_a_file_that_comes_twice_is_refused(tmp_path):
    with pytest.raises(UnsafeArchive, match="twice"):
        unpack_run(_tar(entry("run1/a"), entry("a")), "run1", tmp_path)


@pytest.mark.parametrize("kept_bytes", [100, 514])
def test_an_archive_that_was_cut_short_is_refused(tmp_path, kept_bytes):
    whole = _tar(entry("run1/a", b"x" * 700)).getvalue()
    with pytest.raises(UnsafeArchive):
        unpack_run(io.BytesIO(whole[:kept_bytes]), "run1", tmp_path)


def entry(name, data=b"rows", kind=tarfile.REGTYPE):
    info = tarfile.TarInfo(name)
    info.type, info.size, info.linkname = kind, len(data), "/etc/passwd"
    return info, data


def _tar(*entries):
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for info, data in entries:
            archive.addfile(info, io.BytesIO(data))
    stream.seek(0)
    return stream
