import re

from hypothesis import given
from hypothesis import strategies as st

from grpc_user.trace_context import traceparent


@given(st.text(max_size=20), st.integers(0, 2**62))
def test_every_header_has_the_form_of_the_standard(run_id, k):
    header = traceparent(run_id, k)
    assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-01", header)
    assert "-" + "0" * 16 not in header


def test_the_same_arrival_has_the_same_header_everywhere():
    assert traceparent("run", 7) == "00-3405e616bfc82a31ae8974fdaccaa023-92c8ae4311b119d8-01"


def test_runs_and_arrivals_do_not_share_headers():
    headers = {traceparent(run_id, k) for run_id in ("a", "b") for k in range(1000)}
    assert len(headers) == 2000
