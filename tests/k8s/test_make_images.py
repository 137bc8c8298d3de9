"""`make images`, with programs in docker's and kind's place that say how they were called."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.k8s.dockerfiles import FILES
from tests.k8s.rendering import PROJECT

SAYS = '#!/bin/sh\necho "$(basename "$0") $*"\n'
FAILS = "#!/bin/sh\nexit 1\n"

pytestmark = pytest.mark.skipif(not shutil.which("make"), reason="make is not installed")


def put(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text)
    (folder / name).chmod(0o755)


def make_images(folder: Path, *settings: str) -> tuple[list[str], int]:
    """The calls it made, and its exit code."""
    variables = os.environ | {"PATH": f"{folder}:{os.environ['PATH']}"}
    words = ["make", "--silent", "images", *settings]
    done = subprocess.run(
        words, cwd=PROJECT, env=variables, capture_output=True, text=True, check=False
    )
    return done.stdout.splitlines(), done.returncode


@pytest.fixture
def programs(tmp_path) -> Path:
    put(tmp_path, "docker", SAYS)
    put(tmp_path, "kind", SAYS)
    return tmp_path


def test_each_image_is_built_from_its_recipe_and_loaded_into_kind(programs):
    calls, code = make_images(programs)
    assert code == 0
    for (built, loaded), name in zip(zip(calls[::2], calls[1::2], strict=True), FILES, strict=True):
        image = f"kind.local/locust-knative-{name}:0.1.0"
        start = f"docker build --tag {image} --file k8s/images/{name}.Dockerfile "
        assert built.startswith(start)
        assert built.endswith(" .")
        assert loaded == f"kind load docker-image {image}"


def test_another_registry_and_another_way_there(programs):
    calls, _ = make_images(programs, "REGISTRY=example.com/me", "TAG=1.2.3", "LOAD=docker push")
    assert calls[1] == "docker push example.com/me/locust-knative-generator:1.2.3"


@pytest.mark.parametrize("program", ["docker", "kind"])
def test_it_stops_at_the_first_failure(programs, program):
    put(programs, program, FAILS)
    calls, code = make_images(programs)
    assert code != 0
    assert len(calls) == (0 if program == "docker" else 1)
