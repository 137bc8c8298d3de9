"""JSON merge patches (RFC 7386): made, applied, and told in words."""

from collections.abc import Iterator, Mapping
from typing import Any

ABSENT = "nothing"


def applied(thing: Any, patch: Any) -> Any:
    """What a patch makes of a thing, as RFC 7386 has it; neither is changed."""
    if not isinstance(patch, Mapping):
        return patch
    made = dict(thing) if isinstance(thing, Mapping) else {}
    for name, value in patch.items():
        if value is None:
            made.pop(name, None)
        else:
            made[name] = applied(made.get(name), value)
    return made


def patch_between(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """The smallest patch that makes the one of the other; neither holds a null."""
    patch: dict[str, Any] = {name: None for name in before if name not in after}
    for name, value in after.items():
        there = before.get(name)
        if isinstance(there, Mapping) and isinstance(value, Mapping):
            if inner := patch_between(there, value):
                patch[name] = inner
        elif name not in before or there != value:
            patch[name] = value
    return patch


def changes(before: Any, after: Any, place: str) -> Iterator[str]:
    """Each value that differs, as "spec.timeoutSeconds: 60 -> 30"; lists item by item."""
    if before == after:
        return
    if _both_mappings(before, after):
        for name in dict.fromkeys([*before, *after]):
            inner = f"{place}[{name}]" if "." in name or "/" in name else f"{place}.{name}"
            yield from changes(before.get(name), after.get(name), inner)
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for index, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from changes(one, other, f"{place}[{index}]")
    else:
        yield f"{place}: {_in_words(before)} -> {_in_words(after)}"


def lost_of(wanted: Any, found: Any, place: str) -> Iterator[str]:
    """Each value of `wanted` that `found` has not, as `changes` tells it.

    What `found` has beside does not count: Knative's defaults are among it.
    """
    if _both_mappings(wanted, found):
        for name, value in wanted.items():
            yield from lost_of(value, found.get(name), f"{place}.{name}")
    elif isinstance(wanted, list) and isinstance(found, list) and len(wanted) == len(found):
        for index, (one, other) in enumerate(zip(wanted, found, strict=True)):
            yield from lost_of(one, other, f"{place}[{index}]")
    elif wanted != found and not (wanted in ({}, []) and found is None):
        yield f"{place}: {_in_words(wanted)} -> {_in_words(found)}"


def _both_mappings(one: Any, other: Any) -> bool:
    return isinstance(one, Mapping) and isinstance(other, Mapping)


def _in_words(value: Any) -> str:
    return ABSENT if value is None else repr(value)
