"""`python -m experiment forecast`, as it is typed."""

import json
import time

import pytest
import yaml

from experiment.__main__ import main
from experiment.command_table import make_parser
from experiment.commands import forecast as command
from experiment.forecast import answer as answering
from tests.experiment.forecast.asking import SMALL

QUESTION = ("--rps", "120", "--service-time", "180ms", "--cc", "1")


def asked(capsys, *arguments):
    """What is printed, as lines."""
    assert main(["forecast", *arguments], make_parser((command,))) == 0
    return capsys.readouterr().out.splitlines()


def test_how_many_pods_is_on_the_first_line(capsys):
    first, *_ = asked(capsys, *QUESTION, "--no-model")

    assert first.startswith("31 pods (mean 31.3, mostly 31 to 32): 120 rps of 180ms calls are 21.6")
    assert "containerConcurrency 1 at 0.7" in first


def test_of_rare_calls_it_is_said_that_they_find_no_pod(capsys):
    rare = ("--rps", "0.01", "--service-time", "180ms", "--no-model")
    first, *_, last = asked(capsys, *rare)

    assert first.startswith("1 pod or none: 0.01 rps of 180ms calls")
    assert "the next call waits for a pod to start; --min-scale 1 keeps one" in last


def test_rare_calls_are_forecast_over_hours_so_that_there_are_some(capsys):
    rare = ("--rps", "0.05", "--service-time", "180ms")
    said = "\n".join(asked(capsys, *rare))

    assert "5 simulated runs of 2h, the first 2m left out" in said
    assert "nan" not in said


def test_of_a_run_without_calls_figures_are_not_known(capsys):
    none = ("--rps", "0.0001", "--service-time", "180ms", "--duration", "1m")
    said = "\n".join(asked(capsys, *none))

    assert "calls      not known answered, not known cold-affected\n" in said
    assert "mean not known, p99 not known" in said
    assert "nan" not in said


def test_what_p99_follows_modelled_with_its_spread(capsys):
    short = ("--rps", "20", "--service-time", "300ms", "--cc", "1", "--duration", "3m")
    lines = asked(capsys, *short, "--cores", "16")
    said = next(line for line in lines if line.startswith("p99"))

    assert lines.index(said) == 3
    assert "modelled for poisson arrivals once the pods are there" in said
    assert "from 1 pod" in said
    named = [line.split()[0] for line in lines[4:]]
    assert named[:7] == ["modelled", "pods", "latency", "slowdown", "calls", "cost", "precision"]
    assert "5 simulated runs of 3m, the first 1m left out, in plain Python" in lines[4]


def test_the_seeds_grid_never_exercises_the_autoscaler_by_default(capsys):
    lines = asked(capsys, "seed", "--no-model")

    assert "200 runs, 40 h of load." in lines[0]
    assert (
        "With containerConcurrency 0 this sweep never exercises the autoscaler: its target is 70"
        " calls at once for each pod, and the largest load is 50."
    ) in lines


@pytest.mark.parametrize(
    "more", [("--cc", "1"), ("--target", "20"), ("--target-utilization", "40%")]
)
def test_with_settings_that_do_exercise_it_that_is_not_said(capsys, more):
    assert "never exercises" not in "".join(asked(capsys, "seed", "--no-model", *more))


def test_where_cores_are_short_it_is_said_of_what_they_carry(capsys):
    text = "\n".join(asked(capsys, "seed", "--no-model", "--cores", "16"))

    assert "never exercises the autoscaler, where its cores carry the load well: its target" in text
    assert "55 stable, 6 marginal, 39 overload, on 16 cores" in text
    assert "or 25.7 h with overloads probed" in text


def test_a_sweeps_arms_are_forecast_one_by_one(capsys, tmp_path):
    settings = {
        "containerConcurrency": 1,
        "annotations": {"autoscaling.knative.dev/target-utilization-percentage": "50"},
        "resources": {"limits": {"cpu": "1"}},  # of no bearing on the model
    }
    arms = [{"name": "as-is"}, {"name": "half", "settings": settings}]
    lines = asked(capsys, spec_file(tmp_path, rates_rps=[20], arms=arms), "--no-model")

    at = lines.index("arm half")
    assert "arm as-is" in lines[:at]
    assert "never exercises" in "".join(lines[:at])
    assert lines[at:][-1].split() == ["100ms", "4"]  # 2 calls at once over 0.5


