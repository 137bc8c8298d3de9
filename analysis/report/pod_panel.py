"""What the timeline shows of the pods, as tables."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.dataset import RunData
from analysis.figures.pods_over_time import PodPanel
from verdict.replica_view import ReplicaView
from verdict.steps import Interval, clipped, joined


def pod_panel(run: RunData) -> PodPanel | None:
    """The pods of a run; None where nobody watched."""
    view = run.replicas
    if view is None:
        return None
    end_s = run.end_s
    return PodPanel(
        steps=_steps(view, end_s),
        modes=_modes(view, end_s),
        panics=clipped(view.panicking(end_s), 0.0, end_s),
        unseen=_unseen(view, end_s),
        call_cores=_call_cores(run),
        modelled=_modelled(run),
    )


def panel_tables(panel: PodPanel) -> Mapping[str, pd.DataFrame]:
    """The tables behind the panel."""
    spans = [
        *((from_s, to_s, mode) for from_s, to_s, mode in panel.modes),
        *((from_s, to_s, "panic") for from_s, to_s in panel.panics),
        *((from_s, to_s, "not seen") for from_s, to_s in panel.unseen),
    ]
    modelled = {} if panel.modelled is None else {"model-pods": panel.modelled}
    return {
        "pods": panel.steps,
        **modelled,
        "states": pd.DataFrame(spans, columns=["from_s", "to_s", "state"]),
    }


def _modelled(run: RunData) -> pd.DataFrame | None:
    view = None if run.model is None else run.model.replicas
    return None if view is None else _steps(view, run.end_s)[["t_s", "ready_pods"]]


def _steps(view: ReplicaView, end_s: float) -> pd.DataFrame:
    from_s, to_s = max(0.0, view.watched_s[0]), min(end_s, view.watched_s[1])
    series = {"ready_pods": view.ready, "pending_pods": view.pending, "desired_pods": view.desired}
    known = {name: steps for name, steps in series.items() if steps is not None}
    moments = np.concatenate([[from_s, to_s], *(steps.at_s for steps in known.values())])
    t_s = np.unique(moments[(moments >= from_s) & (moments <= to_s)])
    return pd.DataFrame({"t_s": t_s, **{name: steps.at(t_s) for name, steps in known.items()}})


def _modes(view: ReplicaView, end_s: float) -> list[tuple[float, float, str]]:
    last_s = min(end_s, view.watched_s[1])
    ends_s = [*(at_s for at_s, _ in view.modes[1:]), last_s]
    spans = zip(view.modes, ends_s, strict=False)
    held = [(max(at_s, 0.0), min(to_s, last_s), mode) for (at_s, mode), to_s in spans]
    return [span for span in held if span[0] < span[1]]


def _unseen(view: ReplicaView, end_s: float) -> list[Interval]:
    begin_s, last_s = view.watched_s
    return joined(clipped([(0.0, begin_s), *view.gaps, (last_s, end_s)], 0.0, end_s))


def _call_cores(run: RunData) -> float | None:
    """CPU seconds a call asks for: its spin, else the time it takes alone."""
    for name in ("spin_s", "ideal_s"):
        cores = float(run.calls[name].mean())
        if cores > 0:
            return cores
    return None
