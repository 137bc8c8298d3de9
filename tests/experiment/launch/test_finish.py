"""After the load: what the end of a run says of its model, whatever becomes of that."""

import subprocess

import pytest

from experiment.launch import finish as finishing


@pytest.mark.parametrize(
    ("done", "said"),
    [
        (subprocess.CompletedProcess([], 0, "RUN/model is the model\n", ""),
         "run: model: RUN/model is the model\n"),
        (subprocess.CompletedProcess([], 2, "", "experiment: no settings\n"),
         "run: no model of this run: experiment: no settings\n"),
        (subprocess.CompletedProcess([], 1, "", "Traceback\n  File\nMemoryError\n"),
         "run: no model of this run: MemoryError\n"),
        (subprocess.CompletedProcess([], -9, "", ""),
         "run: no model of this run: no word of why\n"),
    ],
)  # fmt: skip
def test_what_becomes_of_the_model_is_one_line_and_no_failure(monkeypatch, capsys, done, said):
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: done)
    finishing._model("RUN")
    assert capsys.readouterr().err == said


def test_a_model_that_takes_too_long_is_given_up_and_its_command_named(
    monkeypatch, capsys, tmp_path
):
    monkeypatch.setattr(finishing, "LONGEST_S", 0.01)
    finishing._model(tmp_path)
    said = capsys.readouterr().err
    assert said.startswith("run: no model of this run: not done within 0.01 s: python -m ")
    assert said.endswith(f"forecast --of {tmp_path}\n")


def test_a_folder_without_a_run_has_no_model_and_that_is_all(capsys, tmp_path):
    finishing._model(tmp_path)
    assert "no model of this run: experiment: " in capsys.readouterr().err
