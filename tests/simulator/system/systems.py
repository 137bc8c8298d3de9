"""Systems and loads for the tests."""

import numpy as np

from simulator.autoscaler.settings import ScalerSettings
from simulator.system.settings import ENDLESS, SystemSettings
from simulator.system.simulate import simulate
from simulator.system.world import COINS, Inputs


def poisson_s(rate, length_s, seed):
    rng = np.random.default_rng(seed)
    gaps_s = rng.exponential(1 / rate, int(rate * length_s * 1.3) + 100)
    times_s = np.cumsum(gaps_s)
    return times_s[times_s < length_s]


def inputs(due_s, work_s, cold_s=(2.0,), seed=0):
    """Work of one length, or one for each call."""
    due_s = np.asarray(due_s, float)
    coins = np.random.default_rng([seed, 7]).random(COINS * len(due_s))
    return Inputs(due_s, np.broadcast_to(work_s, len(due_s)).astype(float), coins, list(cold_s))


def fixed(pods, concurrency=1, cores=ENDLESS, **changes):
    """So many pods that stay, one queue for all."""
    scaler = ScalerSettings(0.7, 1.0)
    return SystemSettings(
        concurrency, scaler, cores=cores, first_pods=pods, is_scaled=False, **changes
    )


def scaled(concurrency=1, duration_s=300.0, cores=ENDLESS, scaler=None, **changes):
    """Pods as the autoscaler wants them, at 70 % of their concurrency."""
    total = float(concurrency or 100)
    scaler = scaler or ScalerSettings(0.7 * total, total)
    defaults = {"deadline_s": 30.0, **changes}
    return SystemSettings(concurrency, scaler, cores=cores, duration_s=duration_s, **defaults)


def run(due_s, work_s, settings, **drawn):
    return simulate(inputs(due_s, work_s, **drawn), settings)


def settled(times_s, share=0.1):
    """Without the start, where the queue was still empty."""
    return times_s[int(len(times_s) * share) :]
