"""Plays the generator for tests: `generator.py MODE FOLDER ...`, what it knows on stdout.

A mode that begins with "gevent-" runs in a process patched from its first line.
"""

import json
import os
import resource
import signal
import sys
import time
from pathlib import Path

if sys.argv[1].startswith("gevent"):
    from gevent import monkey

    monkey.patch_all()

# Not through PYTHONPATH, which the writer would inherit: it must find its package by itself.
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from records.sink import RecordSink
from tests.records.fakes import call, peak_rss_mib


def say(**facts):
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


def steady(folder, slice_rows, rows_a_second):
    """Rows for ever, telling which are in the pipe."""
    sink = RecordSink.start(folder, "local", slice_rows=int(slice_rows))
    say(writer=sink.writer_pid)
    k = 0
    while True:
        sink.append(call(k))
        k += 1
        if k % int(slice_rows) == 0:
            if sink.waiting_bytes == 0:
                say(in_pipe=k)
            time.sleep(int(slice_rows) / int(rows_a_second))


def given(folder, count):
    """A number of rows, then a proper close."""
    sink = RecordSink.start(folder, "local")
    for k in range(int(count)):
        sink.append(call(k))
    say(**ended(sink, sink.close(30.0)))


def limited(folder, count, file_bytes):
    """As `given`, where no file may be longer than `file_bytes`."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(file_bytes), int(file_bytes)))
    given(folder, count)


def many(folder, count):
    """Very many rows, no faster than the writer takes them; the memory both needed."""
    sink = RecordSink.start(folder, "local")
    before_mib = peak_rss_mib()
    for k in range(int(count)):
        sink.append(call(k))
        while sink.waiting_bytes > 1 << 20:
            time.sleep(0.001)
            sink.flush()
    grown_mib = peak_rss_mib() - before_mib
    writer_mib = peak_rss_mib(sink.writer_pid)
    say(generator_grown_mib=grown_mib, writer_mib=writer_mib, **vars(sink.close(60.0)))


def forked(folder, count):
    """A child forked after the start outlives the generator; the writer must end regardless."""
    sink = RecordSink.start(folder, "local")
    sink.append(call(0))
    sink.flush()
    child = os.fork()
    if child == 0:
        sink.append(call(1))
        sink.flush()
        sys.stdin.read()
        os._exit(0)
    say(writer=sink.writer_pid, child=child)
    for k in range(1, int(count)):
        sink.append(call(k))
    sink.flush()
    os._exit(9)


def stalled(folder, count):
    """The writer stands still while rows come from several greenlets, then goes on."""
    import gevent

    ticks = []

    def tick():
        while True:
            gevent.sleep(0.002)
            ticks.append(time.monotonic())

    def produce(first):
        for k in range(first, int(count), 4):
            sink.append(call(k))
            if k % 100 < 4:
                gevent.sleep(0)

    sink = RecordSink.start(folder, "local")
    os.kill(sink.writer_pid, signal.SIGSTOP)
    ticking = gevent.spawn(tick)
    gevent.joinall([gevent.spawn(produce, first) for first in range(4)], raise_error=True)
    waiting_bytes, before = sink.waiting_bytes, len(ticks)
    gevent.spawn_later(0.3, os.kill, sink.writer_pid, signal.SIGCONT)
    report = sink.close(60.0)
    during_close = len(ticks) - before
    ticking.kill()
    say(waiting_bytes=waiting_bytes, ticks_during_close=during_close, **ended(sink, report))


def killed(folder, count):
    """The writer is killed in the middle; the rest of the rows find no reader."""
    sink = RecordSink.start(folder, "local")
    for k in range(int(count)):
        sink.append(call(k))
        if k == int(count) // 2:
            os.kill(sink.writer_pid, signal.SIGKILL)
            while sink.error is None:
                time.sleep(0.005)
    say(error_while_running=sink.error, **ended(sink, sink.close(30.0)))


def frozen(folder, count):
    """The writer stands still and close() gives up; later the writer goes on alone."""
    sink = RecordSink.start(folder, "local")
    os.kill(sink.writer_pid, signal.SIGSTOP)
    for k in range(int(count)):
        sink.append(call(k))
    report = sink.close(0.3)
    again = sink.close(0.3)
    os.kill(sink.writer_pid, signal.SIGCONT)
    say(writer=sink.writer_pid, same=again is report, **vars(report))


def ended(sink, report):
    """What is left of the writer's process and of its pipes, beside the report."""
    return {
        "writer_is_left": Path(f"/proc/{sink.writer_pid}").exists(),
        "pipes_left": sum("pipe:" in str(target) for target in open_files()),
        **vars(report),
    }


def open_files():
    for path in Path("/proc/self/fd").iterdir():
        try:
            if int(path.name) > 2:
                yield path.readlink()
        except FileNotFoundError:
            continue  # the folder listing's own descriptor


def main():
    modes = [steady, given, limited, many, forked, stalled, killed, frozen]
    by_name = {mode.__name__: mode for mode in modes}
    mode, folder, *arguments = sys.argv[1:]
    by_name[mode.removeprefix("gevent-")](Path(folder), *arguments)


if __name__ == "__main__":
    main()
