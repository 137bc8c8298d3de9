"""Secrets never reach the run folder: taken out by the name of the option that holds them."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

REDACTED = "<redacted>"

# Paths of key files are no secrets (`tls_key`), nor is `authority`.
SECRET_NAMES = re.compile(
    r"metadata|passw(or)?d|passphrase|secret|token|cookie|credential|authori[sz]ation|bearer"
    r"|api_?key|private_?key",
    re.IGNORECASE,
)
_USER_INFO = re.compile(r"://[^/@\s]+@")
# Keys of gRPC metadata are in small letters; a "=" that only pads a base64 text ends no key.
_METADATA_KEY = re.compile(r"([a-z0-9._-]+)\s*[:=]\s*[^=\s]")


def redacted(value: Any, name: str = "") -> Any:
    """The same value with every secret replaced, at any depth.

    A text of metadata keeps its first key, so that one still sees what was sent. User and password
    in an address are taken out everywhere.
    """
    if SECRET_NAMES.search(name.replace("-", "_")):
        return _hidden(value, has_keys="metadata" in name.lower())
    if isinstance(value, Mapping):
        return {key: redacted(item, str(key)) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return _redacted_words(value)
    return _USER_INFO.sub(f"://{REDACTED}@", value) if isinstance(value, str) else value


def _hidden(value: Any, *, has_keys: bool) -> Any:
    if isinstance(value, Mapping):
        return {key: _hidden(item, has_keys=False) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_hidden(item, has_keys=has_keys and isinstance(item, str)) for item in value]
    if not isinstance(value, str | bytes) or not value:
        return value  # a number, a switch, or not given
    key = _METADATA_KEY.match(value) if has_keys and isinstance(value, str) else None
    return f"{key[1]}={REDACTED}" if key else REDACTED


def _redacted_words(words: Sequence[Any]) -> list[Any]:
    """The items of a list; in a command line, a flag names the word after it."""
    kept = []
    flag = ""
    for word in words:
        is_flag = isinstance(word, str) and word.startswith("--")
        kept.append(_redacted_flag(word) if is_flag else redacted(word, flag))
        flag = word if is_flag and "=" not in word else ""
    return kept


def _redacted_flag(word: str) -> str:
    flag, equals, value = word.partition("=")
    return f"{flag}{equals}{redacted(value, flag)}" if equals else word
