"""Whether an engine process can send what a run asks for."""

import sys
from collections.abc import Sequence
from typing import Any

from shapes.errors import InvalidValue

VALID = "valid: SpinUser alone, or --engine hub"


def check_engine(user_classes: Sequence[Any], platform: str = sys.platform) -> None:
    """Refuse user classes that only the hub can run.

    Args:
        user_classes: All of the run.
        platform: As `sys.platform`.

    Raises:
        InvalidValue: saying why.
    """
    if platform != "linux":
        raise InvalidValue(f"--engine process on {platform}; valid: Linux, or --engine hub")
    if len(user_classes) != 1:
        names = ", ".join(sorted(cls.__name__ for cls in user_classes))
        raise InvalidValue(f"--engine process with several user classes ({names}); {VALID}")
    (user_class,) = user_classes
    why_not = getattr(user_class, "why_not_from_engine", None)
    problem = why_not() if why_not else f"{user_class.__name__} makes no gRPC calls"
    if problem:
        raise InvalidValue(f"--engine process, but {problem}; {VALID}")
