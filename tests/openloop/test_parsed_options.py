"""What Locust makes of its options, told without a run."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]


def test_values_of_command_line_environment_and_file_are_told_with_the_arguments_that_set_them(
    tmp_path,
):
    config = tmp_path / "locust.conf"
    config.write_text("duration = 15s\n")
    arguments = ["--insecure", "--rps", "4", "--check", "p99<1s", "--check", "success>=0.9"]
    done = parsed("--config", str(config), *arguments, "SpinUser", LOCUST_SPIN="20ms")
    told = json.loads(done.stdout)
    values = told["values"]
    assert (values["rps"], values["duration"], values["spin"]) == ("4", "15s", "20ms")
    assert told["given"][-1] == "SpinUser"
    assert {
        "--rps=4",
        "--duration=15s",
        "--spin=20ms",
        "--check=p99<1s",
        "--check=success>=0.9",
        "--insecure=yes",
    } <= set(told["given"])
    again = json.loads(parsed(*told["given"]).stdout)["values"]
    assert {**again, "config": None} == {**values, "config": None}


@pytest.mark.parametrize("arguments", [["--rps", "ten"], ["--nope"]])
def test_what_locust_refuses_is_refused(arguments):
    done = parsed(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert "error: " in done.stderr


def parsed(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "-m", "openloop.parsed_options", *arguments],
        cwd=PROJECT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
