from xml.etree import ElementTree as ET

import pandas as pd
import pytest

from analysis.__main__ import main
from analysis.compare.comparison import compare
from analysis.errors import AnalysisError
from records.manifest import MANIFEST_NAME
from records.run_folder import SUMMARY_NAME
from tests.analysis.compare.conftest import SLOW
from tests.analysis.fakes import Target

LATE = Target(lag_s=0.05)
OVERLOADED = Target(cores=1)


@pytest.fixture
def two_runs(a_run):
    return str(a_run("a")), str(a_run("b", SLOW))


def test_the_answer_of_two_runs_is_a_mean_ratio_with_its_interval(two_runs, capsys):
    assert main(["compare", *two_runs]) == 0
    screen = capsys.readouterr().out
    assert screen.startswith("COMPARED: B's mean latency is 1.")
    assert "over 1 pair: B is slower" in screen
    assert "cannot say  what differs from run to run" in screen


def test_two_runs_give_the_ratio_that_their_records_have(two_runs):
    (pair,) = compare(*two_runs).pairs
    found = compare(*two_runs).answer("mean_ratio").effect
    assert found.low < pair.b["mean_ratio"] / pair.a["mean_ratio"] < found.high
    assert found.low > 1.0


@pytest.mark.parametrize(
    ("limit", "code"),
    [("mean_ratio>1.01", 6), ("mean_ratio>1.5", 0), ("p99_ratio>1.5", 7), ("pods_ratio>1", 7)],
)
def test_each_outcome_has_its_exit_code(two_runs, limit, code):
    assert main(["compare", *two_runs, "--fail-if", limit]) == code


def test_five_repetitions_give_the_percentiles_their_intervals(a_sweep, capsys):
    folder = a_sweep()
    arms = [f"{folder}:old", f"{folder}:new"]
    assert main(["compare", *arms, "--fail-if", "p50_ratio>1.01", "--fail-if", "p99_ratio>2"]) == 6
    screen = capsys.readouterr().out
    assert screen.startswith("FAIL: B's p99 latency is 1.")
    assert "over 5 pairs" in screen
    assert "p50_ratio>1.01: FAIL" in screen
    assert "p99_ratio>2: PASS" in screen


def test_equal_arms_are_not_told_apart(a_sweep):
    folder = a_sweep(arms={"one": Target(), "other": Target()})
    comparison = compare(f"{folder}:one", f"{folder}:other")
    assert {e.effect.estimate for e in comparison.effects if e.quantity.kind == "ratio"} == {1.0}
    assert comparison.answer("mean_ratio").p_holm == 1.0


def test_two_sweeps_are_compared_cell_by_cell_and_over_all(a_sweep, tmp_path):
    old = a_sweep("old", {"as-is": Target()}, rates_rps=(10.0, 20.0))
    new = a_sweep("new", {"as-is": SLOW}, rates_rps=(10.0, 20.0))
    assert main(["compare", str(old), str(new), "--out", str(tmp_path / "out")]) == 0
    effects = pd.read_csv(tmp_path / "out" / "effects.csv")
    means = effects[effects["quantity"] == "mean_ratio"]
    assert means["cell"].tolist() == [
        "poisson 10 rps, spin 100ms",
        "poisson 20 rps, spin 100ms",
        "all stable cells (2 of 2)",
    ]
    assert (means["low"] > 1.0).all()
    assert (means["p_holm"] >= means["p"]).all()
    assert len(pd.read_csv(tmp_path / "out" / "pairs.csv")) == 10
    assert (tmp_path / "out" / "mean_ratio.svg").exists()


def test_a_repetition_that_is_missing_is_told_and_its_partner_left_out(a_sweep):
    folder = a_sweep(repetitions=6, left_out={"poisson-20rps-100ms-new-r6"})
    comparison = compare(f"{folder}:old", f"{folder}:new")
    assert len(comparison.pairs) == 5
    assert any("new-r6 has no finished run" in line for line in comparison.left_out)


def test_an_invalid_run_of_many_is_left_out_with_its_reason(a_sweep, edited):
    folder = a_sweep(repetitions=6)
    summary = folder / "runs" / "poisson-20rps-100ms-new-r2" / SUMMARY_NAME
    edited(summary, lambda content: content["verdict"].update(level="INVALID"))
    comparison = compare(f"{folder}:old", f"{folder}:new")
    assert len(comparison.pairs) == 5
    assert any("is INVALID" in line for line in comparison.left_out)


