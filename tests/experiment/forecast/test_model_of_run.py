"""A measured run's model: a run folder inside it, of the same arrivals on the same Service."""

import math
from dataclasses import replace

import numpy as np
import pytest

from analysis.dataset import read_run
from experiment.__main__ import main
from experiment.forecast.errors import NotModelled
from experiment.forecast.measured_system import system_of, times_on_the_way_s
from experiment.forecast.model_of_run import model_of_run
from records.manifest import read_manifest, write_manifest
from records.reader import open_run
from shapes.rate_log import RateLog, RateSegment
from tests.analysis.fakes import make_plan, simulate, write_run
from tests.analysis.scaled import CREATED_S, KNATIVE, READY_S, scaled_run
from tests.replica_rows import mode, scale, start_of
from verdict.pods_seen import view_of_run

SLOW = RateLog((RateSegment(0.0, 5.0),))
SHORT = {"rates": SLOW, "duration_s": 30.0}


def columns_of(folder, *names):
    table = open_run(folder).table([*names, "k"]).to_pandas().sort_values("k")
    return [table[name].to_numpy() for name in names]


def with_manifest(folder, **changes):
    write_manifest(folder, replace(read_manifest(folder), **changes))
    return folder


def test_the_model_is_a_complete_run_folder_that_says_it_is_a_model(tmp_path):
    folder = scaled_run(tmp_path, **SHORT)
    model = model_of_run(folder)
    assert model == folder / "model"
    manifest = read_manifest(model)
    assert manifest.simulated["model_of"] == "scaled"
    assert manifest.run_id == "scaled-model"
    assert not open_run(model).missing
    assert read_run(model).summary["what"]["simulated"]


def test_forecast_of_a_run_makes_its_model_and_says_where_it_is(tmp_path, capsys):
    folder = scaled_run(tmp_path, **SHORT)
    assert main(["forecast", "--of", str(folder)]) == 0
    assert capsys.readouterr().out.startswith(f"{folder}/model is the model of {folder}")
    assert read_manifest(folder / "model").simulated


