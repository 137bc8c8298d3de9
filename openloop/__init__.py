"""Open-loop load for any Locust user: `class MyUser(OpenLoop, FastHttpUser)`.

The mixin is imported when it is asked for: the parts that need no Locust are used without it.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openloop.user import OpenLoop

__all__ = ["OpenLoop"]


def __getattr__(name: str) -> Any:
    """The mixin, which switches the engine on (PEP 562)."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from openloop.user import OpenLoop  # noqa: PLC0415 - see above

    return OpenLoop
