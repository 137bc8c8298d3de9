"""An arm on this machine: how many worker processes, on which cores, with which options."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from experiment.sweep.ground import NotForGround

MOST_PROCESSES = 64
OURS = ("--port", "--host")
_VALID = {
    "processes": f"a whole number from 1 to {MOST_PROCESSES}",
    "cores": "a list of the numbers of cores, as [1, 2]",
    "options": 'a list of options of `python -m worker`, as ["--max-concurrency=4"]',
}


@dataclass(frozen=True)
class WorkerSettings:
    """The workers of an arm.

    Attributes:
        processes: How many; calls are spread over them.
        cores: Numbers of the cores that they may use; none for what the sweep's pinning says.
        options: Of `python -m worker`.
    """

    processes: int = 1
    cores: tuple[int, ...] = ()
    options: tuple[str, ...] = ()


def read_settings(settings: Mapping[str, Any], where: str) -> WorkerSettings:
    """The workers that an arm's settings ask for.

    Raises:
        NotForGround: naming the setting, what was given and what is valid.
    """
    for key, value in settings.items():
        if key not in _VALID:
            raise NotForGround(
                f"{where}.{key}: workers have no such setting; valid: {', '.join(_VALID)}"
            )
        if not _is_valid(key, value):
            raise NotForGround(f"{where}.{key} is {value!r}; valid: {_VALID[key]}")
    return WorkerSettings(
        settings.get("processes", 1),
        tuple(settings.get("cores", ())),
        tuple(settings.get("options", ())),
    )


def _is_valid(key: str, value: Any) -> bool:
    match key:
        case "processes":
            return _is_whole(value) and 1 <= value <= MOST_PROCESSES
        case "cores":
            return _is_list(value) and all(_is_whole(one) for one in value)
        case _:
            return _is_list(value) and all(_is_option(one) for one in value)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str) and len(value) > 0


def _is_option(value: Any) -> bool:
    return isinstance(value, str) and value.partition("=")[0] not in OURS
