"""docs/knative.md and k8s/README.md: what they name is there, what they advise is valid."""

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from tests.k8s.knative_schema import AUTOSCALING_KEYS, SCHEMA
from tests.k8s.rendering import K8S, PROJECT
from tests.k8s.spoiled_services import PREFIX

KNATIVE_PAGE = PROJECT / "docs/knative.md"
PAGES = {path.name: path for path in (KNATIVE_PAGE, K8S / "README.md")}
LINK = re.compile(r"\]\((?!https?:)([^)#]*)(#[^)]*)?\)")
FENCE = re.compile(r"```bash\n(.*?)```", re.DOTALL)


@pytest.fixture(params=PAGES.values(), ids=PAGES)
def page(request) -> Path:
    return request.param


def anchors(path: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    titles = re.findall(r"^#+ (.+)$", path.read_text(), re.MULTILINE)
    return {"#" + re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


def commands(path: Path) -> str:
    return "\n".join(FENCE.findall(path.read_text()))


def questions() -> list[list[str]]:
    """The rows of the table of settings: question, keys, values, reason."""
    part = KNATIVE_PAGE.read_text().split("## What to set for which question")[1].split("\n## ")[0]
    rows = [line.strip("| ").split(" | ") for line in part.splitlines() if line.startswith("| ")]
    return rows[2:]


def advised() -> list[tuple[str, str]]:
    """Each key with each value that the table gives it."""
    found = []
    for _, keys_cell, values_cell, _ in questions():
        keys = re.findall(r"`([\w-]+)`", keys_cell)
        values = [text.strip('"') for text in re.findall(r"`([^`]+)`", values_cell)]
        pairs = zip(keys, values, strict=True) if len(keys) > 1 and values else None
        found += pairs or [(key, value) for key in keys for value in values]
    return found


def test_every_link_leads_somewhere(page):
    for file, anchor in LINK.findall(page.read_text()):
        target = (page.parent / file).resolve() if file else page
        assert target.exists(), file
        assert not anchor or anchor in anchors(target), f"{file}{anchor}"


def test_every_setting_of_the_autoscaler_has_its_question():
    text = KNATIVE_PAGE.read_text()
    assert [key for key in AUTOSCALING_KEYS if f"`{key.removeprefix(PREFIX)}`" not in text] == []


@pytest.mark.parametrize(("key", "value"), advised())
def test_what_is_advised_is_valid(key, value):
    rule = SCHEMA["$defs"]["annotations"]["properties"][PREFIX + key]
    validator = jsonschema.Draft202012Validator({"$defs": SCHEMA["$defs"], **rule})
    assert list(validator.iter_errors(value)) == []


def test_every_command_of_the_project_is_there(page):
    text = commands(page)
    for package, command in re.findall(r"python -m (\w+)(?: ([a-z]+))?", text):
        module = f"experiment.commands.{command}" if package == "experiment" else package
        if package != "venv":
            assert importlib.util.find_spec(module), module


def test_every_target_of_make_is_there(page):
    makefile = (PROJECT / "Makefile").read_text()
    for target in re.findall(r"(?:^|`)make ([a-z0-9]+)", page.read_text(), re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_every_folder_that_is_applied_is_there(page):
    folders = re.findall(r"kubectl (?:apply|delete) -k (\S+)", commands(page))
    assert folders
    assert all((PROJECT / folder / "kustomization.yaml").exists() for folder in folders)


def test_every_object_that_kubectl_is_asked_for_is_rendered(headless, webui):
    names = {each["metadata"]["name"] for each in [*headless, *webui]}
    asked = re.findall(
        r"(?:job|service|rolebinding)/([\w-]+)|--role=(\w+)", commands(K8S / "README.md")
    )
    assert {first or second for first, second in asked} <= names


def test_a_service_is_made_by_kn_with_a_port_that_speaks_grpc():
    ports = re.findall(r"kn service create .*--port=(\S+)", commands(KNATIVE_PAGE))
    assert ports == ["h2c:50052"]


@pytest.fixture(scope="module")
def known() -> set[str]:
    """Options of Locust's command line; asked in a process of its own, for Locust patches it."""
    ask = (
        "from grpc_user.options import OPTIONS as CALLS;"
        "from openloop.options import OPTIONS as LOADS;"
        "print(*(option.flag for option in (*CALLS, *LOADS)))"
    )
    words = [sys.executable, "-c", ask]
    said = subprocess.run(words, cwd=PROJECT, capture_output=True, text=True, check=True)
    return {*said.stdout.split(), "--host"}


def test_every_option_of_the_page_s_runs_is_one_that_the_command_line_has(page, known):
    for line in re.findall(r"experiment run .* -- (.*)", commands(page)):
        assert set(re.findall(r"--[\w-]+", line)) <= known