def test_a_sweeps_file_can_name_cores_and_the_options_can_others(capsys, tmp_path):
    path = spec_file(tmp_path, cores=0.3)

    assert "1 overload, on 0.3 cores" in "".join(asked(capsys, path, "--no-model"))
    assert "2 stable, on 2 cores" in "".join(asked(capsys, path, "--no-model", "--cores", "2"))


def test_json_has_all_of_it(capsys, tmp_path):
    values = json.loads("\n".join(asked(capsys, spec_file(tmp_path), "--json", "--cc", "1")))

    assert values["sweep"]["runs"] == 20
    assert [one["cell"]["rate_rps"] for one in values["arithmetic"]] == [2, 4, 2, 4]
    assert values["arithmetic"][0]["cores"] is None  # unlimited: JSON has no infinity
    figures = values["modelled"]["settings"][0]["figures"]
    assert figures["p99_s"]["low"] <= figures["p99_s"]["mean"] <= figures["p99_s"]["high"]
    assert values["modelled"]["settings"][0]["precision"]["repetitions"] == 5


def test_json_without_a_model_has_the_arithmetic_alone(capsys):
    values = json.loads("\n".join(asked(capsys, *QUESTION, "--json", "--no-model")))

    assert set(values) == {"arithmetic"}
    assert values["arithmetic"][0]["pods"]["settled"] == 31
    assert values["arithmetic"][0]["exercises_autoscaler"]


def test_the_seeds_grid_is_modelled_in_plain_python_within_its_time(capsys, monkeypatch):
    monkeypatch.setattr(answering, "MOST_EVENTS_PLAIN", 150_000)  # for the sake of the test's time
    begun_s = time.monotonic()
    lines = asked(capsys, "seed", "--cc", "1", "--cores", "64")

    # Not a speed: the budget of time ends the runs, wherever they are.
    assert time.monotonic() - begun_s < answering.SECONDS + 20
    assert any("in plain Python" in line for line in lines)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "--rps is missing"),
        (("--rps", "10"), "--service-time is missing"),
        (("--rps", "ten", "--service-time", "1s"), "rate is 'ten'"),
        (("--rps", "10", "--service-time", "0s"), "no time at all"),
        (("--rps", "10", "--service-time", "1s", "--cc", "-1"), "whole number from 0"),
        (("--rps", "10", "--service-time", "1s", "--cores", "0"), "number of cores above 0"),
        (("--rps", "10", "--service-time", "40s"), "(--grpc-timeout"),
        (("--rps", "10", "--service-time", "1s", "--warm-up", "6m"), "leaves nothing"),
        ((*QUESTION, "--min-scale", "5", "--max-scale", "2"), "min-scale at most max-scale"),
        ((*QUESTION, "--rate-profile", "step:5@1m"), "disagree"),
        (("--rate-profile", "trace:x.csv", "--service-time", "1s"), "no steady load to forecast"),
        (("sed",), "one of the presets seed, quick"),
        (("seed", "--rps", "5", "--warm-up", "1m"), "--rps, --warm-up and the sweep seed disagree"),
        (("seed", "--grpc-timeout", "1s"), "--grpc-timeout and the sweep seed disagree"),
        (("--of", "/nowhere"), "no run folder"),
        (("seed", "--of", "RUN"), "--of RUN and another load disagree"),
        (("--rps", "5", "--of", "RUN"), "--of RUN and another load disagree"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_two(capsys, arguments, said):
    try:
        code = main(["forecast", *arguments], make_parser((command,)))
    except SystemExit as stopped:
        code = stopped.code
    out, err = capsys.readouterr()

    assert (code, out) == (2, "")
    assert said in err
    assert err.count("\n") == 1


def test_an_arm_that_the_model_does_not_take_is_named(capsys, tmp_path):
    arms = [{"name": "odd", "settings": {"containerConcurrency": "many"}}]

    assert main(["forecast", spec_file(tmp_path, arms=arms)], make_parser((command,))) == 2
    assert "containerConcurrency" in capsys.readouterr().err


def spec_file(folder, **changes):
    path = folder / "sweep.yaml"
    path.write_text(yaml.safe_dump({**SMALL, **changes}))
    return str(path)
