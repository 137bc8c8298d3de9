"""docs/benchmarks.md comes from the rows alone, and says where another client is better."""

import json
from xml.etree import ElementTree as ET

import pytest

from bench.peers import document, rows
from bench.peers.own_tables import skewed
from bench.peers.rows import Results, Row
from bench.peers.tables import (
    fidelity,
    number,
    pacing,
    ratio_lines,
    saturated,
    stall,
    transport_lines,
)

ABOUT = {
    "cpu_model": "Test CPU",
    "cores": 2,
    "kernel": "6.1",
    "load_1min": 0.1,
    "busy": 0.5,
    "steal": 0.01,
    "began_unix_s": 1_800_000_000.0,
    "lasted_s": 90.0,
    "seconds": 5.0,
    "reps": 3,
    "server": "the server",
    "versions": {"ghz": "v1", "ghz --async": "v1", "ours, grpcio": "Locust 2"},
    "missing": ["h2load"],
}
CURVES = {"gap": [0.5, 1.0, 1.5], "off_plan_ms": [0.0, 0.1, 0.2]}


def row(mode, client, repetition=1, law="uniform", rate_rps=None, **values):
    curves = CURVES if mode == "fidelity" else {}
    return Row(mode, client, repetition, rate_rps, law, values, curves)


def made():
    return Results(
        ABOUT,
        [
            *(row("saturated", "ghz", n, cpu_us=value) for n, value in enumerate([20, 40, 30])),
            row("saturated", "ours, grpcio", cpu_us=60.0),
            row("fidelity", "ghz --async", rate_rps=50.0, off_law=0.04, cv=0.05),
            row("fidelity", "ours, grpcio", rate_rps=50.0, off_law=0.01, cv=0.01, lag_p50_ms=0.3),
            row("fidelity", "ours, grpcio", law="poisson", rate_rps=50.0, off_law=0.02, ks=0.03),
            row("pacing", "ours, grpcio", rate_rps=500.0, lag_p50_ms=0.2, lag_p99_ms=1.0),
            row("stall", "ours, grpcio", rate_rps=200.0, asked=8000.0, calls=8000.0, **WAITED),
            row("stall", "ghz -c 4", rate_rps=200.0, asked=8000.0, calls=6000.0, **UNSEEN),
            row("skew", "k mod W (as here)", rate_rps=500.0, skew_ms=1.0, cv=0.5, ks=0.4),
            row("skew", "k mod W (as here)", rate_rps=500.0, skew_ms=5.0, cv=0.7, ks=0.4),
            Row("spin", "spin error", 1, None, "", SPUN, {"error_us": [40.0, 50.0]}),
            Row("spin", "health probe", 1, None, "", PROBED, {"health_ms": [0.9, 2.0]}),
            Row("saturated", "fortio", 1, None, "uniform", error="exit 1"),
        ],
    )


WAITED = {"latency_p50_ms": 1.0, "latency_p95_ms": 510.0, "latency_p99_ms": 905.0}
UNSEEN = {"latency_p50_ms": 1.0, "latency_p95_ms": 5.0, "latency_p99_ms": 15.0}


SPUN = {"asked_ms": 100.0, "error_us": 47.5, "error_most_us": 65.0}
PROBED = {"spins": 4.0, "latency_p50_ms": 1.3, "latency_p99_ms": 6.9, "latency_max_ms": 8.6}


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    tmp_path = tmp_path_factory.mktemp("document")
    results, out = tmp_path / "results.json", tmp_path / "benchmarks.md"
    rows.write(results, made())
    assert document.main([str(results), "--out", str(out)]) == 0
    return out


def test_a_figure_is_the_median_of_repetitions_and_its_ratio_to_ghz_of_the_same_run():
    assert [(cells[0], cells[1], cells[3]) for cells in saturated(made())[1]] == [
        ("ghz", "30", "1 x"),
        ("ours, grpcio", "60", "2 x"),
    ]


def test_both_laws_are_held_against_the_equidistant_arrivals_of_ghz():
    told = {cells[:2]: cells[4] for cells in fidelity(made(), 50.0)[1]}
    assert told["ours, grpcio", "uniform"] == "0.25 x"
    assert told["ours, grpcio", "poisson"] == "0.5 x"


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (None, "-"),
        (0.0, "0"),
        (0.01234, "0.0123"),
        (12.34, "12.3"),
        (999.7, "1000"),
        (34327.2, "34327"),
    ],
)
def test_a_number_has_three_digits_and_no_exponent(value, told):
    assert number(value) == told


def test_without_ghz_there_is_no_ratio():
    alone = Results(ABOUT, [row("saturated", "ours, grpcio", cpu_us=60.0)])
    assert saturated(alone)[1][0][3] == "-"


def test_of_what_was_asked_the_share_that_was_sent_is_shown():
    assert [cells[1] for cells in stall(made())[1]] == ["100.0%", "75.0%"]


