"""The calls that run in a pod, in the order in which they are done; else as they came."""

from simulator.compiled import compiled
from simulator.system.world import NONE, World


@compiled
def put_in_order(world: World, slot: int, call: int) -> None:
    """Add a call; most are done after all others, so the search begins at the end."""
    calls, quotas = world.calls, world.quotas
    before = quotas.last[slot]
    while before != NONE and calls.done_at[before] > calls.done_at[call]:
        before = calls.before[before]
    after = quotas.first[slot] if before == NONE else calls.after[before]
    calls.before[call] = before
    calls.after[call] = after
    _join(world, slot, before, call)
    _join(world, slot, call, after)


@compiled
def take_out(world: World, slot: int, call: int) -> None:
    """Take a call out."""
    _join(world, slot, world.calls.before[call], world.calls.after[call])


@compiled
def _join(world: World, slot: int, before: int, after: int) -> None:
    """Make two calls neighbours; `NONE` for the end of the list on that side."""
    if before == NONE:
        world.quotas.first[slot] = after
    else:
        world.calls.after[before] = after
    if after == NONE:
        world.quotas.last[slot] = before
    else:
        world.calls.before[after] = before
