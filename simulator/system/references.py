"""The world by reference, for compiled code: named tuples are copied, entry by entry, at each call.

Compiled functions of this package take either, for both have the same names; so they run several
times faster and compile in a fraction of the time. In plain Python everything is a reference.
"""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from simulator.compiled import IS_COMPILED, compiled
from simulator.system.settings import SystemSettings
from simulator.system.world import Activators, Calls, PodTable, Quotas, Slots, World


def _referenced(values: type) -> Callable[..., Any]:
    """A class whose compiled instances hold what the named tuple holds, and are passed by address.

    numba finds the type by its name in this module when it loads what it compiled earlier.
    """
    structref = import_module("numba.experimental.structref")
    name = f"{values.__name__}Kind"
    kind = structref.register(type(name, (_base_kind(),), {"__module__": __name__}))
    globals()[name] = kind
    proxy = type(f"{values.__name__}Reference", (structref.StructRefProxy,), {})
    structref.define_proxy(proxy, kind, list(getattr(values, "_fields")))  # noqa: B009 - of any named tuple
    return proxy


def _base_kind() -> type:
    types: Any = import_module("numba").types

    class Kind(types.StructRef):  # type: ignore[misc]  # numba has no types
        def preprocess_fields(self, fields: Any) -> Any:
            return tuple((name, types.unliteral(kind)) for name, kind in fields)

    return Kind


def _makers() -> tuple[Callable[..., Any], ...]:
    kinds = (Calls, Slots, Activators, Quotas, PodTable, World, SystemSettings)
    return tuple(_referenced(values) if IS_COMPILED else values for values in kinds)


_calls, _slots, _activators, _quotas, _pods, _world, _settings = _makers()


@compiled
def world_by_reference(world: World) -> World:
    """The same world: what is changed in one is changed in both."""
    return _world(  # type: ignore[no-any-return]  # numba has no types
        world.times,
        world.counts,
        _calls(*world.calls),
        _slots(*world.slots),
        _activators(*world.activators),
        _quotas(*world.quotas),
        _pods(*world.pods),
        world.keys,
        world.items,
        world.decisions,
    )


@compiled
def settings_by_reference(settings: SystemSettings) -> SystemSettings:
    """The same settings."""
    return _settings(*settings)  # type: ignore[no-any-return]  # numba has no types
