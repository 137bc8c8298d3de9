"""Which cores the generator has and which the workers: neither takes time from the other."""

from collections.abc import Sequence
from dataclasses import dataclass

from experiment.sweep.ground import NotForGround
from experiment.sweep.spec import Pin, SweepSpec

APART = "apart"


@dataclass(frozen=True)
class Pinning:
    """Numbers of cores; none for all.

    Attributes:
        generator: Of the process that sends.
        worker: Of those that serve.
        said: A sentence for people.
    """

    generator: tuple[int, ...]
    worker: tuple[int, ...]
    said: str


def pinning_of(spec: SweepSpec, available: Sequence[int]) -> Pinning:
    """Who has which cores.

    `apart` gives the workers the last cores, as many as `cores` says or all but one, and the
    generator the others.

    Args:
        spec: What is asked for.
        available: Numbers of the cores that this process may use.

    Raises:
        NotForGround: for cores that there are not.
    """
    if spec.pin is None:
        return Pinning((), (), "generator and workers share all cores")
    if isinstance(spec.pin, Pin):
        return _asked(spec.pin, available)
    if len(available) == 1:
        return Pinning((), (), "generator and workers share the one core that there is")
    workers = len(available) - 1 if spec.cores is None else int(spec.cores)
    if not 1 <= workers < len(available) or (spec.cores or workers) != workers:
        raise NotForGround(
            f"pin is apart and cores {spec.cores:g}; valid: a whole number from 1 to "
            f"{len(available) - 1}, for there are {len(available)} and the generator needs one"
        )
    cores = sorted(available)
    return _pinning(tuple(cores[:-workers]), tuple(cores[-workers:]))


def _asked(pin: Pin, available: Sequence[int]) -> Pinning:
    missing = sorted({*pin.generator, *pin.worker} - set(available))
    if missing:
        there = ", ".join(str(core) for core in sorted(available))
        raise NotForGround(f"pin has core {missing[0]}; valid: {there}")
    return _pinning(pin.generator, pin.worker)


def _pinning(generator: tuple[int, ...], worker: tuple[int, ...]) -> Pinning:
    shared = " (they share some)" if set(generator) & set(worker) else ""
    return Pinning(
        generator, worker, f"generator on {_say(generator)}, workers on {_say(worker)}{shared}"
    )


def _say(cores: tuple[int, ...]) -> str:
    word = "core" if len(cores) == 1 else "cores"
    return f"{word} {', '.join(str(core) for core in cores)}"
