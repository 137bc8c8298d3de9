"""The command on the model: no load."""

import math

import pytest

from experiment.__main__ import main

LOAD = ("--ground", "simulated", "--duration", "20s", "--warm-up", "5s", "--spin", "100ms")


def test_a_limit_is_found_where_the_model_has_it(tmp_path, capsys):
    # 2 pods of one call each, equidistant arrivals: no call waits up to 20 rps, all do beyond.
    (tmp_path / "two.yaml").write_text(
        "model: {container-concurrency: 1, pods: 2, no-autoscaler: true, cores: 2}\n"
    )
    aim = ("--from", "15", "--to", "30", "--precision", "60%", "--confirm", "1")
    where = ("--spec", str(tmp_path / "two.yaml"), "--out", str(tmp_path / "found"), "--seed", "1")
    limit = ("--slo", "p99<150ms", "--distribution", "uniform")
    assert main(["search", *limit, *LOAD, *aim, *where, "--no-report"]) == 0
    words = capsys.readouterr().out.splitlines()[0]
    assert "(SIMULATED)" in words
    passing, failing = (float(part.split()[0]) for part in words.split("to ")[1].split("from "))
    assert passing <= 20 * (1 + 1e-9) < failing or math.isclose(passing, 20)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--slo", "p99~1s"), "--slo"),
        (("--slo", "p99<1s", "--from", "0"), "--from"),
        (("--slo", "p99<1s", "--from", "20", "--to", "10"), "--from at most --to"),
        (("--slo", "p99<1s", "--precision", "0%"), "from 1% to 100%"),
        (("--slo", "p99<1s", "--precision", "some"), "a share as 5%"),
        (("--slo", "p99<1s", "--confirm", "0"), "a whole number from 1"),
        (("--slo", "p99<1s", "--warm-up", "3m"), "warm_up"),
        (("--slo", "p99<1s", "--spec", "nowhere.yaml"), "nowhere.yaml"),
        ((), "--slo"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_two(arguments, said, tmp_path, capsys):
    try:
        code = main(["search", "--ground", "simulated", "--out", str(tmp_path / "s"), *arguments])
    except SystemExit as ended:
        code = ended.code
    assert code == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert said in line
    assert not (tmp_path / "s").exists()


def test_keys_that_are_options_are_not_taken_from_the_file(tmp_path, capsys):
    (tmp_path / "spec.yaml").write_text("duration: 5m\n")
    arguments = ("--slo", "p99<1s", "--spec", str(tmp_path / "spec.yaml"))
    assert main(["search", *arguments, "--out", str(tmp_path / "s")]) == 2
    assert "duration is an option here" in capsys.readouterr().err
