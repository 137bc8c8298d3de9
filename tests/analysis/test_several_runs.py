import numpy as np
import pandas as pd
import pytest

from analysis.errors import AnalysisError
from analysis.metrics.runs import by_cell, say_repetitions
from analysis.report.build_several import write_comparison
from analysis.report.run_rows import compared
from analysis.report.several_runs import pictures_of, table_of
from shapes.rate_log import RateLog, RateSegment
from tests.analysis.fakes import Target

RAMP = RateLog((RateSegment(0.0, 5.0, 0.5), RateSegment(30.0, 20.0)))


@pytest.fixture
def sweep(a_run):
    return [
        compared(a_run(f"{law}-{rate}-{spin}", law=law, rate_rps=rate, spin=spin, seed=rate))
        for law in ("uniform", "poisson")
        for rate in (5, 20)
        for spin in ("100ms", "200ms")
    ]


def row(**values):
    return {
        "law": "poisson",
        "spin": "100ms",
        "rate_rps": 10.0,
        "ok": 99,
        "sent": 100,
        "success_effective_n": 50.0,
        "mean_s": 0.1,
        "mean_bound_s": np.nan,
        "p99_s": 0.2,
        "slowdown_mean": 1.0,
        "slowdown_p99": 2.0,
        **values,
    }


def test_the_figures_of_the_sweep_are_there_for_each_law(sweep):
    keys = [picture.key for picture in pictures_of(sweep, table_of(sweep))]
    assert keys == [
        "latency_cdf_poisson",
        "latency_cdf_uniform",
        "average_latency",
        "success_rate",
        "slowdown",
    ]


def test_each_cdf_has_its_median_and_p99(sweep):
    (picture, *_) = pictures_of(sweep, table_of(sweep))
    marks = picture.tables["percentiles"]
    assert len(marks) == 2 * 2 * 2
    assert set(marks["quantile"]) == {0.5, 0.99}


def test_slowdown_is_one_where_nothing_queues_at_every_spin(a_run):
    quiet = Target(cores=100, network_s=0.0, contention=0.0, lag_s=0.0)
    spins = [f"{ms}ms" for ms in range(100, 1001, 300)]
    runs = [compared(a_run(f"s-{spin}", quiet, spin=spin, rate_rps=5)) for spin in spins]
    assert [run.row["slowdown_mean"] for run in runs] == pytest.approx([1.0] * 4, rel=1e-3)


def test_repetitions_of_a_cell_are_pooled_record_by_record(a_run):
    runs = [compared(a_run(f"rep-{seed}", seed=seed)) for seed in range(3)]
    picture = pictures_of(runs, table_of(runs))[0]
    pooled = np.concatenate([run.latencies_s for run in runs])
    expected = np.quantile(pooled, [0.5, 0.99], method="inverted_cdf")
    assert picture.tables["percentiles"]["latency_s"].tolist() == pytest.approx(expected)


def test_a_cell_with_five_repetitions_has_an_interval_over_them():
    cell = by_cell(pd.DataFrame([row(mean_s=m) for m in (1.0, 2.0, 3.0, 4.0, 5.0)])).iloc[0]
    assert cell["mean_s"] == 3.0
    assert cell["mean_s_low"] < 3.0 < cell["mean_s_high"]


def test_a_cell_with_fewer_has_none():
    cell = by_cell(pd.DataFrame([row(mean_s=m) for m in (1.0, 2.0, 3.0, 4.0)])).iloc[0]
    assert np.isnan([cell["mean_s_low"], cell["mean_s_high"]]).all()


def test_one_repetition_whose_p99_is_not_reached_leaves_the_cells_open():
    cell = by_cell(pd.DataFrame([row(), row(p99_s=np.inf, mean_bound_s=5.0)])).iloc[0]
    assert cell["p99_s"] == np.inf
    assert bool(cell["censored"])


def test_success_is_that_of_all_calls_of_the_cell():
    cell = by_cell(pd.DataFrame([row(), row(ok=0, sent=300)])).iloc[0]
    assert cell["success"] == 99 / 400
    assert cell["success_low"] < 99 / 400 < cell["success_high"]


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ([1], "1 repetition a cell; no intervals"),
        ([5, 6], "5 to 6 repetitions a cell; bars"),
        ([1, 5], "intervals from 5 on"),
    ],
    ids=["one", "enough", "mixed"],
)
def test_what_the_bars_are_is_said(counts, said):
    assert said in say_repetitions(pd.DataFrame({"repetitions": counts}))


@pytest.mark.parametrize(
    ("run", "reason"),
    [
        ({"target": Target(lag_s=0.05)}, "INVALID"),
        ({"rates": RAMP, "warm_up_s": 0.0}, "rate not constant"),
        ({"warm_up_s": 90.0}, "nothing measured"),
        ({"target": Target(unsent_every=1)}, "INVALID"),
    ],
    ids=["invalid", "ramp", "only warm-up", "nothing sent"],
)
def test_what_cannot_be_compared_is_listed_with_its_reason_and_in_no_figure(a_run, run, reason):
    runs = [compared(a_run("good")), compared(a_run("bad", **run))]
    table = table_of(runs)
    assert table.set_index("run_id")["left_out"].to_dict() == {"good": "", "bad": reason}
    assert "1 run left out" in pictures_of(runs, table)[0].caption.note


def test_overload_is_compared_as_a_lower_bound_never_as_a_mean_of_survivors(a_run):
    run = compared(a_run(target=Target(cores=1), rate_rps=20))
    assert run.row["overload"] == "overload"
    assert run.row["mean_bound_s"] == 5.0
    assert run.row["p99_s"] == np.inf
    assert run.row["left_out"] == ""


def test_the_page_lists_every_run_with_its_verdict(sweep, a_run, tmp_path):
    runs = [*sweep, compared(a_run("late", Target(lag_s=0.05)))]
    page = write_comparison(runs, tmp_path / "out")
    text = page.read_text()
    assert all(run.row["run_id"] in text for run in runs)
    assert "INVALID" in text
    assert len(pd.read_csv(tmp_path / "out" / "runs.csv")) == 9


def test_if_every_run_is_left_out_the_table_remains(a_run, tmp_path):
    runs = [compared(a_run(f"late-{n}", Target(lag_s=0.05))) for n in range(2)]
    assert "late-1" in write_comparison(runs, tmp_path / "out").read_text()


def test_if_no_run_measured_anything_there_is_no_report(a_run, tmp_path):
    runs = [compared(a_run(f"short-{n}", warm_up_s=90.0)) for n in range(2)]
    with pytest.raises(AnalysisError, match="none of the 2 runs"):
        write_comparison(runs, tmp_path / "out")
