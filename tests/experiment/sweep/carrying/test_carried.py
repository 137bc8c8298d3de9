import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from experiment.sweep.carrying import orphans
from experiment.sweep.carrying.carried import Carried, carry, end_orphan
from experiment.sweep.carrying.process_table import MARK, marked_with, started_of
from experiment.sweep.logs import last_words
from tests.waiting import wait_for

ROOT = Path(__file__).parents[4]


@pytest.fixture
def script(tmp_path, monkeypatch):
    """Writes a module that a process can become."""
    (tmp_path / "modules").mkdir()
    paths = [str(ROOT), str(tmp_path / "modules")]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(paths))

    def write(text: str) -> str:
        (tmp_path / "modules" / "carried_here.py").write_text(text)
        return "carried_here"

    return write


def test_nothing_is_done_before_the_process_is_noted(tmp_path, script):
    module = script("import pathlib, sys; pathlib.Path(sys.argv[1]).touch()")
    done, seen = tmp_path / "done", []

    def begun(pid, **fields):
        time.sleep(0.3)  # it has time enough to do what it must not
        seen.append((pid, fields, done.exists()))

    assert carry(Carried([module, str(done)], tmp_path / "log"), begun, 30.0, more=1) == 0
    ((pid, fields, was_done),) = seen
    assert not was_done
    assert done.exists()
    assert fields["more"] == 1
    assert fields["pid_started"] != started_of(pid)


def test_a_process_whose_starter_is_killed_at_the_gate_does_nothing(tmp_path, script):
    module = script("import pathlib, sys; pathlib.Path(sys.argv[1]).touch()")
    starter = f"""
import pathlib, time
from experiment.sweep.carrying.carried import Carried
carried = Carried([{module!r}, {str(tmp_path / "done")!r}], pathlib.Path({str(tmp_path / "log")!r}))
print(carried.pid, carried.facts["pid_started"], flush=True)
time.sleep(60)
"""
    command = [sys.executable, "-c", starter]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        pid, began = process.stdout.readline().split()
        process.kill()
    wait_for("its end", lambda: started_of(int(pid)) != began, 20, every_s=0.02)
    assert not (tmp_path / "done").exists()


def test_a_process_that_is_late_is_ended_with_all_that_it_started(tmp_path, script):
    module = script(
        "import subprocess, sys, time\n"
        "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'],"
        " start_new_session=True)\n"
        "time.sleep(60)\n"
    )
    carried = Carried([module], tmp_path / "log")
    code = carry(carried, lambda *_, **__: None, 1.0)
    assert code == 124
    assert marked_with(carried.mark) == []


def test_its_words_are_in_its_log_and_its_exit_code_is_a_shells(tmp_path, script):
    module = script("import os, signal, sys\nprint('hello')\nsys.stdout.flush()\nos.abort()")
    assert carry(Carried([module], tmp_path / "log"), lambda *_, **__: None, 30.0) == 134
    assert "hello" in (tmp_path / "log").read_text()


def test_a_second_signal_kills(tmp_path, script):
    module = script(
        "import signal, time\nsignal.signal(signal.SIGTERM, lambda *_: print('no', flush=True))\n"
        "print('ready', flush=True)\ntime.sleep(60)\ntime.sleep(60)\n"
    )
    log = tmp_path / "log"
    carried = Carried([module], log)
    carried.go()
    wait_for("ready", lambda: last_words(log) == "ready", 30, every_s=0.02)
    carried.stop(signal.SIGTERM)
    wait_for("the refusal", lambda: last_words(log) == "no", 30, every_s=0.02)
    carried.stop(signal.SIGTERM)
    assert carried.wait(30.0) == 137
    carried.end()


def test_cores_are_taken_before_the_module_begins(tmp_path, script):
    module = script("import os; print(sorted(os.sched_getaffinity(0)))")
    core = min(os.sched_getaffinity(0))
    carry(Carried([module], tmp_path / "log", cores=[core]), lambda *_, **__: None, 30.0)
    assert last_words(tmp_path / "log") == f"[{core}]"


def test_a_process_of_the_same_number_that_was_started_at_another_time_is_left_alone(tmp_path):
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as other:
        fields = {"pid": other.pid, "pid_started": "another-boot/123", "mark": "none-has-this"}
        assert end_orphan(fields) == 0
        assert other.poll() is None
        other.kill()


def test_an_orphan_that_ignores_sigterm_is_killed(monkeypatch):
    monkeypatch.setattr(orphans, "POLITE_S", 0.2)
    stubborn = (
        "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "print(1, flush=True)\ntime.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", stubborn], stdout=subprocess.PIPE) as orphan:
        orphan.stdout.readline()
        fields = {"pid": orphan.pid, "pid_started": started_of(orphan.pid)}
        assert end_orphan(fields) == 1
        assert orphan.wait() == -signal.SIGKILL


def test_what_an_orphan_started_is_found_by_its_mark_when_the_orphan_is_gone():
    environment = {**os.environ, MARK: "mark-of-this-test"}
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as gone:
        began = started_of(gone.pid)
    command = [sys.executable, "-c", "import time; print(1, flush=True); time.sleep(60)"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) as child:
        child.stdout.readline()
        fields = {"pid": gone.pid, "pid_started": began, "mark": "mark-of-this-test"}
        assert end_orphan(fields) == 1
        assert child.wait() == -signal.SIGTERM
