import pytest

from experiment.sweep.ground import NotForGround
from experiment.sweep.local.pinning import pinning_of
from experiment.sweep.spec import spec_from

LEAST = {"name": "a", "rates_rps": [5], "duration": "10s"}


def pinning(available, **changes):
    return pinning_of(spec_from({**LEAST, **changes}, "f"), available)


def test_without_pinning_all_cores_are_shared():
    assert pinning([0, 1]).generator == pinning([0, 1]).worker == ()


@pytest.mark.parametrize(
    ("available", "cores", "generator", "worker"),
    [
        ([0, 1], None, (0,), (1,)),
        ([0, 1, 2, 3], None, (0,), (1, 2, 3)),
        ([0, 1, 2, 3], 1, (0, 1, 2), (3,)),
        ([6, 2], 1, (2,), (6,)),
    ],
)
def test_apart_gives_the_workers_the_last_cores_and_the_generator_the_others(
    available, cores, generator, worker
):
    found = pinning(available, pin="apart", cores=cores)
    assert (found.generator, found.worker) == (generator, worker)
    assert found.said.startswith("generator on core")


def test_one_core_cannot_be_shared_out_and_that_is_said():
    found = pinning([0], pin="apart", cores=1)
    assert (found.generator, found.worker) == ((), ())
    assert found.said == "generator and workers share the one core that there is"


def test_named_cores_are_taken_and_shared_ones_are_told():
    found = pinning([0, 1], pin={"generator": [0, 1], "worker": [1]})
    assert (found.generator, found.worker) == ((0, 1), (1,))
    assert found.said == "generator on cores 0, 1, workers on core 1 (they share some)"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"pin": {"generator": [0], "worker": [7]}}, "pin has core 7; valid: 0, 1"),
        ({"pin": "apart", "cores": 2}, "pin is apart and cores 2; valid: a whole number from 1"),
        ({"pin": "apart", "cores": 0.5}, "pin is apart and cores 0.5; valid: a whole number"),
    ],
)
def test_cores_that_there_are_not_are_refused(changes, said):
    with pytest.raises(NotForGround, match=said):
        pinning([0, 1], **changes)
