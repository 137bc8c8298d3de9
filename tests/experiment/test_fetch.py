"""Runs that are kept in the cluster, brought home through a real client."""

import io
import json
import shutil
from dataclasses import replace

import pytest

from experiment.__main__ import main
from experiment.fetching.archive import UnsafeArchive, unpack_run
from experiment.fetching.depot import DEPOT
from experiment.resources import SERVICES
from records.depot.archive import write_tar
from records.manifest import Manifest, read_manifest, write_manifest
from records.run_folder import SUMMARY_NAME
from tests.experiment.fake_api import write_kubeconfig

SEGMENT = "calls-a-00000.parquet"
RUN = "run1"


@pytest.fixture
def kept(api, tmp_path):
    """A run as it is kept in the cluster."""
    folder = tmp_path / "kept" / RUN
    folder.mkdir(parents=True)
    (folder / SEGMENT).write_bytes(b"rows")
    write_manifest(folder, Manifest(RUN, 1.0))
    return folder


@pytest.fixture
def fetch(api, kept, tmp_path):
    """The command; what is kept now is what it finds."""
    api.put("/api/v1/namespaces", {"metadata": {"name": "loadtest"}})
    results = tmp_path / "results"

    def run(*arguments):
        serve(api, kept)
        kubeconfig = write_kubeconfig(tmp_path, api)
        return main(["fetch", *arguments, "--out", str(results), "--kubeconfig", kubeconfig])

    run.folder = results / RUN
    return run


def serve(api, kept):
    finished = (kept / SUMMARY_NAME).exists()
    there = {"run": RUN, "files": len(list(kept.iterdir())), "bytes": 9, "finished": finished}
    tar = io.BytesIO()
    write_tar(kept.parent, RUN, tar)
    api.texts[path("runs")] = json.dumps({"runs": [there]}).encode()
    api.texts[path("runs", f"{RUN}.tar")] = tar.getvalue()


def path(*parts):
    return SERVICES.path("loadtest", DEPOT, "proxy", *parts)


def end(folder):
    (folder / SUMMARY_NAME).write_text("{}")
    write_manifest(folder, replace(read_manifest(folder), finished=True))


def test_a_run_is_brought_home(fetch, kept, capsys):
    end(kept)
    assert fetch(RUN) == 0
    assert (fetch.folder / SEGMENT).read_bytes() == b"rows"
    assert capsys.readouterr().out == f"3 of 3 files new in {fetch.folder}\n"


def test_fetching_again_says_that_all_is_there(fetch, kept, capsys):
    end(kept)
    fetch(RUN)
    capsys.readouterr()
    assert fetch(RUN) == 0
    assert capsys.readouterr().out == f"{fetch.folder} has all 3 files already\n"


def test_what_was_added_here_to_a_finished_run_stays_and_hinders_nothing(fetch, kept, capsys):
    end(kept)
    fetch(RUN)
    knative = {"service": {"name": "worker"}}
    write_manifest(fetch.folder, replace(read_manifest(fetch.folder), knative=knative))
    (fetch.folder / "replicas.parquet").write_bytes(b"seen")
    capsys.readouterr()
    assert fetch(RUN) == 0
    assert "already" in capsys.readouterr().out
    assert read_manifest(fetch.folder).knative == knative
    assert (fetch.folder / "replicas.parquet").exists()


def test_what_was_added_to_a_run_under_way_is_in_the_manifest_of_its_end(fetch, kept):
    fetch(RUN)
    write_manifest(fetch.folder, replace(read_manifest(fetch.folder), knative={"a": 1}))
    end(kept)
    assert fetch(RUN) == 0
    manifest = read_manifest(fetch.folder)
    assert (manifest.finished, manifest.knative) == (True, {"a": 1})


def test_a_run_under_way_is_fetched_as_far_as_it_is_and_says_so(fetch, capsys):
    assert fetch(RUN) == 0
    assert "the run has not ended" in capsys.readouterr().out


def test_another_run_of_that_name_is_never_mixed_in(fetch, kept, capsys):
    end(kept)
    fetch(RUN)
    shutil.rmtree(kept)
    kept.mkdir()
    write_manifest(kept, Manifest(RUN, 2.0, finished=True))
    (kept / SUMMARY_NAME).write_text("{}")
    assert fetch(RUN) == 2
    assert "holds a finished run with another manifest.json" in capsys.readouterr().err
    assert read_manifest(fetch.folder).started_unix_s == 1.0


def test_without_a_run_what_is_kept_is_listed(fetch, capsys):
    assert fetch() == 0
    assert capsys.readouterr().out == f"{RUN}  2 files  9 bytes  not finished\n"


def test_a_run_that_is_not_there_is_named_with_those_that_are(fetch, capsys):
    assert fetch("run2") == 2
    assert capsys.readouterr().err == (
        "experiment: there is no run 'run2' in namespace loadtest; there is run1\n"
    )


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (404, "has no Service locust-results"),
        (503, "does not answer"),
        (403, "no permission to get services/proxy/runs locust-results:8070"),
    ],
)
def test_a_keeper_that_cannot_be_asked_is_one_line(api, fetch, capsys, status, said):
    api.refuse(path("runs"), status, "no endpoints")
    assert fetch(RUN) == 2
    err = capsys.readouterr().err
    assert said in err
    assert err.count("\n") == 1


def test_a_namespace_that_is_not_there_is_named(fetch, capsys):
    assert fetch(RUN, "--namespace", "nowhere") == 2
    assert capsys.readouterr().err.startswith("experiment: there is no namespace 'nowhere'")


def test_an_unsafe_name_is_refused_before_anything_is_asked(fetch, api, capsys):
    with pytest.raises(SystemExit) as stopped:
        fetch("../evil")
    assert stopped.value.code == 2
    assert api.asked == []


def test_nothing_is_left_beside_the_run(fetch, kept):
    fetch(RUN)
    assert [one.name for one in fetch.folder.parent.iterdir()] == [RUN]


def test_one_file_that_is_too_large_is_refused_before_it_is_written(kept, tmp_path):
    tar = io.BytesIO()
    write_tar(kept.parent, RUN, tar)
    tar.seek(0)
    into = tmp_path / "into"
    into.mkdir()
    with pytest.raises(UnsafeArchive, match="of up to 3"):
        unpack_run(tar, RUN, into, most_file_bytes=3)
    assert list(into.iterdir()) == []
