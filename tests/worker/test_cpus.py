import pytest

from worker.cpus import allowed_cpus, useful_threads


@pytest.mark.parametrize(
    ("cpus", "quota", "threads"),
    [(4, None, 4), (64, 2.0, 2), (64, 1.5, 2), (2, 16.0, 2), (8, 0.1, 1)],
    ids=["no-quota", "whole-quota", "part-of-a-cpu-more", "quota-beyond-the-machine", "tiny-quota"],
)
def test_as_many_threads_are_of_use_as_cpus_or_the_quota(cpus, quota, threads):
    assert useful_threads(cpus, quota) == threads


def test_this_machine_has_a_cpu():
    assert allowed_cpus() >= 1
