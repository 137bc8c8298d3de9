"""After the load: what the end of a run says of its model, whatever becomes of that."""

import pytest

from experiment.forecast import model_of_run
from experiment.forecast.errors import NotModelled
from experiment.launch import finish as finishing


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (NotModelled("its manifest holds no settings"), "its manifest holds no settings"),
        (ZeroDivisionError("two\nlines"), "two lines"),
        (MemoryError(), "MemoryError"),
    ],
)
def test_what_keeps_a_model_from_being_made_is_one_line_and_no_failure(
    monkeypatch, capsys, tmp_path, error, said
):
    def fails(*_):
        raise error

    monkeypatch.setattr(model_of_run, "model_of_run", fails)
    finishing._model(tmp_path)
    assert capsys.readouterr().err == f"run: no model of this run: {said}\n"


def test_where_the_model_is_stands_in_one_line(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(model_of_run, "model_of_run", lambda folder, most: folder / f"model-{most}")
    finishing._model(tmp_path)
    assert capsys.readouterr().err == f"run: model: {tmp_path}/model-200000\n"
