import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from tests.k8s.rendering import K8S, OVERLAYS, render

rendered = cache(render)


@pytest.fixture(params=OVERLAYS)
def objects(request) -> list[dict]:
    """What an overlay would apply; each test runs on every overlay."""
    return rendered(K8S / "overlays" / request.param)


@pytest.fixture
def headless() -> list[dict]:
    return rendered(K8S / "overlays" / "headless")


@pytest.fixture
def webui() -> list[dict]:
    return rendered(K8S / "overlays" / "webui")


@pytest.fixture
def results_volume() -> list[dict]:
    return rendered(K8S / "overlays" / "results-volume")


@pytest.fixture
def edited(tmp_path) -> Callable[[str, str, str, str], list[dict]]:
    """Renders an overlay of a copy of k8s/ in which one line of one file is another."""
    copy = Path(shutil.copytree(K8S, tmp_path / "k8s"))

    def render_edited(overlay: str, file: str, line: str, other: str) -> list[dict]:
        text = (copy / file).read_text()
        assert text.count(f"{line}\n") == 1
        (copy / file).write_text(text.replace(f"{line}\n", f"{other}\n"))
        return render(copy / "overlays" / overlay)

    return render_edited
