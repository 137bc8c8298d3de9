import pytest

from experiment.sweep.ground import NotForGround
from experiment.sweep.simulated.ground import arguments_of, cores_of, describe
from experiment.sweep.simulated.settings import arm_arguments, model_arguments
from experiment.sweep.spec import spec_from
from records.sweeps import Arm
from simulator.service import PREFIX

LEAST = {"name": "a", "rates_rps": [5], "duration": "10s"}


def test_settings_of_a_service_become_options_of_the_simulator():
    settings = {
        "containerConcurrency": 1,
        "annotations": {
            f"{PREFIX}target": "1",
            f"{PREFIX}target-utilization-percentage": 80,
            f"{PREFIX}scale-to-zero-pod-retention-period": "10s",
        },
        "model": {"cold-start": "3s", "no_autoscaler": True},
    }
    assert arm_arguments(settings, "arm") == [
        "--container-concurrency=1",
        "--target=1",
        "--target-utilization=80",
        "--retention=10s",
        "--cold-start=3s",
        "--no-autoscaler",
    ]


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"image": "x"}, "arm.image: the model has no such setting; valid: annotations, container"),
        ({"containerConcurrency": -1}, "arm.containerConcurrency: '-1' is not valid: a whole"),
        (
            {"annotations": {"target": "1"}},
            "arm.annotations: the model has no target; valid: autoscaling",
        ),
        ({"annotations": {f"{PREFIX}class": "hpa"}}, "the model has no autoscaling.*class; valid"),
        ({"annotations": {f"{PREFIX}metric": "cpu"}}, "is 'cpu'; valid: concurrency, rps"),
        ({"annotations": {f"{PREFIX}window": "x"}}, "duration is 'x'; valid: a time"),
        ({"model": {"speed": 1}}, "arm.model: the simulator has no option speed; valid: activ"),
    ],
)
def test_what_the_model_has_not_is_refused_with_what_is_valid(settings, said):
    with pytest.raises(NotForGround, match=said):
        arm_arguments(settings, "arm")


def test_a_switch_that_is_off_is_no_option():
    assert model_arguments({"no-autoscaler": False}, "model") == []


def test_an_arm_goes_before_the_sweep_and_says_how_many_cores_it_has():
    spec = spec_from({**LEAST, "cores": 2, "model": {"network": "1ms"}}, "f")
    arm = Arm("b", {"model": {"cores": 8}})
    assert arguments_of(spec, arm) == ["--cores=2", "--network=1ms", "--cores=8"]
    assert cores_of(spec, arm) == 8
    assert cores_of(spec, Arm("a", {})) == 2
    assert cores_of(spec_from(LEAST, "f"), Arm("a", {})) is None


@pytest.mark.parametrize(("initial", "pods"), [("zero", "--pods=0"), ("3 ready", "--pods=3")])
def test_the_initial_state_is_pods_at_the_start(initial, pods):
    assert arguments_of(spec_from({**LEAST, "initial": initial}, "f"), Arm("a", {})) == [pods]


def test_a_new_revision_is_nothing_that_a_model_has():
    spec = spec_from({**LEAST, "initial": "new-revision"}, "f")
    with pytest.raises(NotForGround, match="the model has no revisions"):
        arguments_of(spec, Arm("a", {}))


def test_what_means_nothing_to_a_model_is_said_to_be_left_aside():
    spec = spec_from({**LEAST, "pin": "apart", "ksvc": "a/b"}, "f")
    assert describe(spec).startswith("a model of a Knative Service (without ksvc, pin): SIMULATED")
