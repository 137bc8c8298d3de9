"""JSON on disk: strict JSON for every reader, infinities included, written atomically."""

import json
import math
from collections.abc import Mapping
from numbers import Integral, Real
from pathlib import Path
from typing import Any

from records.atomic_file import replace_file

# JSON has no infinities; a text that every reader understands stands for them.
_NON_FINITE = {"Infinity": math.inf, "-Infinity": -math.inf, "NaN": math.nan}


def write_json(path: Path, value: Mapping[str, Any]) -> None:
    """Write a mapping; numpy numbers become plain, infinities the texts "Infinity", "-Infinity".

    Raises:
        TypeError: naming the place of a value that JSON cannot hold.
        OSError: when it cannot be written; the earlier file stays as it was.
    """
    text = json.dumps(_plain(value, path.name), indent=1, ensure_ascii=False, allow_nan=False)
    replace_file(path, text.encode("utf-8", "replace") + b"\n")


def read_json(path: Path) -> dict[str, Any]:
    """Read a mapping, infinities restored.

    Raises:
        OSError: when it cannot be read.
        ValueError: when it is not JSON, or not a mapping.
    """
    value = json.loads(path.read_bytes())
    if not isinstance(value, dict):
        raise ValueError(f"{path.name} must hold a mapping, not {type(value).__name__}")  # noqa: TRY004 - bad content, not a bad argument
    restored: dict[str, Any] = _restored(value)
    return restored


def _plain(value: object, where: str) -> object:
    match value:
        case None | bool() | str():
            return value
        case Mapping():
            return {str(key): _plain(item, f"{where}: {key}") for key, item in value.items()}
        case list() | tuple():
            return [_plain(item, where) for item in value]
        case Path():
            return str(value)
    return _plain_number(value, where)


def _plain_number(value: object, where: str) -> int | float | str:
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, Real):
        number = float(value)
        return number if math.isfinite(number) else _text_of(number)
    raise TypeError(f"{where} cannot be written as JSON: {type(value).__name__}")


def _text_of(number: float) -> str:
    if math.isnan(number):
        return "NaN"
    return "Infinity" if number > 0 else "-Infinity"


def _restored(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _restored(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_restored(item) for item in value]
    return _NON_FINITE.get(value, value) if isinstance(value, str) else value
