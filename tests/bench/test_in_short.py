"""The README's figures are those of one run, put between two marks."""

from pathlib import Path

import pytest

from bench.peers import document, rows
from bench.peers.in_short import BEGIN, END, NoPlace, in_short, placed
from tests.bench.test_document import ABOUT, made, row

README = Path(__file__).parents[2] / "README.md"


def seen(results):
    return dict(in_short(results)[1])


def test_clients_are_named_with_their_figures_the_best_first():
    told = seen(made())
    assert told["equidistant 50 rps: CV of the gaps as the server sees them (0 is perfect)"] == (
        "ours, grpcio 0.01; ghz --async 0.05"
    )


def test_of_stalls_the_best_is_who_is_nearest_to_arithmetic():
    told = next(value for what, value in seen(made()).items() if "stalls" in what)
    assert told == "ours, grpcio 510; ghz -c 4 5"


@pytest.mark.parametrize(
    ("levels", "told"),
    [
        ({500.0: ["VALID", "VALID"], 2000.0: ["VALID", "SUSPECT"]}, "500"),
        ({500.0: ["VALID", "VALID"], 2000.0: ["VALID", "VALID"]}, "2000"),
        ({500.0: ["SUSPECT"], 2000.0: ["INVALID"]}, "none from 500 on"),
    ],
)
def test_a_rate_is_held_where_every_run_of_it_was_valid(levels, told):
    paced = [
        rows.Row("pacing", "ours, h2", number, rate_rps, "poisson", {}, level=level)
        for rate_rps, found in levels.items()
        for number, level in enumerate(found)
    ]
    assert next(iter(seen(rows.Results(ABOUT, paced)).values())) == f"ours, h2 {told}"


def test_what_was_not_measured_has_no_line():
    assert len(seen(rows.Results(ABOUT, [row("saturated", "ghz", cpu_us=20.0)]))) == 1


def test_lines_replace_what_was_between_the_marks_and_nothing_else():
    text = f"before\n{BEGIN}\nold\n{END}\nafter\n"
    once = placed(text, ["new"])
    assert once == f"before\n{BEGIN}\n\nnew\n\n{END}\nafter\n"
    assert placed(once, ["new"]) == once


@pytest.mark.parametrize("text", ["", BEGIN, END, f"{END}\n{BEGIN}"])
def test_a_text_without_both_marks_is_refused(text):
    with pytest.raises(NoPlace):
        placed(text, ["new"])


def test_without_a_place_in_the_readme_nothing_is_written(tmp_path, capsys):
    results, readme = tmp_path / "results.json", tmp_path / "README.md"
    rows.write(results, made())
    readme.write_text("no marks\n", encoding="utf-8")
    out = tmp_path / "benchmarks.md"
    with pytest.raises(SystemExit) as refused:
        document.main([str(results), "--out", str(out), "--readme", str(readme)])
    assert refused.value.code == 2
    assert f"--readme {readme}: the lines" in capsys.readouterr().err
    assert not out.exists()


def test_every_figure_of_the_readmes_is_in_the_document():
    _, _, rest = README.read_text(encoding="utf-8").partition(BEGIN)
    lines = [line for line in rest.partition(END)[0].splitlines() if line.startswith("| ")]
    document_ = (README.parent / "docs" / "benchmarks.md").read_text(encoding="utf-8")
    assert lines
    assert [line for line in lines if line not in document_] == []
