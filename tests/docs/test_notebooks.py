"""The notebook in docs is the one that its script makes, executed, without errors."""

import json
import runpy
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "docs" / "notebooks"
NOTEBOOK = FOLDER / "open-loop-and-scaling.ipynb"
MOST_BYTES = 200_000
pytest.importorskip("nbclient", reason="notebooks need the packages of requirements-dev.txt")


@pytest.fixture(scope="module")
def cells():
    return json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]


@pytest.fixture(scope="module")
def code(cells):
    return [cell for cell in cells if cell["cell_type"] == "code"]


def test_its_cells_are_those_of_the_script(cells):
    texts = [text for _, text in runpy.run_path(str(FOLDER / "make.py"))["CELLS"]]
    assert ["".join(cell["source"]) for cell in cells] == texts


def test_every_cell_was_run_in_order_without_an_error(code):
    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))
    outputs = [output["output_type"] for cell in code for output in cell["outputs"]]
    assert "error" not in outputs


def test_it_shows_two_figures_and_three_tables(code):
    shown = [set(output.get("data", {})) for cell in code for output in cell["outputs"]]
    assert sum("image/png" in kinds for kinds in shown) == 2
    assert sum("text/html" in kinds for kinds in shown) == 3


def test_it_is_small_and_names_no_machine():
    text = NOTEBOOK.read_text(encoding="utf-8")
    assert len(text) < MOST_BYTES
    assert "/tmp" not in text  # noqa: S108 - a place that must not be in it
    assert "/home" not in text
