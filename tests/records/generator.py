"""Plays the generator for tests: `generator.py MODE FOLDER ...`, what it knows on stdout."""

import json
import os
import resource
import sys
import time
from pathlib import Path

if sys.argv[1].startswith("gevent"):
    from gevent import monkey

    monkey.patch_all()

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
    say(**vars(sink.close(30.0)))


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


def main():
    modes = {
        "steady": steady,
        "given": given,
        "limited": limited,
        "many": many,
        "forked": forked,
        "gevent-given": given,
        "gevent-limited": limited,
        "gevent-forked": forked,
    }
    mode, folder, *arguments = sys.argv[1:]
    modes[mode](Path(folder), *arguments)


if __name__ == "__main__":
    main()
