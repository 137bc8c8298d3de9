"""In processes of their own: what was asked for cannot be given back."""

import subprocess
import sys

import pytest

from openloop import time_slice

READ = """
import ctypes, os, struct
from openloop import time_slice
def told():
    attributes = ctypes.create_string_buffer(48)
    number = time_slice._NUMBERS[os.uname().machine][1]
    ctypes.CDLL(None).syscall(number, 0, attributes, 48, 0)
    fields = struct.unpack("=IIQiIQQQ", attributes.raw)
    return fields[3], fields[5]
"""


def said(code: str) -> str:
    ended = subprocess.run(
        [sys.executable, "-c", READ + code], capture_output=True, text=True, check=True
    )
    return ended.stdout.strip()


@pytest.fixture(scope="module", autouse=True)
def _a_kernel_that_has_slices():
    if said("print(told()[1])") == "0":
        pytest.skip("this kernel (before 6.12) has no slices to ask for")


def test_a_process_gets_the_slice_that_it_asks_for():
    asked = "print(time_slice.ask_for_short_slices(), told()[1] == time_slice.SHORT_SLICE_NS)"
    assert said(asked) == "True True"


def test_its_niceness_stays():
    assert said("os.nice(7); time_slice.ask_for_short_slices(); print(told()[0])") == "7"


def test_its_children_have_the_slices_of_anybody():
    forked = (
        "before = told()[1]; time_slice.ask_for_short_slices(); child = os.fork()\n"
        "if child: os.waitpid(child, 0)\n"
        "else: print(told()[1] == before)"
    )
    assert said(forked) == "True"


@pytest.mark.parametrize("system", ["darwin", "win32"])
def test_elsewhere_nothing_is_asked(monkeypatch, system):

    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(time_slice.ctypes, "CDLL", None)
    assert not time_slice.ask_for_short_slices()
