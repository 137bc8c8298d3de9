"""`speed`: how many events a second the engine in use gets done, and the grid of a sweep."""

import argparse
import sys
import time
from collections.abc import Iterator
from typing import Any

from shapes.laws import parse_law
from shapes.plan import MemberChange, Plan
from shapes.rate_log import RateLog, RateSegment
from simulator.asked import MEMBER, Asked
from simulator.command_line import add_options, values_of
from simulator.commands.options import Option
from simulator.compiled import IS_COMPILED
from simulator.service import Service
from simulator.system.settings import SystemSettings
from simulator.system.simulate import simulate
from simulator.values import cores as parse_cores
from simulator.values import whole_from

_RATES_RPS = tuple(range(5, 55, 5))
_SPINS_MS = tuple(range(100, 1100, 100))
_LAWS = ("uniform", "poisson")
_CELL_S = 720.0
_ONE_CELL = ("poisson", 40.0, 0.5)
_LONG_S = 10_000.0
_COLD_START_S = 2.0
OPTIONS = (
    Option("--seeds", "how often the grid is run; 0: not", whole_from(0, 100), "1"),
    Option("--cores", "cores under the pods, or unlimited", parse_cores, "64"),
)


def add_parser(subparsers: Any) -> None:
    """The command's options."""
    parser = subparsers.add_parser(
        "speed",
        help="measure the simulator itself",
        description="Time the simulator: events a second of one long run, and the seconds that a"
        " grid of 200 runs of 12 minutes takes (10 rates, 10 call times, 2 laws).",
    )
    add_options(parser, "measure", OPTIONS)
    parser.set_defaults(handler=run)


def run(options: argparse.Namespace) -> int:
    """Measure and print."""
    values = values_of(options, OPTIONS)
    _simulated_events(_cell(_ONE_CELL, 0, values.cores, 60.0))  # compiles, where that is done
    one = _cell(_ONE_CELL, 1, values.cores, _LONG_S)
    inputs = one.inputs()
    begin_s = time.process_time()
    events = simulate(inputs, one.system).events
    rate = events / (time.process_time() - begin_s)
    _say(f"engine: {'compiled (numba)' if IS_COMPILED else 'plain Python'}")
    _say(f"one run: {rate / 1e6:.2f} million events a second of CPU time ({events:,} events)")
    if values.seeds:
        _say_grid(values.seeds, values.cores)
    return 0


def _say_grid(seeds: int, cores: float) -> None:
    begin_s, runs, events = time.perf_counter(), 0, 0
    for asked in _grid(seeds, cores):
        events += _simulated_events(asked)
        runs += 1
    took_s = time.perf_counter() - begin_s
    _say(
        f"grid: {runs} runs of 12 minutes in {took_s:.1f} s, arrivals included ({events:,} events)"
    )


def _grid(seeds: int, cores: float) -> Iterator[Asked]:
    for seed in range(seeds):
        for law in _LAWS:
            for rate_rps in _RATES_RPS:
                for spin_ms in _SPINS_MS:
                    yield _cell((law, float(rate_rps), spin_ms / 1000), seed, cores, _CELL_S)


def _cell(cell: tuple[str, float, float], seed: int, cores: float, length_s: float) -> Asked:
    law, rate_rps, spin_s = cell
    service = Service(container_concurrency=1)
    plan = Plan(
        run_id="speed",
        version=0,
        seed=seed,
        law=parse_law(law).text,
        epoch_s=0.0,
        rates=RateLog((RateSegment(0.0, rate_rps),)),
        members=(MemberChange(0.0, (MEMBER,)),),
        duration_s=length_s,
    )
    system = SystemSettings(
        concurrency=1,
        scaler=service.scaler_settings(),
        cores=cores,
        deadline_s=30.0,
        duration_s=length_s,
    )
    return Asked(plan, service, system, (_COLD_START_S,), 0.0, spin_s)


def _simulated_events(asked: Asked) -> int:
    return simulate(asked.inputs(), asked.system).events


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
