"""The images' recipes: pinned by content, built from hashed packages, run without root."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.k8s.dockerfiles import (
    FILES,
    copied_from_the_project,
    instructions,
    last_stage,
    only_one,
)
from tests.k8s.pods import named_containers
from tests.k8s.rendering import PROJECT

HADOLINT = Path(sys.executable).with_name("hadolint")


@pytest.fixture(params=FILES.values(), ids=FILES)
def recipe(request) -> Path:
    return request.param


def not_ignored() -> set[str]:
    """What .dockerignore lets into the build."""
    lines = (PROJECT / ".dockerignore").read_text().splitlines()
    assert lines[1] == "*"
    return {line[1:] for line in lines if line.startswith("!")}


def test_hadolint_has_nothing_to_say(recipe):
    done = subprocess.run([HADOLINT, recipe], capture_output=True, text=True, check=False)
    assert (done.stdout, done.returncode) == ("", 0)


def test_hadolint_would_say_it(tmp_path):
    (tmp_path / "Dockerfile").write_text("FROM python:latest\nRUN sudo ls\n")
    words = [HADOLINT, tmp_path / "Dockerfile"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert {"DL3007", "DL3004"} <= set(re.findall(r"DL\d+", done.stdout))


def test_both_images_stand_on_one_base_pinned_by_tag_and_content():
    bases = {
        rest
        for path in FILES.values()
        for word, rest in instructions(path)
        if word == "ARG" and rest.startswith("BASE=")
    }
    [base] = bases
    assert re.fullmatch(r"BASE=python:3\.11\.\d+-slim-\w+@sha256:[0-9a-f]{64}", base)


def test_every_stage_starts_from_the_pinned_base(recipe):
    starts = [rest for word, rest in instructions(recipe) if word == "FROM"]
    assert starts == ["${BASE} AS packages", "${BASE}"]


def test_packages_are_taken_by_hash_and_never_built(recipe):
    run = only_one(instructions(recipe), "RUN")
    assert "--require-hashes" in run
    assert "--only-binary :all:" in run


def test_nothing_runs_in_the_stage_that_is_shipped(recipe):
    assert {word for word, _ in last_stage(recipe)} == {
        *("FROM", "ARG", "LABEL", "ENV", "COPY", "WORKDIR", "USER", "EXPOSE", "ENTRYPOINT")
    }


def test_the_program_is_process_one_and_gets_signals_itself(recipe):
    entry = json.loads(only_one(last_stage(recipe), "ENTRYPOINT"))
    assert entry[:2] == ["python3", "-m"]


def test_it_runs_as_the_user_that_the_manifests_name(recipe, headless):
    user, _, group = only_one(last_stage(recipe), "USER").partition(":")
    for pod, container in named_containers(headless).values():
        if container["image"].split(":")[0].endswith(recipe.stem):
            settings = pod.spec.get("securityContext", {}) | container["securityContext"]
            assert settings["runAsUser"] == int(user) == int(group)


def test_everything_that_is_copied_is_there_and_let_into_the_build(recipe):
    copied = copied_from_the_project(recipe)
    assert copied <= not_ignored()
    assert all((PROJECT / source).exists() for source in copied)


def test_nothing_is_let_into_the_build_that_no_image_copies():
    copied = set().union(*map(copied_from_the_project, FILES.values()))
    assert not_ignored() == copied


def test_an_image_says_what_it_is(recipe):
    labels = only_one(last_stage(recipe), "LABEL")
    titles = re.findall(r"org\.opencontainers\.image\.(\w+)=", labels)
    assert titles == ["title", "description", "licenses", "version", "revision", "source"]


def test_an_image_s_ports_are_those_of_the_pods(headless, webui):
    for name, path in FILES.items():
        exposed = set(map(int, only_one(last_stage(path), "EXPOSE").split()))
        served = {
            port["containerPort"]
            for _, container in (named_containers(headless) | named_containers(webui)).values()
            if container["image"].split(":")[0].endswith(name)
            for port in container.get("ports", [])
        }
        assert exposed == served, name


def packages_that_can_be_imported(recipe: Path) -> set[str]:
    copied = copied_from_the_project(recipe)
    return {source for source in copied if (PROJECT / source / "__init__.py").exists()}


def test_the_image_of_the_worker_holds_the_worker_and_its_contract_alone():
    assert packages_that_can_be_imported(FILES["worker"]) == {"proto", "worker"}


def test_the_image_of_the_generator_holds_all_that_makes_load_and_no_analysis():
    found = packages_that_can_be_imported(FILES["generator"])
    assert "analysis" not in found
    assert {"openloop", "grpc_user", "records", "verdict", "shapes", "proto"} <= found
