"""Runs in the formats of others."""

import csv
import json
import math
from io import StringIO

import numpy as np
import pandas as pd
import pytest

import analysis
from analysis.__main__ import main
from analysis.errors import AnalysisError
from analysis.export.hgrm import hgrm_lines, percentile_levels
from tests.analysis.fakes import Target

FAILING = Target(fails_from_s=2.0, fails_until_s=4.0, unsent_every=40)


@pytest.fixture
def exported(a_run, capsys):
    def make(name, **run):
        folder = a_run(**run)
        assert main(["export", str(folder), "--format", name]) == 0
        return folder, capsys.readouterr().out

    return make


def read_as_the_plotter_does(text):
    """(value, 1/(1-percentile)) of each line that HdrHistogram's plotFiles.html draws."""
    points = []
    for line in text.split("\n"):
        values = line.strip().split()
        if not line.strip().startswith("#") and len(values) == 4:
            try:
                points.append((float(values[0]), float(values[3])))
            except ValueError:
                continue
    return points


def test_the_plotter_reads_the_percentiles(rng):
    latencies_s = rng.exponential(0.1, 5000)
    points = read_as_the_plotter_does("\n".join(hgrm_lines(latencies_s)))
    assert points[0] == (pytest.approx(latencies_s.min() * 1000, abs=1e-3), 1.0)
    for value_ms, inverse in points[1:]:
        share = 1 - 1 / inverse
        assert np.mean(latencies_s * 1000 <= value_ms + 5e-4) >= share - 2.5e-3
    assert points[-1][1] >= 4096


def test_the_levels_are_those_of_hdrhistogram():
    expected = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.775, 0.8, 0.825, 0.85]
    assert list(percentile_levels(10_000))[:15] == pytest.approx(expected)
    assert max(percentile_levels(1000)) < 0.999


def test_the_last_line_of_a_run_without_failures_is_its_greatest_latency():
    lines = list(hgrm_lines(np.array([0.25, 0.5, 1.0])))
    (last,) = [line for line in lines if "1.000000000000" in line]
    assert last.split() == ["1000.000", "1.000000000000", "3"]
    assert "Total count    =            3" in lines[-1]


def test_failures_count_in_every_percentile_and_end_the_curve():
    latencies_s = np.concatenate([np.arange(1, 81) / 100, np.full(20, math.inf)])
    lines = list(hgrm_lines(latencies_s))
    points = read_as_the_plotter_does("\n".join(lines))
    medians = [value for value, inverse in points if inverse == 2.0]
    assert medians == [500.0], "half of all, not half of those that were answered"
    assert max(1 - 1 / inverse for _, inverse in points) == pytest.approx(0.8, abs=0.005)
    assert not any("inf" in line for line in lines)
    assert "#[Not answered well = 20 of 100: the curve ends at 0.800000]" in lines


def test_of_a_run_only_the_measured_phase_is_in_the_percentiles(exported):
    folder, text = exported("hgrm", warm_up_s=2.0)
    calls = analysis.open_run(folder, ["phase"])
    sent = calls[calls["phase"].eq("measured") & calls["latency_s"].notna()]
    assert text.splitlines()[-1].endswith(f"{len(sent)}]")


def test_csv_has_every_arrival_and_every_column(exported):
    folder, text = exported("csv", target=FAILING)
    rows = list(csv.DictReader(StringIO(text)))
    calls = analysis.open_run(folder)
    assert len(rows) == len(calls)
    assert list(rows[0]) == list(calls.columns)
    assert all("." not in row["instance_seq"] for row in rows)
    latency_s = {int(row["k"]): float(row["latency_s"] or "nan") for row in rows}
    expected = dict(zip(calls["k"].tolist(), calls["latency_s"].tolist(), strict=True))
    assert latency_s == pytest.approx(expected, nan_ok=True)


def test_json_has_the_summary_and_null_where_a_percentile_is_not_reached(exported):
    folder, text = exported("json", target=FAILING)
    content = json.loads(text)
    assert content["run_id"] == folder.name
    assert content["summary"]["verdict"]["level"] in {"VALID", "SUSPECT", "INVALID"}
    latencies_s = analysis.open_run(folder, ["phase"])["latency_s"]
    assert content["calls"] <= len(latencies_s)
    assert set(content["latency_percentiles_s"]) == {"p50", "p90", "p95", "p99", "p99.9"}


def test_invitro_rows_are_what_was_sent_in_microseconds(exported):
    folder, text = exported("invitro", target=FAILING)
    rows = pd.read_csv(StringIO(text))
    rows = rows.sort_values("startTime", ignore_index=True)
    assert list(rows.columns[:10]) == [
        *("phase", "instance", "invocationID", "startTime", "requestedDuration"),
        *("grpcConnEstablish", "responseTime", "actualDuration"),
        *("connectionTimeout", "functionTimeout"),
    ]
    calls = analysis.open_run(folder)
    sent = calls[calls["sent_s"].notna()].sort_values("sent_s", ignore_index=True)
    assert len(rows) == len(sent)
    assert set(rows["phase"]) <= {1, 2}
    ok = sent["status"].eq("ok")
    expected_us = (sent["service_latency_s"] * 1e6)[ok]
    assert rows["responseTime"][ok].to_numpy() == pytest.approx(expected_us.to_numpy(), abs=1)
    assert not (rows["connectionTimeout"] | rows["functionTimeout"])[ok].any()
    assert (rows["connectionTimeout"] ^ rows["functionTimeout"])[~ok].all()


@pytest.mark.parametrize("name", ["hgrm", "csv", "json", "invitro"])
def test_a_file_is_written_whole_and_named(a_run, tmp_path, capsys, name):
    out = tmp_path / "exported"
    assert main(["export", str(a_run()), "--format", name, "--out", str(out)]) == 0
    assert capsys.readouterr().out.strip() == str(out)
    assert out.stat().st_size > 100
    assert list(tmp_path.glob("*.part")) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nowhere", "--format", "csv"), "nowhere is no run folder"),
        (("RUN", "--format", "csv", "--out", "/nowhere/x"), "cannot write /nowhere/x"),
    ],
)
def test_what_cannot_be_exported_is_refused_in_one_line(a_run, capsys, arguments, said):
    line = [str(a_run()) if word == "RUN" else word for word in arguments]
    assert main(["export", *line]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1


def test_a_run_is_a_frame_of_calls(a_run):
    calls = analysis.open_run(str(a_run()))
    assert {"k", "intended_s", "status", "latency_s", "lag_s", "service_latency_s"} <= set(calls)
    ok = calls[calls["status"].eq("ok")]
    assert (ok["latency_s"] - ok["lag_s"] - ok["service_latency_s"]).abs().max() < 1e-9


def test_a_frame_of_a_few_columns_has_these_and_the_durations(a_run):
    calls = analysis.open_run(a_run(), ["pod"])
    assert list(calls) == ["pod", "lag_s", "latency_s", "service_latency_s"]


def test_an_unknown_column_is_refused(a_run):
    with pytest.raises(AnalysisError, match="columns must be some of"):
        analysis.open_run(a_run(), ["colour"])
