"""`kubectl apply -k k8s/overlays/webui`: a run from Locust's page, through a port-forward."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.e2e.jobs import Generator, unusable_for
from tests.e2e.kubectl import Kubectl
from tests.e2e.manifests import apply_but_jobs, render
from tests.faults.harness import assert_books_balance, every_row, judge
from tests.waiting import wait_for
from tests.web.harness import Visitor

PROJECT = Path(__file__).parents[2]
USER, PASSWORD = "ada", "correct horse battery"
OPTIONS = {"LOCUST_WARM_UP": "0s"}
FORM = {"duration": "8s", "distribution": "uniform", "spin": "150ms", "seed": "3"}
RPS = 3
pytestmark = pytest.mark.timeout(240)


@dataclass(frozen=True)
class WebRun:
    """A run that was started from the page, and is over."""

    run: str
    first_screen: str
    folder: Path


@pytest.fixture(scope="module")
def generator(
    cluster: Kubectl, namespace: str, tmp_path_factory: pytest.TempPathFactory
) -> Generator:
    """Master and workers that wait for what the page asks for."""
    folder = tmp_path_factory.mktemp("web")
    apply_but_jobs(cluster, render(cluster, folder, "webui", namespace, OPTIONS), namespace)
    create_login(cluster, namespace)
    made = Generator(cluster, namespace)
    for deployment in ("locust-results", "locust-web", "locust-worker"):
        made.wait_for_rollout(deployment)
    return made


def create_login(cluster: Kubectl, namespace: str) -> None:
    command = [sys.executable, "-m", "openloop.login", "hash"]
    hashed = subprocess.run(
        command, cwd=PROJECT, input=f"{PASSWORD}\n", capture_output=True, text=True, check=True
    ).stdout.strip()
    values = (f"--from-literal=user={USER}", f"--from-literal=password-hash={hashed}")
    cluster.text("-n", namespace, "create", "secret", "generic", "locust-web-login", *values)


@pytest.fixture(scope="module")
def visitor(generator: Generator) -> Iterator[Visitor]:
    """Somebody who has come to the page by a port-forward, and has not logged in."""
    with forwarded(generator, "service/locust-web", 8089) as port:
        yield Visitor(f"http://127.0.0.1:{port}")


@contextmanager
def forwarded(generator: Generator, what: str, port: int) -> Iterator[int]:
    """A port of loopback that leads there."""
    arguments = ("-n", generator.namespace, "port-forward", what, f":{port}")
    with generator.kubectl.following(*arguments) as running:
        assert running.stdout is not None
        says = running.stdout.readline()  # Forwarding from 127.0.0.1:40001 -> 8089
        assert "->" in says, says
        yield int(says.partition(" -> ")[0].rpartition(":")[2])


@pytest.fixture(scope="module")
def web_run(
    generator: Generator, visitor: Visitor, tmp_path_factory: pytest.TempPathFactory
) -> WebRun:
    assert visitor.log_in(USER, PASSWORD).status == 302
    wait_for("two workers", lambda: len(workers(visitor)) == 2, within_s=60)
    run = visitor.start_run(RPS, **FORM)
    said = wait_for("the first screen", lambda: visitor.data()["first_screen"], within_s=90)
    fetched = generator.fetch_whole(run, tmp_path_factory.mktemp("fetched"), within_s=30)
    return WebRun(run, said, fetched)


def workers(visitor: Visitor) -> list[dict]:
    return visitor.get("/stats/requests").json()["workers"]


def test_without_a_login_the_page_leads_to_it_and_starts_nothing(visitor: Visitor) -> None:
    visitor.cookies.clear()
    assert visitor.get("/").headers["Location"].startswith("/login")
    assert visitor.post("/swarm", user_count="many").status == 302
    assert visitor.log_in(USER, "wrong").headers["Location"].startswith("/login")


def test_a_run_from_the_page_sends_what_the_form_says_from_both_workers(web_run: WebRun) -> None:
    counts = assert_books_balance(web_run.folder)
    assert counts["planned"] == counts["ok"] == 8 * RPS
    rows = every_row(web_run.folder)
    assert {row["member"] for row in rows} == {"w0", "w1"}
    assert {row["spin_s"] for row in rows} == {0.15}


def test_the_page_shows_the_answer_and_the_records_at_home_give_it_again(web_run: WebRun) -> None:
    said, again = web_run.first_screen.splitlines(), judge(web_run.folder).out.splitlines()
    assert again[0] == said[0]
    assert counts_in(again) == counts_in(said) != []
    assert unusable_for(web_run.folder) == set()


def counts_in(first_screen: list[str]) -> list[str]:
    return [line for line in first_screen if "planned" in line and "= sent" in line]
