"""The pods of a Service on the pages, as an observer writes them while the run goes on.

Pictures are left in the test run's temporary folder.
"""

import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from records.manifest import read_manifest
from records.replica_log import ReplicaLog
from tests.web.harness import locust_page

pytestmark = pytest.mark.browser
SEES_MS = 20_000
DRAWN = "[...document.querySelectorAll('#pods path.line[d]')].map(p => p.getTotalLength())"
BANDS = (
    "[...document.querySelectorAll('#pods rect.band.activator')].map(r => r.width.baseVal.value)"
)


@dataclass
class Seen:
    """What a person saw, and what the clocks said."""

    before: str = ""
    tab_before: list[str] = field(default_factory=list)
    tab: list[str] = field(default_factory=list)
    lines: list[float] = field(default_factory=list)
    bands: list[float] = field(default_factory=list)
    legend: str = ""
    how_to_is_hidden: bool = False
    epoch_error_s: float = 0.0


def observe(folder: Path) -> None:
    """From zero to two pods: the rows that an observer writes."""
    log = ReplicaLog(folder)

    def tell(kind, **values):
        row = {"at_unix_s": time.time(), "kind": kind, "revision": "worker-00001", **values}
        log.append(row)
        time.sleep(0.4)

    def tell_pod(name, phase):
        tell("pod", pod=name, phase=phase, said_unix_s=None, node="n")

    tell("mode", mode="Proxy", activators=3)
    tell("scale", desired=0, actual=0)
    tell("scale", desired=2, actual=0)
    for phase in ("created", "ready"):
        tell_pod("worker-a", phase)
        tell_pod("worker-b", phase)
    tell("mode", mode="Serve", activators=3)
    log.close()


def rows_of_tab(tab) -> list[str]:
    tab.locator("tbody tr").first.wait_for()
    return tab.locator("tbody tr").all_inner_texts()


def look(page, ours, locusts, folder: Path) -> Seen:
    seen = Seen()
    page.start_run(20)
    [run] = [path for path in (folder / "records").iterdir() if path.is_dir()]
    page.wait_for_row(2)
    data, now_unix_s = page.data(), time.time()
    seen.epoch_error_s = now_unix_s - data["run"]["now_s"] - read_manifest(run).started_unix_s
    ours.goto(f"{page.url}/open-loop")
    ours.get_by_text("Nobody observes").wait_for()
    seen.before = ours.locator("#unseen").inner_text()
    locusts.goto(page.url)
    locusts.get_by_role("tab", name="Replicas").click()
    seen.tab_before = rows_of_tab(locusts)
    observe(run)
    locusts.get_by_text("out of the path").first.wait_for()
    seen.tab = rows_of_tab(locusts)
    locusts.screenshot(path=folder / "replicas-tab.png")
    page.wait_for_row(data["run"]["now_s"] + 8)
    ours.wait_for_timeout(1500)
    seen.lines, seen.bands = ours.evaluate(DRAWN), ours.evaluate(BANDS)
    seen.legend = ours.locator("#pods .legend").inner_text()
    seen.how_to_is_hidden = ours.locator("#unseen").is_hidden()
    ours.screenshot(path=folder / "replicas-page.png", full_page=True)
    return seen


@pytest.fixture(scope="module")
def seen(browser, folder, waiting_worker):
    line = ("--host", waiting_worker.address, "--spin", "20ms")
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(SEES_MS)
    with locust_page(folder / "records", *line) as page:
        yield look(page, context.new_page(), context.new_page(), folder)
        page.stop_run()
    context.close()


def test_where_nobody_observes_page_and_tab_say_how_to_in_one_line(seen):
    assert "python -m experiment observe --ksvc NAMESPACE/SERVICE --follow" in seen.before
    assert [row.strip() for row in seen.tab_before] == [seen.before]


def test_the_tab_lists_the_seconds_in_which_pods_changed_the_newest_first(seen):
    cells = [row.split("\t") for row in seen.tab]
    assert cells[0] == ["now", "2", "2", "0", "out of the path"]
    assert cells[-1][-1] == "in the path"
    assert {row[2] for row in cells[1:]} >= {"0", "2"}
    seconds = [float(row[0].removesuffix(" s")) for row in cells[1:]]
    assert seconds == sorted(seconds, reverse=True)


def test_the_chart_draws_desired_ready_and_pending_pods_and_the_activator(seen):
    assert len(seen.lines) >= 3
    assert min(seen.lines[:3]) > 50
    assert max(seen.bands) > 20
    assert seen.how_to_is_hidden
    assert "desired 2" in seen.legend
    assert "ready 2" in seen.legend


def test_the_manifests_start_is_the_epoch_of_the_plan_by_the_wall_clock(seen):
    assert abs(seen.epoch_error_s) < 0.3
