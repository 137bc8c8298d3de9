import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from simulator.compiled import IS_COMPILED, floats, is_kept, plain, wholes
from tests.simulator.engine_digest import digest

ROOT = Path(__file__).parents[2]


def test_tests_run_the_plain_source():
    assert not IS_COMPILED
    assert isinstance(floats([1.0]), list)
    assert isinstance(wholes([1]), list)


def test_nothing_is_kept_compiled_of_what_runs_plain():
    assert not is_kept()


def test_the_plain_twin_of_a_plain_function_is_itself():
    assert plain(digest) is digest


@pytest.mark.timeout(400)  # compiling takes its time on a busy machine, once
def test_compiled_it_computes_the_same_to_the_last_bit():
    pytest.importorskip("numba")
    said = subprocess.run(
        [sys.executable, "-m", "tests.simulator.engine_digest"],
        cwd=ROOT,
        env={**os.environ, "NUMBA_DISABLE_JIT": "0"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert said.stdout.split() == ["True", digest()]


def test_what_is_kept_of_a_copy_elsewhere_is_apart_for_numba_finds_it_only_where_it_was(tmp_path):
    pytest.importorskip("numba")
    shutil.copytree(ROOT / "simulator", tmp_path / "simulator")
    kept = [_kept_in(place, tmp_path) for place in (ROOT, tmp_path, ROOT)]

    assert kept[0] == kept[2] != kept[1]
    assert {Path(folder).parent for folder in kept} == {tmp_path / "kept"}


def _kept_in(place, folder):
    ask = "from simulator.compiled import numba; print(numba.config.CACHE_DIR)"
    environment = {"NUMBA_DISABLE_JIT": "0", "NUMBA_CACHE_DIR": str(folder / "kept")}
    return subprocess.check_output(
        [sys.executable, "-c", ask], cwd=place, env={**os.environ, **environment}, text=True
    )


def test_all_compiled_functions_are_in_the_folders_that_name_what_is_kept():
    package = ROOT / "simulator"
    sources = [path for path in package.rglob("*.py") if "\n@compiled\n" in path.read_text()]

    assert len(sources) > 15
    assert {path.parent.name for path in sources} == {"autoscaler", "system"}