def test_skew_is_a_column_and_a_rule_of_dealing_a_row():
    heads, rows_ = skewed(made())
    assert heads[-2:] == ("1 ms", "5 ms")
    assert rows_ == [("500", "uniform", "CV", "k mod W (as here)", "0.5", "0.7")]


def test_the_spin_worker_is_told_by_its_errors_and_by_its_probes(written):
    text = written.read_text(encoding="utf-8")
    assert "| 100 | 47.5 | 65 |" in text
    assert "| 4 | 1.3 | 6.9 | 8.6 |" in text


def test_poisson_rows_of_ours_are_paced_rows_wherever_they_were_measured():
    beside = Row("fidelity", "ours, h2", 1, 50.0, "poisson", {"lag_p50_ms": 0.3}, level="VALID")
    results = Results(ABOUT, [*made().of("pacing"), beside])
    assert [(name, rate) for name, rate, *_ in pacing(results)[1]] == [
        ("ours, h2", "50"),
        ("ours, grpcio", "500"),
    ]


def test_the_transports_alone_are_held_against_each_other():
    alone = {"grpcio": 200.0, "h2": 14.0}
    results = Results(
        ABOUT,
        [
            row("saturated", f"ours, {name}: the transport alone", cpu_us=cpu_us)
            for name, cpu_us in alone.items()
        ],
    )
    assert transport_lines(results) == [
        "the transport alone: h2 costs 0.070 of grpcio's CPU a call"
    ]
    assert transport_lines(made()) == []


def test_every_ratio_is_a_line():
    assert len(ratio_lines(made())) == 5


def test_a_row_without_figures_is_in_no_table_and_is_named(written):
    text = written.read_text(encoding="utf-8")
    assert "| fortio |" not in text
    assert "No figures of fortio, saturated, 1 x." in text


def test_where_another_is_better_the_document_says_so(written):
    text = written.read_text(encoding="utf-8")
    better = text.split("## Where another is better")[1]
    assert "- CPU a request, as fast as each can (µs): ghz 30; the best of ours 60." in better
    assert "Nearer to equidistant" not in better.split("## How")[0]


def test_the_document_tells_machine_command_versions_and_what_is_missing(written):
    text = written.read_text(encoding="utf-8")
    for said in ("Test CPU, 2 cores", "--seconds 5 --reps 3", "- ghz: v1", "left out: h2load"):
        assert said in text


@pytest.mark.parametrize(("load", "is_warned"), [(0.1, False), (7.0, True)])
def test_a_busy_machine_is_named_before_any_figure(load, is_warned):
    text = document.rendered(Results({**ABOUT, "load_1min": load}, made().rows), {})
    assert ("not quiet" in text.split("## CPU")[0]) == is_warned


@pytest.mark.parametrize(("reps", "is_warned"), [(3, False), (1, True)])
def test_a_run_of_one_repetition_is_named_before_any_figure(reps, is_warned):
    text = document.rendered(Results({**ABOUT, "reps": reps}, made().rows), {})
    assert ("A reduced run" in text.split("## CPU")[0]) == is_warned


def test_the_stall_is_told_with_its_arithmetic(written):
    assert "p95 is 500 ms and p99 900 ms" in " ".join(written.read_text("utf-8").split())


def test_each_figure_that_is_named_is_there_and_is_a_picture(written):
    named = [part.split(")")[0] for part in written.read_text(encoding="utf-8").split("](images/")]
    pictures = [written.parent / "images" / name for name in named[1:]]
    assert len(pictures) == 8
    assert {ET.parse(path).getroot().tag for path in pictures} == {  # noqa: S314 - our own files
        "{http://www.w3.org/2000/svg}svg"
    }


def test_equal_results_make_equal_files(written):
    figure = written.parent / "images" / "benchmarks" / "stall.svg"
    before = (written.read_bytes(), figure.read_bytes())
    document.main([str(written.parent / "results.json"), "--out", str(written)])
    assert (written.read_bytes(), figure.read_bytes()) == before


def test_what_was_measured_alone_is_shown_alone(tmp_path):
    only = Results(ABOUT, made().of("saturated"))
    text = document.rendered(only, {})
    assert "## A server that stalls" not in text
    assert "CPU a request, as fast as each can" in text


@pytest.mark.parametrize("content", ["", "[]", "{}", json.dumps({"schema_version": 99})])
def test_a_file_that_holds_no_results_is_refused_in_a_line(content, tmp_path, capsys):
    path = tmp_path / "other.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SystemExit) as refused:
        document.main([str(path), "--out", str(tmp_path / "out.md")])
    assert refused.value.code == 2
    assert f"{path} cannot be read as results" in capsys.readouterr().err
    assert not (tmp_path / "out.md").exists()


def test_a_file_that_is_not_there_is_refused_in_a_line(tmp_path, capsys):
    with pytest.raises(SystemExit) as refused:
        document.main([str(tmp_path / "none.json")])
    assert refused.value.code == 2
    assert "none.json" in capsys.readouterr().err
