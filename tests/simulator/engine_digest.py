"""What an engine computes, as a digest: run as a program, it is that of the engine in use."""

import hashlib
import itertools
import sys

import numpy as np

from simulator.autoscaler.settings import ScalerSettings
from simulator.compiled import IS_COMPILED
from tests.simulator.autoscaler.golden import decisions, load_sequences
from tests.simulator.system.systems import poisson_s, run, scaled


def systems():
    """One of each kind: limits, cores, the activator's ways, averages."""
    for concurrency, cores, burst in itertools.product((0, 1, 5), (4.0, 64.0), (0.0, 211.0)):
        total = float(concurrency or 100)
        scaler = ScalerSettings(0.7 * total, total, burst, is_weighted=burst == 0.0)
        yield scaled(concurrency, 120.0, cores, scaler, deadline_s=5.0, by_rate=cores > 8)
    for concurrency, activators in itertools.product((0, 1, 5), (1, 2)):
        limited = {"quota_s": 0.06, "activators": activators}
        yield scaled(concurrency, 120.0, 4.0, deadline_s=5.0, **limited)
    yield scaled(0, 120.0, 2.0, is_wall=True, quantum_s=0.01)


def digest():
    """Of simulated runs and of the golden decisions."""
    found = hashlib.sha256()
    for system in systems():
        came = run(poisson_s(15.0, 120.0, 1), 0.4, system, cold_s=[1.0, 2.5, 4.0])
        found.update(came.ready_s.tobytes())
        for values in (came.start_s, came.end_s, came.throttled_s, came.status, came.pod):
            found.update(np.ascontiguousarray(values).tobytes())
        found.update(np.stack(list(came.decisions.values())).tobytes())
    spec, seconds = load_sequences()[0]
    found.update(
        repr([tuple(map(float, ours)) for _, ours, _ in decisions(spec, seconds)]).encode()
    )
    return found.hexdigest()


if __name__ == "__main__":
    sys.stdout.write(f"{IS_COMPILED} {digest()}\n")
