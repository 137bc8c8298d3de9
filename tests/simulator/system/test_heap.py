import heapq

from hypothesis import given
from hypothesis import strategies as st

from simulator.system.heap import drop_first, push

steps = st.lists(st.one_of(st.none(), st.floats(0, 100)), max_size=200)


@given(steps)
def test_it_gives_keys_in_the_order_of_the_standard_library(steps):
    keys, items, size, oracle = [0.0] * 201, [0] * 201, 0, []
    for item, key in enumerate(steps):
        if key is not None:
            push(keys, items, size, key, item)
            size += 1
            heapq.heappush(oracle, key)
        elif oracle:
            assert keys[0] == heapq.heappop(oracle)
            assert steps[items[0]] == keys[0]
            drop_first(keys, items, size)
            size -= 1
