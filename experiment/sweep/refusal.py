"""What a model of pydantic has against a value, in one line."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

LONGEST = 60
Models = Mapping[str, type[BaseModel]]
_OURS = "Value error, "


def first_refusal(model: type[BaseModel], parts: Models, error: ValidationError) -> str:
    """The first error: the key, what was given, what is valid.

    Args:
        model: What was read; the description of each of its fields says what is valid.
        parts: Models of its keys that hold a list of mappings.
        error: What pydantic says.
    """
    return _sentence(model, parts, error.errors(include_url=False)[0])


def keys_of(model: type[BaseModel]) -> list[str]:
    """As they are written in a file."""
    return [field.alias or name for name, field in model.model_fields.items()]


def _sentence(model: type[BaseModel], parts: Models, error: Any) -> str:
    if not error["loc"]:
        return str(error["msg"]).removeprefix(_OURS)
    key, owner, field = _place(model, parts, error["loc"])
    if error["type"] == "extra_forbidden":
        return f"{key}: there is no such key; valid keys: {', '.join(keys_of(owner))}"
    valid = (field.description if field else None) or str(error["msg"])
    if error["type"] == "missing" and key.endswith(error["loc"][-1]):
        return f"{key} is missing; {valid}"
    return f"{key} is {_shown(error['input'])}; {_said(str(error['msg']), valid)}"


def _place(
    model: type[BaseModel], parts: Models, place: tuple[Any, ...]
) -> tuple[str, type[BaseModel], FieldInfo | None]:
    """The key as one would write it, the model that has it, and its field."""
    first, *rest = place
    key = str(first) + "".join(f"[{step}]" for step in rest if isinstance(step, int))
    names = [step for step in rest if isinstance(step, str)]
    if first not in parts or not names:
        return key, model, _field(model, first)
    return f"{key}.{names[0]}", parts[first], _field(parts[first], names[0])


def _field(model: type[BaseModel], key: str) -> FieldInfo | None:
    fields = model.model_fields
    return next((field for name, field in fields.items() if key in (field.alias, name)), None)


def _said(message: str, valid: str) -> str:
    """What is wrong, where it is more than the value itself; and what is valid."""
    if not message.startswith(_OURS):
        return valid
    said, _, ours = message.removeprefix(_OURS).partition("; ")
    is_known = " is " in said  # as "duration is '5 parsecs'": the value has been shown
    return ours or (valid if is_known else f"{said}; {valid}")


def _shown(given: object) -> str:
    text = repr(given)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."
