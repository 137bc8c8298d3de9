"""What a run asked of its target, in the words of the first screen."""

from collections.abc import Mapping
from typing import Any


def asked_of_target(request: Mapping[str, Any]) -> dict[str, str]:
    """The spin of this project's worker, or the call of any other method.

    Args:
        request: Of the plan: the options that the sending side was given. A default of `spin` is
            among them whatever is called.

    Returns:
        `call`, "" for the spin call, and `spin`, "" for any other.
    """
    call = str(request.get("call") or "")
    return {"call": call, "spin": "" if call else str(request.get("spin") or "")}
