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
_SEPARATOR = re.compile(r"\s*[:=]\s*")


def redacted(value: Any, name: str = "") -> Any:
    """The same value with every secret replaced, at any depth.

    A text under a secret name keeps what stands before its first ":" or "=", so that one still
    sees which metadata was sent. User and password in an address are taken out everywhere.
    """
    is_secret = bool(SECRET_NAMES.search(name.replace("-", "_")))
    if isinstance(value, Mapping):
        # Below a secret name every item is one, whatever it is called.
        return {key: redacted(item, name if is_secret else str(key)) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return _redacted_items(value, name)
    if isinstance(value, str):
        return _redacted_text(value) if is_secret else _USER_INFO.sub(f"://{REDACTED}@", value)
    return value


def _redacted_items(items: Sequence[Any], name: str) -> list[Any]:
    """A command line's words, or an option's values: a flag names the word after it."""
    kept = []
    flag = ""
    for item in items:
        is_flag = isinstance(item, str) and item.startswith("--")
        kept.append(_redacted_flag(item) if is_flag else redacted(item, flag or name))
        flag = item if is_flag and "=" not in item else ""
    return kept


def _redacted_flag(word: str) -> str:
    flag, equals, value = word.partition("=")
    return f"{flag}{equals}{redacted(value, flag)}" if equals else word


def _redacted_text(text: str) -> str:
    if not text:
        return text
    name = _SEPARATOR.split(text, maxsplit=1)[0]
    return f"{name}={REDACTED}" if name != text and name.isprintable() else REDACTED
