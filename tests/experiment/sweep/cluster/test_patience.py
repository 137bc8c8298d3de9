import pytest

from experiment.kube_errors import ApiRefused, Conflict, Forbidden, NotFound, Unreachable
from experiment.sweep.cluster.patience import PATIENCE_S, passes, patiently
from experiment.sweep.ground import ApiGone
from tests.experiment.sweep.cluster.conftest import made_clock


def answers(*given):
    """Asks that raise or return these, one after the other; the last for ever."""
    rest = list(given)

    def ask():
        one = rest.pop(0) if len(rest) > 1 else rest[0]
        if isinstance(one, Exception):
            raise one
        return one

    return ask


@pytest.mark.parametrize(
    "trouble", [Unreachable("gone"), ApiRefused(503, "starting"), ApiRefused(429, "too many")]
)
def test_an_api_that_comes_back_is_waited_for(trouble):
    assert patiently(answers(trouble, trouble, "there"), made_clock()) == "there"


def test_an_api_that_stays_away_is_named_with_the_time_it_was_given():
    clock = made_clock()
    began_s = clock.now_s()
    with pytest.raises(ApiGone, match=r"^the API does not answer; asked again for \d+ s$"):
        patiently(answers(Unreachable("the API does not answer")), clock)
    assert clock.now_s() - began_s <= PATIENCE_S


@pytest.mark.parametrize(
    "refusal", [Forbidden("pods", "list"), NotFound("x"), Conflict("x"), ApiRefused(400, "no")]
)
def test_a_refusal_is_an_answer_and_not_asked_again(refusal):
    assert not passes(refusal)
    with pytest.raises(type(refusal)):
        patiently(answers(refusal, "never"), made_clock())
