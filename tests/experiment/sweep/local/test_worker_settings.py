import pytest

from experiment.sweep.ground import NotForGround
from experiment.sweep.local.worker_settings import WorkerSettings, read_settings


def test_an_arm_without_settings_is_one_worker_as_it_is():
    assert read_settings({}, "arm") == WorkerSettings(1, (), ())


def test_processes_cores_and_options_are_taken():
    given = {"processes": 2, "cores": [1, 3], "options": ["--max-concurrency=4"]}
    assert read_settings(given, "arm") == WorkerSettings(2, (1, 3), ("--max-concurrency=4",))


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"replicas": 2}, "arm.replicas: workers have no such setting; valid: processes, cores"),
        ({"processes": 0}, "arm.processes is 0; valid: a whole number from 1 to 64"),
        ({"processes": True}, "arm.processes is True; valid"),
        ({"cores": "1"}, "arm.cores is '1'; valid: a list of the numbers"),
        ({"cores": []}, r"arm.cores is \[\]; valid: a list of the numbers"),
        ({"options": ["--port=1"]}, "arm.options is .*; valid: a list of options"),
    ],
)
def test_other_settings_are_refused_with_what_is_valid(settings, said):
    with pytest.raises(NotForGround, match=said):
        read_settings(settings, "arm")
