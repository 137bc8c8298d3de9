import re

import pytest
from matplotlib.colors import to_rgb

from analysis.dataset import read_run
from analysis.figures import style
from analysis.report.one_run import pictures_of
from analysis.report.run_rows import compared
from analysis.report.several_runs import pictures_of as pictures_of_several
from analysis.report.several_runs import table_of
from tests.analysis.fakes import Target, make_plan, simulate, write_run

DIMENSIONLESS = re.compile("share|gap")


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    """Every kind of picture there is."""
    root = tmp_path_factory.mktemp("runs")
    target = Target(fails_from_s=30.0, fails_until_s=31.0, unsent_every=1200)
    plans = [make_plan(f"r{rate}", rate_rps=rate) for rate in (10, 20)]
    folders = [write_run(root, plan, simulate(plan, target)) for plan in plans]
    runs = [compared(folder) for folder in folders]
    return pictures_of(read_run(folders[1])) + pictures_of_several(runs, table_of(runs))


def visible_axes(figure):
    return [axes for axes in figure.axes if axes.get_visible()]


def shows_x_labels(axes):
    return axes.get_subplotspec().is_last_row()


def has_named_bars(axes):
    return any(
        text.get_text() and not re.fullmatch(r"[\W\d]+", text.get_text())
        for text in axes.get_yticklabels()
    )


def test_every_axis_says_what_it_shows_and_in_which_unit(pictures):
    for picture in pictures:
        for axes in visible_axes(picture.figure):
            labels = [axes.get_xlabel()] if shows_x_labels(axes) else []
            labels += [] if has_named_bars(axes) else [_shared_y_label(axes)]
            for label in labels:
                assert re.search(r"\(.+\)", label) or DIMENSIONLESS.search(label), picture.key


def _shared_y_label(axes):
    (first, *_) = (
        [axes.get_ylabel()]
        if axes.get_ylabel()
        else [other.get_ylabel() for other in axes.figure.axes if other.get_ylabel()]
    )
    return first


def test_every_figure_says_how_many_calls_it_is_made_of(pictures):
    for picture in pictures:
        assert re.search(r"\d", picture.figure.get_supxlabel()), picture.key
        assert re.search("calls|arrivals|gaps", picture.figure.get_supxlabel()), picture.key


def test_titles_and_notes_fit_the_figure(pictures):
    for picture in pictures:
        for text in (picture.figure._suptitle, picture.figure._supxlabel):
            assert text.get_window_extent().x1 <= picture.figure.bbox.x1, picture.key


def test_the_longest_note_of_one_line_fits_the_figure():
    figure = style.framed(style.new_figure(2.0), style.Caption("m" * 76, "network " * 40))
    assert figure._supxlabel.get_window_extent().x1 <= figure.bbox.x1


def test_the_warm_up_left_out_is_said(pictures):
    notes = {picture.key: picture.caption.note for picture in pictures}
    for key in ("latency_cdf", "send_lag", "average_latency", "success_rate", "slowdown"):
        assert "warm-up" in notes[key]


def test_titles_say_what_is_shown(pictures):
    titles = [" ".join(picture.figure.get_suptitle().split()) for picture in pictures]
    assert len(set(titles)) == len(pictures)
    assert all(len(title) > 15 for title in titles)


@pytest.mark.parametrize("kind", ["protan", "deutan"])
def test_series_stay_apart_for_the_colour_blind(kind):
    # Vienot, Brettel and Mollon (1999): both kinds see red and green as one mixture.
    shares = {"protan": (0.11, 0.89), "deutan": (0.29, 0.71)}[kind]
    seen = []
    for color in (style.BLUE, style.ORANGE, style.GREEN, style.PINK):
        red, green, blue = (channel**2.2 for channel in to_rgb(color))
        seen.append(((shares[0] * red + shares[1] * green), blue))
    for i, first in enumerate(seen):
        for second in seen[i + 1 :]:
            assert sum((a - b) ** 2 for a, b in zip(first, second, strict=True)) ** 0.5 > 0.05


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("plain-1", "plain-1"),
        ("$\\frac{", r"\$\frac{"),
        ("two\nlines\tand  tabs", "two lines and tabs"),
        ("実例", "??"),
        ("x" * 100, "x" * 45 + "..."),
    ],
    ids=["plain", "formula", "lines", "not drawable", "long"],
)
def test_foreign_text_becomes_one_drawable_line(text, label):
    assert style.plain(text) == label


@pytest.mark.parametrize(("longest_s", "unit"), [(0.4, "ms"), (1.9, "ms"), (30.0, "s")])
def test_the_unit_fits_the_values(longest_s, unit):
    assert style.duration_unit(longest_s).name == unit
