import shutil

import pytest
from gevent import monkey

from tests.whole.workers import slow_worker

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


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "browser: drives a real Chromium; skipped where none is")


def pytest_collection_modifyitems() -> None:
    if monkey.is_module_patched("socket"):
        raise pytest.UsageError("tests/web needs an unpatched process: leave gevent_first out")


def not_run(request, reason: str) -> None:
    capture = request.config.pluginmanager.getplugin("capturemanager")
    with capture.global_and_fixture_disabled():
        print(f"\nBROWSER NOT RUN: {reason}")  # noqa: T201 - a check that was not made must be seen
    pytest.skip(reason)


@pytest.fixture(scope="module")
def browser(request):
    """A Chromium without a window."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        not_run(request, "playwright is not installed")
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        not_run(request, f"none of {', '.join(NAMES)} is installed")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def waiting_worker():
    """A worker that waits as long as it is asked to spin."""
    with slow_worker() as worker:
        yield worker


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder of the module's own."""
    return tmp_path_factory.mktemp("web")
