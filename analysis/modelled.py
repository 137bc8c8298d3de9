"""A run with its model beside it: a simulated run of the same load."""

from dataclasses import replace
from pathlib import Path

from analysis.dataset import RunData, read_run
from analysis.errors import AnalysisError
from analysis.metrics.slowdown import with_slowdown

MODEL_NAME = "model"
"""Folder of a run's model, inside the run's."""
_SAME_S = 1e-6


def with_model(run: RunData, asked: Path | None = None) -> RunData:
    """The run and its model, whose slowdown is against the run's own ideal.

    Args:
        run: Any run.
        asked: The model's folder; None for the one inside the run's, if it is there.

    Raises:
        AnalysisError: where the folder that was asked for is no model of this run's load. One that
            was not asked for and cannot be used is said among what is missing.
    """
    folder = asked or run.folder / MODEL_NAME
    if asked is None and not folder.is_dir():
        return run
    try:
        model = _model(run, folder)
    except AnalysisError as error:
        if asked is not None:
            raise
        return replace(run, missing=[*run.missing, f"no model is shown: {error}"])
    ideal_s = run.ideal.of(model.calls["spin_s"])
    calls = with_slowdown(model.calls, ideal_s)
    return replace(run, model=replace(model, calls=calls, ideal=run.ideal))


def _model(run: RunData, folder: Path) -> RunData:
    model = read_run(folder)
    if not model.simulated:
        raise AnalysisError(
            f"{folder} was measured, it is no model; valid: a folder of `python -m simulator run`"
            " or `python -m experiment forecast --of RUN`"
        )
    if not _same_load(run, model):
        raise AnalysisError(
            f"{folder} models another load than that of run {run.run_id}; valid: a model of the"
            " same law, rates, duration and warm-up"
        )
    return model


def _same_load(run: RunData, model: RunData) -> bool:
    def planned(of: RunData) -> tuple[float, ...]:
        places = [run.end_s * share for share in (0.25, 0.5, 0.75, 1.0)]
        return (of.end_s, of.plan.warm_up_s, *(of.plan.rates.integral(at_s) for at_s in places))

    pairs = zip(planned(run), planned(model), strict=True)
    close = all(abs(one - other) <= _SAME_S * max(1.0, abs(one)) for one, other in pairs)
    return close and run.law.text == model.law.text
