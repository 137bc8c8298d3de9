import pytest

from analysis.figures.style import Caption
from analysis.figures.sweep_maps import Map, cell_maps
from analysis.sweep.cells import cells_of
from tests.analysis.sweep.made import changed, made_runs


def written_of(class_, *, usable):
    """What the map has written in one cell of that class, beside another that is stable."""
    runs = made_runs(lambda *_: 1.5, rates_rps=(5.0, 10.0), spins_s=(0.1,), laws=("poisson",))
    runs = changed(runs, runs["rate_rps"].eq(10), usable=usable, **{"class": class_})
    shown = Map("slowdown_mean", "slowdown", "viridis", "log", "{:g}".format)
    axes = cell_maps(cells_of(runs), shown, Caption("title", "note")).axes[0]
    return {text.get_position()[0]: text.get_text() for text in axes.texts}.get(1)


@pytest.mark.parametrize(
    ("class_", "usable", "written"),
    [
        ("generator-limited", True, "1.5"),
        ("generator-limited", False, "-"),
        ("missing", False, "-"),
        ("overload", True, None),
    ],
)
def test_a_cell_without_a_usable_run_is_told_from_one_without_an_average(class_, usable, written):
    assert written_of(class_, usable=usable) == written
