import shutil
import subprocess

import pytest
from matplotlib import image

from analysis.figures.style import BLUE
from analysis.report.build_several import write_comparison
from analysis.report.run_rows import compared

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--window-size=1100,3000",
)
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")

pytestmark = pytest.mark.browser


@pytest.fixture
def chromium(tmp_path, capsys):
    """Runs Chromium on a page with a profile of its own; returns what it wrote and complained."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        reason = f"BROWSER NOT RUN: none of {', '.join(NAMES)} is installed"
        with capsys.disabled():
            print(f"\n{reason}")  # noqa: T201 - a check that was not made must be seen
        pytest.skip(reason)

    def run(page, *arguments):
        profile = tmp_path / "profile"
        command = [found, *FLAGS, f"--user-data-dir={profile}", "--enable-logging=stderr"]
        return subprocess.run(
            [*command, *arguments, page.as_uri()],
            check=True,
            capture_output=True,
            text=True,
            timeout=90,
        )

    return run


@pytest.fixture
def page(hostile_page):
    return hostile_page


def complaints(done):
    return [line for line in done.stderr.splitlines() if "CONSOLE" in line]


def test_a_report_opens_from_disk_and_breaks_no_policy(chromium, page):
    done = chromium(page, "--dump-dom")
    assert "<title>Run run-1</title>" in done.stdout
    assert complaints(done) == []


def test_hostile_text_stays_text(chromium, page):
    dom = chromium(page, "--dump-dom").stdout
    assert "<script" not in dom
    assert "&lt;script&gt;document.title" in dom


@pytest.mark.parametrize(
    ("scheme", "paper"), [("light", 1.0), ("dark", 0.1)], ids=["light", "dark"]
)
def test_figures_are_drawn_on_the_readers_background(chromium, page, tmp_path, scheme, paper):
    picture = tmp_path / "screen.png"
    setting = f"--blink-settings=preferredColorScheme={0 if scheme == 'dark' else 1}"
    chromium(page, setting, f"--screenshot={picture}")
    pixels = image.imread(picture)[..., :3]
    assert pixels[5, 5].max() == pytest.approx(paper, abs=0.1)
    blue = [int(BLUE[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    assert (abs(pixels - blue).max(axis=-1) < 0.02).sum() > 2000
    assert (abs(pixels - pixels[5, 5]).max(axis=-1) < 0.01).mean() > 0.5


def test_a_comparison_opens_from_disk_and_breaks_no_policy(chromium, a_run, tmp_path):
    runs = [compared(a_run(f"r{rate}", rate_rps=rate)) for rate in (5, 20)]
    done = chromium(write_comparison(runs, tmp_path / "out"), "--dump-dom")
    assert "<title>2 runs compared</title>" in done.stdout
    assert complaints(done) == []