def test_forecast_of_a_run_that_cannot_be_modelled_is_one_line_and_exit_code_2(tmp_path, capsys):
    folder = scaled_run(tmp_path, knative=None, **SHORT)
    assert main(["forecast", "--of", str(folder)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == (
        f"experiment: --of {folder}: its manifest holds no settings of a Knative Service\n"
    )


def test_the_model_has_the_arrivals_of_the_run_and_its_clock(tmp_path):
    folder = scaled_run(tmp_path, **SHORT, warm_up_s=10.0)
    model = model_of_run(folder)
    for measured, modelled in zip(
        columns_of(folder, "intended_s", "phase"), columns_of(model, "intended_s", "phase"),
        strict=True,
    ):  # fmt: skip
        if measured.dtype == float:
            np.testing.assert_allclose(modelled, measured, atol=1e-9)
        else:
            assert list(modelled) == list(measured)
    assert read_manifest(model).started_unix_s == read_manifest(folder).started_unix_s


def test_the_model_begins_with_the_pods_and_the_mode_that_were_seen(tmp_path):
    rows = [mode(-2.0, "Serve"), scale(-2.0, 2), start_of("p-1", -9.0, -8.0),
            start_of("p-2", -9.0, -7.0)]  # fmt: skip
    model = model_of_run(scaled_run(tmp_path, rows=rows, **SHORT))
    assert view_of_run(open_run(model)).ready.at_one(0.0) == 2
    assert not read_manifest(model).simulated["system"]["is_proxied"]


def test_from_zero_the_model_has_the_cold_starts_that_were_seen(tmp_path):
    folder = scaled_run(tmp_path, **SHORT)
    model = model_of_run(folder)
    seen_s = sorted(np.subtract(READY_S, CREATED_S))
    assert read_manifest(model).simulated["cold_start_s"] == pytest.approx(seen_s)
    view = view_of_run(open_run(model))
    assert view.ready.at_one(0.0) == 0
    assert view.ready.at_one(29.0) >= 1


def test_what_is_not_known_is_assumed_and_said(tmp_path):
    folder = scaled_run(tmp_path, rows=[], **SHORT)
    said = "; ".join(read_manifest(model_of_run(folder)).simulated["taken"])
    for part in ("1 pod at the start: assumed", "cold starts of 2 s: assumed", "cores", "nodes"):
        assert part in said


@pytest.mark.parametrize(
    ("nodes", "cores"),
    [
        ({"kn": 2.0, "other": 8.0}, 2.0),
        ({"other": 8.0}, math.inf),
        ({"not_read": "no permission to list nodes"}, math.inf),
        ({}, math.inf),
    ],
)
def test_cores_are_those_of_the_nodes_that_pods_were_seen_on(tmp_path, nodes, cores):
    folder = with_manifest(scaled_run(tmp_path, **SHORT), knative={**KNATIVE, "nodes": nodes})
    assert system_of(open_run(folder), 0, 0.1).cores == cores


@pytest.mark.parametrize(
    ("limits", "cores"), [(None, math.inf), ({"memory": "1Gi"}, math.inf), ({"cpu": "500m"}, 0.5)]
)
def test_a_cpu_limit_of_the_container_is_taken(tmp_path, limits, cores):
    service = {**KNATIVE["service"], "resources": {"limits": limits} if limits else {}}
    folder = with_manifest(scaled_run(tmp_path, **SHORT), knative={"service": service})
    assert system_of(open_run(folder), 0, 0.1).limit_cores == cores


def test_with_a_cpu_limit_the_modelled_pods_stand_still_at_times(tmp_path):
    service = {**KNATIVE["service"], "resources": {"limits": {"cpu": "500m"}}}
    folder = with_manifest(scaled_run(tmp_path, **SHORT), knative={"service": service})
    (modelled,) = columns_of(model_of_run(folder), "worker_wall_s")
    assert np.nanmedian(modelled) > 0.14  # of 100 ms a call, most stand still for a while


def test_a_call_is_on_the_way_for_what_a_lone_call_takes_beside_the_workers_time():
    nan = math.nan
    way_s = times_on_the_way_s(
        sent_s=np.array([0.0, 1.0, 2.0, 2.1, 5.0, nan, 7.0]),
        received_s=np.array([0.9, 1.2, 2.5, 2.6, 5.3, nan, nan]),
        status=np.array(["ok", "ok", "ok", "ok", "ok", "unsent", "unfinished"]),
        instance_seq=np.array([1, 2, 3, 4, 5, nan, nan]),
        worker_wall_s=np.array([0.1, 0.15, 0.1, 0.1, 0.2, nan, nan]),
    )
    assert way_s == pytest.approx([0.05, 0.1])  # not the first on it, nor those that overlap


def test_a_calibration_tells_how_long_a_call_is_on_the_way(tmp_path):
    calibration = {"by_spin": [[0.1, 0.104]], "how": {}}
    folder = with_manifest(scaled_run(tmp_path, **SHORT), calibration=calibration)
    assert system_of(open_run(folder), 0, 0.1).network_s == pytest.approx(0.004)


def test_a_second_model_takes_the_place_of_the_first(tmp_path):
    folder = scaled_run(tmp_path, **SHORT)
    (model_of_run(folder) / "left.txt").write_text("of the first")
    assert not (model_of_run(folder) / "left.txt").exists()
    assert not list(folder.glob(".*"))


def without_settings(folder):
    return with_manifest(folder, knative=None)


def of_another_call(folder):
    plan = dict(read_manifest(folder).plans[-1])
    plan["request"] = {**plan["request"], "call": "shop.Quote/Get"}
    return with_manifest(folder, plans=[plan])


def without_plan(folder):
    return with_manifest(folder, plans=[])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (without_settings, "no settings of a Knative Service"),
        (of_another_call, "calls no spin worker"),
        (without_plan, "no plan that ends"),
        (model_of_run, "is a model itself"),
    ],
)
def test_a_run_that_cannot_be_modelled_says_why_and_is_left_as_it_was(tmp_path, change, said):
    folder = change(scaled_run(tmp_path, **SHORT))
    with pytest.raises(NotModelled, match=said):
        model_of_run(folder)
    assert not (folder / "model").exists()


def test_a_run_that_nobody_scales_is_modelled_too(tmp_path):
    plan = make_plan(rate_rps=5.0, duration_s=20.0, warm_up_s=0.0)
    folder = with_manifest(write_run(tmp_path, plan, simulate(plan)), knative=KNATIVE)
    calls = open_run(model_of_run(folder)).counts()
    assert calls["ok"] == open_run(folder).counts()["ok"]
