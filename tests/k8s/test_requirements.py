"""The images' packages: the versions that are tested, each with its hashes."""

import re
from pathlib import Path

import pytest

from tests.k8s.rendering import K8S, PROJECT

IMAGES = ["generator", "worker"]
ONLY_FOR_REPORTS = {"pandas", "scipy", "seaborn", "matplotlib"}


def pins(path: Path) -> dict[str, str]:
    return dict(re.findall(r"^([\w.-]+)==([\w.]+)", path.read_text(), re.MULTILINE))


@pytest.fixture(params=IMAGES)
def image(request) -> str:
    return request.param


def wanted(image: str) -> set[str]:
    lines = (K8S / f"images/{image}.in").read_text().splitlines()
    return {line for line in lines if line and line[0] not in "#-"}


def test_versions_are_those_that_the_project_is_tested_with(image):
    tested = pins(PROJECT / "requirements.txt")
    shipped = pins(PROJECT / f"requirements-{image}.txt")
    shared = tested.keys() & shipped.keys()
    assert {name: shipped[name] for name in shared} == {name: tested[name] for name in shared}


def test_every_package_wanted_is_pinned(image):
    assert wanted(image) <= pins(PROJECT / f"requirements-{image}.txt").keys()
    assert wanted(image) <= pins(PROJECT / "requirements.txt").keys()


def test_every_package_has_the_hashes_of_its_files(image):
    text = (PROJECT / f"requirements-{image}.txt").read_text()
    entries = re.split(r"^(?=[\w.-]+==)", text, flags=re.MULTILINE)[1:]
    assert entries
    assert all("--hash=sha256:" in each for each in entries)


def test_the_generator_has_nothing_that_only_reports_need():
    shipped = pins(PROJECT / "requirements-generator.txt").keys()
    assert not shipped & ONLY_FOR_REPORTS
    assert wanted("generator") == pins(PROJECT / "requirements.txt").keys() - ONLY_FOR_REPORTS


def test_the_worker_has_grpc_and_what_it_serves_with():
    names = {"grpcio", "grpcio-health-checking", "grpcio-reflection", "protobuf"}
    assert pins(PROJECT / "requirements-worker.txt").keys() - {"typing-extensions"} == names
