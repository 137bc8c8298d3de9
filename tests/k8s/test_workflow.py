"""The workflow that publishes the images on a tag."""

import re

import pytest
import yaml

from tests.k8s.dockerfiles import FILES
from tests.k8s.rendering import PROJECT

FILE = PROJECT / ".github/workflows/images.yml"


@pytest.fixture
def workflow() -> dict:
    return yaml.safe_load(FILE.read_text())


def test_only_a_version_tag_starts_it(workflow):
    assert workflow[True] == {"push": {"tags": ["v*"]}}  # YAML 1.1 reads `on` as true


def test_it_publishes_every_image_that_there_is_a_recipe_for(workflow):
    assert workflow["jobs"]["publish"]["strategy"]["matrix"]["image"] == list(FILES)


def test_actions_of_others_are_pinned_by_commit(workflow):
    used = [step["uses"] for step in workflow["jobs"]["publish"]["steps"] if "uses" in step]
    assert used
    assert all(re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", each) for each in used)


def test_it_may_write_packages_and_nothing_else(workflow):
    assert workflow["permissions"] == {"contents": "read"}
    assert workflow["jobs"]["publish"]["permissions"] == {"contents": "read", "packages": "write"}


def test_what_a_tag_is_called_never_becomes_part_of_a_command(workflow):
    for step in workflow["jobs"]["publish"]["steps"]:
        assert "${{ github." not in step.get("run", "")


def test_an_image_is_published_with_its_origin_and_its_contents(workflow):
    build = workflow["jobs"]["publish"]["steps"][-1]["run"]
    assert "--provenance=true" in build
    assert "--sbom=true" in build
    assert '"VERSION=$version"' in build
