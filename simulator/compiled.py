"""One source, two engines: compiled by numba where it is installed, plain Python otherwise.

Functions marked `compiled` use only what both understand: numbers, named tuples of them, and
sequences made by `floats` and `wholes`, which are lists in plain Python (faster there than arrays)
and arrays where compiled. numba's own switch NUMBA_DISABLE_JIT=1 asks for plain Python.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeAlias, TypeVar, cast

import numpy as np

try:
    import numba
except ImportError:
    numba = None

F = TypeVar("F", bound=Callable[..., Any])
Floats: TypeAlias = list[float]
Wholes: TypeAlias = list[int]

IS_COMPILED = numba is not None and not numba.config.DISABLE_JIT


def compiled(function: F) -> F:
    """The function itself, or its compiled twin."""
    if not IS_COMPILED:
        return function
    return cast("F", numba.njit(cache=True, error_model="numpy")(function))


def floats(values: Iterable[float]) -> Floats:
    """The values as the engine in use likes them."""
    return cast("Floats", np.array(list(values), np.float64)) if IS_COMPILED else list(values)


def wholes(values: Iterable[int]) -> Wholes:
    """The whole numbers as the engine in use likes them."""
    return cast("Wholes", np.array(list(values), np.int64)) if IS_COMPILED else list(values)


def _cache_folder() -> str:
    # numba looks only at the file of a function to see whether what it kept is still good; what
    # is compiled here calls functions of other files, so the name says which sources it is of.
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    place = Path(home) if os.access(Path.home(), os.W_OK) else Path(tempfile.gettempdir())
    return str(place / "locust-knative" / f"simulator-{digest.hexdigest()[:16]}")


if IS_COMPILED:
    numba.config.CACHE_DIR = numba.config.CACHE_DIR or _cache_folder()
