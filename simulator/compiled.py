"""One source, two engines: compiled by numba where it is installed, plain Python otherwise.

Functions marked `compiled` use only what both understand: numbers, named tuples of them, and
sequences made by `floats` and `wholes`, which are lists in plain Python (faster there than arrays)
and arrays where compiled. numba's own switch NUMBA_DISABLE_JIT=1 asks for plain Python.
"""

import hashlib
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeAlias, TypeVar, cast

import numpy as np

numba: Any = import_module("numba") if find_spec("numba") else None

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])
Floats: TypeAlias = list[float]
Wholes: TypeAlias = list[int]

_WHOLE_SIMULATION = "loop.run-*.nbc"
"""What numba calls the file of `simulator.system.loop.run`, which calls all the others."""

_COMPILED_IN = ("autoscaler", "system")
"""Folders of this package in which functions are compiled."""

IS_COMPILED = numba is not None and not numba.config.DISABLE_JIT


def compiled(function: F) -> F:
    """The function itself, or its compiled twin."""
    if not IS_COMPILED:
        return function
    return cast("F", numba.njit(cache=True, error_model="numpy")(function))


def plain(function: F) -> F:
    """The function uncompiled: for a call or two, where compiling takes longer than they do."""
    return cast("F", getattr(function, "py_func", function))


def is_kept() -> bool:
    """Whether the simulation is on disk compiled; else its first run takes some 15 s more."""
    if not IS_COMPILED:
        return False
    return any(Path(numba.config.CACHE_DIR).rglob(_WHOLE_SIMULATION))


def floats(values: Sequence[float]) -> Floats:
    """The values, copied, as the engine in use likes them."""
    return cast("Floats", np.array(values, np.float64)) if IS_COMPILED else _plain(values)


def wholes(values: Sequence[int]) -> Wholes:
    """The whole numbers, copied, as the engine in use likes them."""
    return cast("Wholes", np.array(values, np.int64)) if IS_COMPILED else _plain(values)


def same_floats(value: float, count: int) -> Floats:
    """So many times the value."""
    return cast("Floats", np.full(count, value)) if IS_COMPILED else [value] * count


def same_wholes(value: int, count: int) -> Wholes:
    """So many times the whole number."""
    return cast("Wholes", np.full(count, value, np.int64)) if IS_COMPILED else [value] * count


def _plain(values: Sequence[T]) -> list[T]:
    """A list of plain numbers: those of numpy are slow one by one."""
    return values.tolist() if isinstance(values, np.ndarray) else list(values)


def _cache_folder() -> str:
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    place = Path(home) if os.access(Path.home(), os.W_OK) else Path(tempfile.gettempdir())
    asked = os.environ.get("NUMBA_CACHE_DIR")
    return str((Path(asked) if asked else place / "locust-knative") / f"simulator-{_sources()}")


def _sources() -> str:
    """Names what is compiled, by what, and where: what numba kept of anything else is of no use.

    It looks only at the file of a function to see whether what it kept is still good; what is
    compiled here calls functions of other files. And it finds again only what was at the same
    place, under the same Python.
    """
    here = Path(__file__).parent
    under = (here, sys.implementation.cache_tag, numba.__version__)
    digest = hashlib.sha256(" ".join(map(str, under)).encode())
    for folder in _COMPILED_IN:
        for path in sorted((here / folder).glob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


if IS_COMPILED:
    numba.config.CACHE_DIR = _cache_folder()
