from hypothesis import given
from hypothesis import strategies as st

from grpc_user.engine.unseen import count_owned
from tests.verdict.simulated import make_plan

PLAN = make_plan("poisson", 50.0, 4.0, 3, ("a", "b", "c"))


@given(st.integers(0, 150), st.integers(0, 150))
def test_the_arrivals_of_a_range_are_shared_out_among_the_members(first_k, upto_k):
    counts = [count_owned(PLAN, member, first_k, upto_k) for member in ("a", "b", "c")]
    assert sum(counts) == max(0, upto_k - first_k)


def test_arrivals_of_others_are_not_counted():
    assert count_owned(PLAN, "nobody", 0, 100) == 0
    assert count_owned(make_plan("poisson", 50.0, 4.0, 3, ("a",)), "a", 10, 30) == 20