@pytest.mark.parametrize(
    ("difference", "said"),
    [
        ({"law": "uniform"}, "the law of arrivals differs: poisson in A, uniform in B"),
        ({"rate_rps": 10.0}, "the rate differs: 20 rps in A, 10 rps in B"),
        ({"spin": "50ms"}, "the spin differs: 100ms in A, 50ms in B"),
        ({"seed": 8}, "the seed differs: 7 in A, 8 in B"),
        ({"timeout": "2s"}, "the deadline differs: 5 s in A, 2 s in B"),
        ({"duration_s": 50.0}, "the length differs: 60 s in A, 50 s in B"),
        ({"warm_up_s": 10.0}, "the warm-up differs: 20 s in A, 10 s in B"),
        ({"target": LATE}, "B (b) is INVALID"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_is_not_comparable_is_refused_in_one_line(a_run, difference, said, capsys):
    a, b = a_run("a"), a_run("b", **difference)
    assert main(["compare", str(a), str(b)]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert said in captured.err
    assert captured.err.count("\n") == 1


def test_a_model_stands_against_a_measurement_only_when_told(a_run, edited):
    a, b = a_run("a"), a_run("b")
    edited(b / MANIFEST_NAME, lambda content: content.update(simulated={"events": 1}))
    with pytest.raises(AnalysisError, match="B is simulated and the other was measured"):
        compare(str(a), str(b))
    assert compare(str(a), str(b), across_model=True).pairs


@pytest.mark.parametrize(
    ("b", "said"),
    [
        ("nowhere", "nowhere is not there; valid: a run folder"),
        ("{sweep}:nobody", "has no arm nobody; valid: old, new"),
        ("{sweep}", "is a sweep and"),
        ("{run}", "share runs"),
    ],
)
def test_a_side_that_is_none_is_refused_in_one_line(a_run, a_sweep, b, said, capsys):
    run, sweep = a_run(), a_sweep(repetitions=1)
    assert main(["compare", str(run), b.format(run=run, sweep=sweep)]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1


def test_sweeps_without_a_common_cell_are_refused(a_sweep):
    a = a_sweep("a", {"as-is": Target()}, rates_rps=(10.0,), repetitions=1)
    b = a_sweep("b", {"as-is": Target()}, rates_rps=(20.0,), repetitions=1)
    with pytest.raises(AnalysisError, match="no cell and repetition in common: poisson 10 rps"):
        compare(str(a), str(b))


def test_a_bad_limit_is_refused_before_anything_is_read(capsys):
    with pytest.raises(SystemExit, match="2"):
        main(["compare", "x", "y", "--fail-if", "p99>1"])
    assert "p99 is not compared; valid: p99_ratio" in capsys.readouterr().err


def test_overload_has_restricted_means_and_no_percentiles(a_run):
    a, b = a_run("a"), a_run("b", OVERLOADED)
    comparison = compare(str(a), str(b))
    (pair,) = comparison.pairs
    assert pair.b["mean_ratio"] <= 5.0
    assert not pair.is_stable
    assert comparison.answer("p99_ratio").effect.suppressed
    assert comparison.answer("mean_ratio").effect.suppressed
    assert comparison.answer("success_diff").effect.estimate < 0


def test_junit_and_step_summary_say_the_same(two_runs, tmp_path, capsys):
    junit, summary = tmp_path / "ci" / "junit.xml", tmp_path / "summary.md"
    limits = ["--fail-if", "mean_ratio>1.01", "--fail-if", "p99_ratio>2"]
    outputs = ["--junit", str(junit), "--step-summary", str(summary)]
    main(["compare", *two_runs, *limits, *outputs])
    suite = ET.parse(junit).getroot()  # noqa: S314 - our own text
    assert [suite.get(name) for name in ("tests", "failures", "skipped")] == ["3", "1", "1"]
    assert summary.read_text().startswith("### FAIL: ")
    assert capsys.readouterr().out.splitlines()[0] in summary.read_text()


def test_github_names_the_file_of_the_step_summary(two_runs, tmp_path, monkeypatch):
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "github.md"))
    main(["compare", *two_runs])
    assert "COMPARED" in (tmp_path / "github.md").read_text()


def test_the_page_escapes_what_others_wrote(a_run, tmp_path):
    a, b = a_run("a"), a_run("b", SLOW)
    named = b.rename(b.with_name("<script>alert(1)<script>"))
    main(["compare", str(a), str(named), "--out", str(tmp_path / "out")])
    page = (tmp_path / "out" / "index.html").read_text()
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_without_a_failure_success_is_bounded_by_the_rule_of_three(a_sweep):
    folder = a_sweep(rates_rps=(10.0, 20.0), repetitions=2)
    comparison = compare(f"{folder}:old", f"{folder}:new")
    sent = sum(pair.sent[0] for pair in comparison.pairs)
    effect = comparison.answer("success_diff").effect
    assert (effect.low, effect.high) == (-3 / sent, 3 / sent)
