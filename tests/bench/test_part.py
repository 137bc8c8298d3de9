"""CPU time of one of a client's processes, beside that of all of them."""

import sys

import pytest

from bench.peers import started

BURN = "import time; until = time.process_time() + 0.6\nwhile time.process_time() < until: pass"
PARENT = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {BURN!r}, 'the-engine'])"


def ended(folder, part):
    return started.Started([sys.executable, "-c", PARENT], folder, 5.0, part).wait()


def test_of_the_part_that_is_named_the_cpu_time_is_told_and_is_within_that_of_all(tmp_path):
    used = ended(tmp_path, "the-engine")
    assert 0 < used.part_cpu_s <= used.cpu_s
    assert used.cpu_s > 0.6


@pytest.mark.parametrize("part", ["", "no-such-process"])
def test_without_such_a_part_there_is_none(part, tmp_path):
    assert ended(tmp_path, part).part_cpu_s is None
