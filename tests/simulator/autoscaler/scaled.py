"""An autoscaler at work: seconds of load in, decisions out."""

from simulator.autoscaler.decide import decide
from simulator.autoscaler.settings import ScalerSettings
from simulator.autoscaler.state import Observed, first_state, record

ONE_CALL = ScalerSettings(0.7, 1.0)


def run(load, settings=ONE_CALL, ready=1, *, pods_follow=True, state=None, from_s=0):
    """Decisions, every other second, over a list of calls at once; pods are there at once."""
    state = first_state(settings, ready) if state is None else state
    made = []
    for second, value in enumerate(load, from_s):
        state = record(state, second, value)
        if second % 2:
            continue
        replicas = made[-1].replicas if made else ready
        state, decision = decide(
            state, Observed(replicas if pods_follow else ready, replicas), settings, float(second)
        )
        made.append(decision)
    return made, state
