"""A heap of (key, item) in two sequences: the smallest key comes first."""

from simulator.compiled import Floats, Wholes, compiled


@compiled
def push(keys: Floats, items: Wholes, size: int, key: float, item: int) -> None:
    """Add to a heap of `size` entries. The sequences have room for one more."""
    place = size
    while place > 0:
        above = (place - 1) >> 1
        if keys[above] <= key:
            break
        keys[place] = keys[above]
        items[place] = items[above]
        place = above
    keys[place] = key
    items[place] = item


@compiled
def drop_first(keys: Floats, items: Wholes, size: int) -> None:
    """Take the entry with the smallest key out of a heap of `size` entries."""
    last = size - 1
    key, item = keys[last], items[last]
    place = 0
    while True:
        below = 2 * place + 1
        if below >= last:
            break
        if below + 1 < last and keys[below + 1] < keys[below]:
            below += 1
        if keys[below] >= key:
            break
        keys[place] = keys[below]
        items[place] = items[below]
        place = below
    keys[place] = key
    items[place] = item
