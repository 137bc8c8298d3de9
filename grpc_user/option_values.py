"""What the options of calls mean as values, wherever they are read."""

import base64
import binascii
import json
import re

from grpc_user.transport import Metadata
from shapes.errors import InvalidValue
from shapes.quantities import parse_duration_s

MOST_CONNECTIONS = 10_000

METADATA_NAME = re.compile(r"[0-9a-z_.-]+")
CALL_PATH = re.compile(r"/?([A-Za-z_][\w.]*)/([A-Za-z_]\w*)")
VALID_METADATA = (
    'valid: name=value pairs separated by commas, or a JSON object as {"name": "value"}; names of '
    "a-z 0-9 _ - . that do not begin with grpc-"
)


def parse_timeout_s(text: str) -> float:
    """A deadline: longer than nothing.

    Raises:
        InvalidValue: for anything else.
    """
    seconds = parse_duration_s(text)
    if seconds == 0:
        raise InvalidValue(f"deadline is {text!r}; valid: more than 0, as 500ms or 30s")
    return seconds


def parse_connections(text: str) -> int:
    """How many connections to each target.

    Raises:
        InvalidValue: for anything but a whole number from 1 up.
    """
    if not text.isdecimal() or not 1 <= int(text) <= MOST_CONNECTIONS:
        raise InvalidValue(
            f"connections is {text!r}; valid: a whole number from 1 to {MOST_CONNECTIONS}"
        )
    return int(text)


def parse_call_path(text: str) -> str:
    """A method as "package.Service/Method", turned into gRPC's path.

    Raises:
        InvalidValue: for anything else.
    """
    match = CALL_PATH.fullmatch(text)
    if match is None:
        raise InvalidValue(f"call is {text!r}; valid: package.Service/Method")
    return f"/{match[1]}/{match[2]}"


def parse_metadata(text: str) -> Metadata:
    """Metadata of every call; values of names that end in -bin are base64.

    Raises:
        InvalidValue: saying which pair is wrong.
    """
    pairs = _json_pairs(text) if text.lstrip().startswith("{") else _comma_pairs(text)
    return tuple(_checked(name.strip().lower(), value) for name, value in pairs)


def _json_pairs(text: str) -> list[tuple[str, str]]:
    try:
        given = json.loads(text)
    except ValueError as error:
        raise InvalidValue(f"metadata is {text!r}: {error}; {VALID_METADATA}") from None
    if not all(isinstance(value, str) for value in given.values()):
        raise InvalidValue(f"metadata is {text!r}: values must be texts; {VALID_METADATA}")
    return list(given.items())


def _comma_pairs(text: str) -> list[tuple[str, str]]:
    pairs = []
    for pair in text.split(","):
        name, separator, value = pair.partition("=")
        if not separator:
            raise InvalidValue(f"metadata {pair.strip()!r} has no value; {VALID_METADATA}")
        pairs.append((name, value.strip()))
    return pairs


def _checked(name: str, value: str) -> tuple[str, str | bytes]:
    if not METADATA_NAME.fullmatch(name) or name.startswith("grpc-"):
        raise InvalidValue(f"metadata name {name!r} is not valid; {VALID_METADATA}")
    if name.endswith("-bin"):
        try:
            return name, base64.b64decode(value, validate=True)
        except binascii.Error:
            raise InvalidValue(f"metadata {name!r} is not base64; {VALID_METADATA}") from None
    if not (value.isascii() and value.isprintable()):
        raise InvalidValue(f"metadata {name!r} is not printable ASCII; {VALID_METADATA}")
    return name, value
