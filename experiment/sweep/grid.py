"""From what is asked for to the runs in their order: pure, the same on every machine."""

from collections.abc import Iterator, Mapping
from hashlib import sha256

from experiment.sweep.spec import SweepSpec
from records.sweeps.planned import PROBE, RUN, Cell, PlannedRun

SEED_BYTES = 6
"""Seeds that every reader of JSON holds exactly."""
FULL = 1.0
"""The offered load over the cores from which on no steady state exists."""
_ROUNDING = 1e-9
"""100 rps of 290 ms on 29 cores are less than 1 in floating point."""


def cells_of(spec: SweepSpec) -> tuple[Cell, ...]:
    """The grid: every rate with every law and every spin."""
    return tuple(
        Cell(rate_rps, law, spin_s)
        for spin_s in spec.spins_s
        for law in spec.laws
        for rate_rps in spec.rates_rps
    )


def rho_of(cell: Cell, cores: float | None) -> float | None:
    """Offered load over the cores; None where these are not known."""
    return None if cores is None else cell.rate_rps * cell.spin_s / cores


def is_overload(rho: float | None) -> bool:
    """Whether an offered load has no steady state; not where it is not known."""
    return rho is not None and rho >= FULL - _ROUNDING


def run_seed(sweep_seed: int, cell: Cell, repetition: int) -> int:
    """The seed of a run's arrivals.

    It leaves out the arm, so that all arms meet the same arrivals (common random numbers), and
    the law, so that laws pair by repetition.
    """
    words = (sweep_seed, repr(cell.rate_rps), repr(cell.spin_s), repetition)
    return int.from_bytes(_digest("arrivals", *words)[:SEED_BYTES], "big")


def plan_runs(
    spec: SweepSpec, sweep_seed: int, cores: Mapping[str, float | None]
) -> tuple[PlannedRun, ...]:
    """All runs in the order of their execution: randomised complete blocks.

    Block n holds repetition n of every cell in every arm; the order within a block is drawn from
    the sweep's seed, so that drift of the machine is not taken for an effect.

    Args:
        spec: What is asked for.
        sweep_seed: Of the whole sweep.
        cores: Of each arm, by its name; None where they are not known.
    """
    runs = []
    for repetition in range(1, spec.repetitions + 1):
        block = list(_block(spec, sweep_seed, cores, repetition))
        runs += sorted(block, key=lambda run: _digest("order", sweep_seed, run.block, run.run_id))
    return tuple(_numbered(runs))


def _block(
    spec: SweepSpec, sweep_seed: int, cores: Mapping[str, float | None], repetition: int
) -> Iterator[PlannedRun]:
    for cell in cells_of(spec):
        for arm in spec.arms:
            rho = rho_of(cell, cores[arm.name])
            overload = spec.overload if is_overload(rho) else RUN
            duration_s, warm_up_s = _length_s(spec, overload)
            yield PlannedRun(
                index=0,
                run_id=f"{cell.cell_id}-{arm.name}-r{repetition}",
                block=repetition,
                cell=cell,
                arm=arm.name,
                repetition=repetition,
                seed=run_seed(sweep_seed, cell, repetition),
                duration_s=duration_s,
                warm_up_s=warm_up_s,
                rho=rho,
                overload=overload,
            )


def _length_s(spec: SweepSpec, overload: str) -> tuple[float, float]:
    """Duration and warm-up; a probe leaves out the same share of its begin."""
    if overload != PROBE or spec.probe_s >= spec.duration_s:
        return spec.duration_s, spec.warm_up_s
    return spec.probe_s, spec.warm_up_s * spec.probe_s / spec.duration_s


def _numbered(runs: list[PlannedRun]) -> Iterator[PlannedRun]:
    for index, run in enumerate(runs):
        yield PlannedRun(**{**vars(run), "index": index})


def _digest(*words: object) -> bytes:
    return sha256("/".join(str(word) for word in words).encode()).digest()
