import pytest

from verdict.ideal import CALIBRATED, NOT_KNOWN, REQUESTED_SPIN, ideal_of_request

BY_SPIN = {"by_spin": [[0.1, 0.104]]}
SPIN = {"spin": "100ms"}
CALL = {"spin": "100ms", "call": "shop.Quote/Get"}


@pytest.mark.parametrize(
    ("calibration", "request_", "ideal"),
    [
        (None, SPIN, (0.1, REQUESTED_SPIN)),
        (BY_SPIN, SPIN, (0.104, CALIBRATED)),
        ({"ideal_s": 0.2}, SPIN, (0.2, CALIBRATED)),
        ({"ideal_s": 0.2}, CALL, (0.2, CALIBRATED)),
        (BY_SPIN, CALL, (None, NOT_KNOWN)),
        (None, CALL, (None, NOT_KNOWN)),
        (None, {}, (None, NOT_KNOWN)),
    ],
    ids=["spin", "spin calibrated", "one", "call calibrated", "call by spin", "call", "nothing"],
)
def test_the_ideal_is_the_calibration_else_the_spin_else_unknown(calibration, request_, ideal):
    assert ideal_of_request(calibration, request_) == (pytest.approx(ideal[0]), ideal[1])
