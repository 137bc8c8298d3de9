"""A distributed run under a base path, watched in a real Chromium that prefers dark pages.

Pictures of each step are left in the test run's temporary folder.
"""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.web.harness import Page, locust_page
from tests.whole.web import forked_workers

pytestmark = pytest.mark.browser

CHARTS = ("rates", "flight", "latency", "lag")
DRAWN = "(id) => [...document.querySelectorAll(`#${id} path.line[d]`)].map(p => p.getTotalLength())"
SEES_MS = 20_000


@dataclass
class Visit:
    """What a person saw, step by step."""

    page: Page
    pictures: Path
    texts: dict[str, str] = field(default_factory=dict)
    lengths: dict[str, dict[str, list[float]]] = field(default_factory=dict)
    colours: dict[str, str] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)
    rows: dict[str, list[str]] = field(default_factory=dict)
    labels: list[str] = field(default_factory=list)


class Person:
    """Hands and eyes on one tab of the browser."""

    def __init__(self, context, visit: Visit) -> None:
        self.tab = context.new_page()
        self.tab.set_default_timeout(SEES_MS)
        self._visit = visit
        self.tab.on("pageerror", lambda error: visit.complaints.append(str(error)))
        self.tab.on("console", self._note_complaint)

    def _note_complaint(self, message) -> None:
        if message.type == "error":
            self._visit.complaints.append(message.text)

    def go(self, path: str) -> None:
        self.tab.goto(f"{self._visit.page.url}{path}")

    def look_at_charts(self, step: str) -> None:
        self._visit.lengths[step] = {name: self.tab.evaluate(DRAWN, name) for name in CHARTS}
        self.look(step)

    def look(self, step: str) -> None:
        self._visit.texts[step] = self.tab.locator("body").inner_text()
        colour = "getComputedStyle(document.body).backgroundColor"
        self._visit.colours[step] = self.tab.evaluate(colour)
        self.tab.screenshot(path=self._visit.pictures / f"{step}.png", full_page=True)

    def read_tab(self, title: str, step: str) -> None:
        self.tab.get_by_role("tab", name=title).click()
        self.tab.locator("tbody tr").first.wait_for()
        self._visit.rows[step] = self.tab.locator("tbody tr").all_inner_texts()
        self._visit.texts[step] = self.tab.locator("thead").inner_text()
        self.tab.screenshot(path=self._visit.pictures / f"{step}.png")

    def wait_for(self, text: str) -> None:
        self.tab.get_by_text(text).first.wait_for()


def make_the_visit(visit: Visit, context) -> None:
    ours, locusts = Person(context, visit), Person(context, visit)
    locusts.go("/")
    locusts.tab.get_by_role("button", name="Custom parameters").click()
    visit.labels = locusts.tab.locator("label").all_inner_texts()
    locusts.tab.get_by_role("link", name="Open loop").click()
    locusts.wait_for("No run yet")
    locusts.look("before")
    locusts.go("/")
    locusts.tab.get_by_role("button", name="Start", exact=True).click()
    ours.go("/open-loop")
    ours.wait_for("sending")
    visit.page.wait_for_row(5)
    ours.look_at_charts("running")
    locusts.read_tab("Open loop", "members")
    locusts.read_tab("Verdict", "verdict-so-far")
    locusts.tab.get_by_role("button", name="Stop", exact=True).click()
    ours.wait_for("sent = ok")
    ours.look_at_charts("over")
    locusts.tab.get_by_role("button", name="New", exact=True).wait_for()
    locusts.read_tab("Verdict", "verdict")
    ours.tab.reload()
    ours.wait_for("sent = ok")
    ours.look_at_charts("reloaded")
    make_the_report(ours)
    ours.go("/open-loop")
    ours.tab.get_by_role("button", name="Change between light and dark").click()
    ours.look("light")
    locusts.tab.reload()
    locusts.read_tab("Verdict", "verdict-reloaded")
    locusts.look("locust-light")


def make_the_report(person: Person) -> None:
    person.tab.get_by_role("button", name="Make the report").click()
    link = person.tab.get_by_role("link", name="Open the report")
    link.wait_for(timeout=60_000)
    link.click()
    person.tab.locator("figure").first.wait_for()
    person.look("report")


@pytest.fixture(scope="module")
def visit(browser, folder, waiting_worker):
    line = ("--host", waiting_worker.address, "--spin", "20ms", "--rps", "20")
    more = ("--distribution", "poisson", "--warm-up", "2s", "--check", "success>=0.9")
    context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme="dark")
    records = folder / "records"
    with locust_page(records, *line, *more, *forked_workers(2), base="/lt") as page:
        seen = Visit(page, folder)
        make_the_visit(seen, context)
        yield seen
    context.close()


def test_the_start_form_says_our_options_in_few_words_and_in_order(visit):
    ours = [label for label in visit.labels if label.startswith(("Rps", "Duration", "Warm Up"))]
    assert [label.split(" (")[0] for label in ours] == ["Rps", "Duration", "Warm Up"]
    assert "Rps (requests a second, as 10 or 0.5; 1 user = 1 request a second)" in visit.labels


def test_locusts_page_leads_to_ours_which_says_that_there_is_no_run(visit):
    assert "No run yet" in visit.texts["before"]


@pytest.mark.parametrize("step", ["running", "over", "reloaded"])
@pytest.mark.parametrize("chart", CHARTS)
def test_every_line_of_every_chart_is_drawn_also_after_the_stop(visit, step, chart):
    lines = {"rates": 5, "flight": 1, "latency": 3, "lag": 2}
    assert len(visit.lengths[step][chart]) >= lines[chart]
    assert min(visit.lengths[step][chart][: lines[chart]]) > 100


def test_the_page_says_what_runs_and_how_it_goes(visit):
    assert "20 rps poisson" in visit.texts["running"]
    assert "Verdict so far" in visit.texts["running"]


def test_after_the_stop_the_page_shows_the_first_screen(visit):
    for step in ("over", "reloaded"):
        assert "counts" in visit.texts[step]
        assert "planned" in visit.texts[step]


def test_the_tab_has_a_row_for_each_member(visit):
    assert "Share of the arrivals" in visit.texts["members"]
    assert [row.split("\t")[0] for row in visit.rows["members"]] == ["w0", "w1"]
    assert all("±" in row and "%" in row for row in visit.rows["members"])


def test_the_verdict_tab_judges_while_it_runs_and_after(visit):
    assert "so far" in visit.rows["verdict-so-far"][0]
    for step in ("verdict", "verdict-reloaded"):
        assert "20 rps poisson" in visit.rows[step][0]
        assert "so far" not in visit.rows[step][0]
        assert "success" in visit.rows[step][-1]


def test_the_report_is_made_and_reached_from_the_page(visit):
    assert "20 rps poisson" in visit.texts["report"]


def test_dark_is_the_systems_choice_until_a_person_chooses_for_both_pages(visit):
    assert visit.colours["running"] == "rgb(13, 17, 23)"
    assert visit.colours["light"] == "rgb(255, 255, 255)"
    assert visit.colours["locust-light"] == "rgb(255, 255, 255)"


def test_no_page_has_a_script_error(visit):
    assert visit.complaints == []
