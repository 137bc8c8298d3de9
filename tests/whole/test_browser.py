"""Locust's page in a real Chromium: a run started, edited and stopped as a person does it.

Pictures of each step are left in the test run's temporary folder.
"""

import re
import shutil
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from records.manifest import read_manifest
from shapes.plan import Plan
from tests.whole.harness import counts_of, rows_of, wait_until
from tests.whole.web import WebSession, web_session

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
NAMES = ("chromium", "chromium-browser", "google-chrome")
SEES_S = 20.0

pytestmark = pytest.mark.browser


@dataclass
class Visit:
    """What a person saw, step by step."""

    session: WebSession
    pictures: Path
    fields: dict[str, str] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)
    users: dict[str, str] = field(default_factory=dict)
    folders: dict[str, int] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)


class Person:
    """Hands and eyes on the page."""

    def __init__(self, page, visit: Visit) -> None:
        self._page = page
        self._visit = visit
        page.on("pageerror", lambda error: visit.complaints.append(str(error)))
        page.goto(visit.session.url)
        page.wait_for_selector("input[name=userCount]")

    def read_form(self) -> None:
        for box in self._page.query_selector_all("input"):
            self._visit.fields[box.get_attribute("name")] = box.input_value()

    def open_our_options(self) -> None:
        self._page.get_by_role("button", name="Custom parameters").click()

    def fill(self, **values: str) -> None:
        for name, value in values.items():
            self._page.locator(f"input[name={name}]").fill(value)

    def press(self, button: str) -> None:
        self._page.get_by_role("button", name=button, exact=True).click()

    def read_alert(self, step: str) -> None:
        alert = self._page.get_by_role("alert")
        alert.wait_for(timeout=SEES_S * 1000)
        self._visit.said[step] = alert.inner_text()
        self._note(step)

    def read_logs(self, step: str, word: str) -> None:
        """The stock page closes its edit form over an answer, and marks its Logs tab."""
        self._page.get_by_role("tab", name="Logs").click()
        line = self._page.get_by_text(f"{word}: --spin").first
        line.wait_for(timeout=SEES_S * 1000)
        self._visit.said[step] = line.inner_text()
        self._note(step)

    def wait_for_users(self, step: str, users: str) -> None:
        wait_until(lambda: self._users() == users, SEES_S)
        self._visit.users[step] = self._users()
        self._note(step)

    def wait_for_button(self, step: str, button: str) -> None:
        self._page.get_by_role("button", name=button, exact=True).wait_for()
        self._note(step)

    def _users(self) -> str:
        shown = re.search(r"Users\s+(\d+)", self._page.locator("header").inner_text())
        return shown[1] if shown else ""

    def _note(self, step: str) -> None:
        self._page.screenshot(path=self._visit.pictures / f"{step}.png", full_page=True)
        self._visit.folders[step] = len(self._visit.session.folders)


def make_the_visit(person: Person) -> None:
    person.read_form()
    person.open_our_options()
    person.fill(rps="ten")
    person.press("Start")
    person.read_alert("refused")
    person.fill(rps="20", distribution="poisson", seed="7", check="p99<5s,success>=0.9")
    person.press("Start")
    person.wait_for_users("running", "20")
    time.sleep(1.0)
    person.press("Edit")
    person.open_our_options()
    person.fill(spin="1s")
    person.press("Update")
    person.read_logs("edit-refused", "Refused")
    person.press("Edit")
    person.open_our_options()
    person.fill(spin="20ms", rps="40")
    person.press("Update")
    person.wait_for_users("edited", "40")
    time.sleep(2.0)
    person.press("Stop")
    person.wait_for_button("stopped", "New")


def not_run(request, reason: str) -> None:
    capture = request.config.pluginmanager.getplugin("capturemanager")
    with capture.global_and_fixture_disabled():
        print(f"\nBROWSER NOT RUN: {reason}")  # noqa: T201 - a check that was not made must be seen
    pytest.skip(reason)


@pytest.fixture(scope="module")
def page(request):
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        not_run(request, "playwright is not installed")
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        not_run(request, f"none of {', '.join(NAMES)} is installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        yield browser.new_page(viewport={"width": 1200, "height": 1000})
        browser.close()


@pytest.fixture(scope="module")
def visit(page, folder, waiting_worker):
    line = ("--host", waiting_worker.address, "--spin", "20ms")
    with web_session(folder / "session", *line) as session:
        seen = Visit(session, folder)
        make_the_visit(Person(page, seen))
        session.finished_runs(1)
        yield seen


def test_the_start_form_has_our_options_filled_with_what_the_command_line_said(visit):
    assert {"rps", "duration", "distribution", "rateProfile", "seed"} <= visit.fields.keys()
    assert visit.fields["spin"] == "20ms"
    assert visit.fields["userCount"] == "10"


@pytest.mark.parametrize(
    ("step", "words"),
    [("refused", "--rps: rate is 'ten'; valid:"), ("edit-refused", "--spin cannot change while")],
)
def test_a_bad_value_is_refused_with_a_sentence_that_the_page_shows(visit, step, words):
    assert words in visit.said[step]


def test_a_refused_form_starts_no_run(visit):
    assert visit.folders == {
        "refused": 0,
        "running": 1,
        "edit-refused": 1,
        "edited": 1,
        "stopped": 1,
    }


def test_users_shows_the_offered_rate_and_follows_an_edit_of_it(visit):
    assert visit.users == {"running": "20", "edited": "40"}


def test_the_run_is_the_one_that_the_form_asked_for(visit):
    (run,) = visit.session.folders
    manifest = read_manifest(run)
    assert (manifest.seed, manifest.plans[-1]["law"]) == (7, "poisson")
    assert manifest.options["check"] == "['p99<5s', 'success>=0.9']"


def test_the_edit_is_in_the_plan_and_the_arrivals_follow_it(visit):
    (run,) = visit.session.folders
    rates = Plan.from_dict(read_manifest(run).plans[-1]).rates
    assert [segment.rate_rps for segment in rates.segments] == [20, 40]
    assert max(row["intended_s"] for row in rows_of(run)) > rates.segments[1].start_s
    assert counts_of(run)["sent"] == counts_of(run)["planned"]


def test_the_page_has_no_script_error(visit):
    assert visit.complaints == []
