"""What docs/export.md tells to type is true."""

import re
from pathlib import Path

import pytest

import analysis
from tests.analysis.fakes import Target, make_plan, simulate, write_run

PAGE = (Path(__file__).parents[2] / "docs" / "export.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    plan = make_plan()
    target = Target(fails_from_s=2.0, fails_until_s=4.0, unsent_every=40)
    return write_run(tmp_path_factory.mktemp("page"), plan, simulate(plan, target))


def block(language):
    return re.search(rf"```{language}\n(.+?)```", PAGE, re.DOTALL)[1]


def test_the_query_for_duckdb_finds_what_pandas_finds(folder):
    duckdb = pytest.importorskip("duckdb", reason="DuckDB is not installed: requirements-dev.txt")
    query = block("sql").replace("results/RUN", str(folder))
    found = {pod: (calls, p99_s) for pod, calls, p99_s in duckdb.sql(query).fetchall()}
    calls = analysis.open_run(folder, ["pod", "status", "phase"])
    sent = calls[calls["phase"].eq("measured") & calls["status"].ne("unsent")]
    assert sum(count for count, _ in found.values()) == len(sent)
    for pod, own in sent.dropna(subset=["pod"]).groupby("pod", observed=True):
        count, p99_s = found[pod]
        assert count == len(own)
        assert p99_s == pytest.approx(own["latency_s"].quantile(0.99, interpolation="higher"))


def test_the_lines_for_pandas_run(folder):
    lines = block("python").replace("results/RUN", str(folder))
    names = {}
    exec(lines, names)  # noqa: S102 - the page's own lines
    assert {"lag_s", "latency_s", "service_latency_s"} <= set(names["calls"])
