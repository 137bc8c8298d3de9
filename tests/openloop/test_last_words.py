import subprocess
import sys
import threading
import time

from openloop.last_words import READING_S

TABLES_THEN_ANSWER = """
import sys, time
from openloop.last_words import write_last_words
sys.stderr.write("tables\\n")
start_s = time.monotonic()
write_last_words("answer")
print(time.monotonic() - start_s)
"""


def start(**streams):
    return subprocess.Popen([sys.executable, "-c", TABLES_THEN_ANSWER], text=True, **streams)


def test_one_who_reads_the_streams_apart_can_read_the_tables_before_the_answer():
    read_at_s = {}

    def read(name, stream):
        stream.readline()
        read_at_s[name] = time.monotonic()

    with start(stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        streams = {"tables": process.stderr, "answer": process.stdout}
        readers = [threading.Thread(target=read, args=each) for each in streams.items()]
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join()
    assert read_at_s["answer"] - read_at_s["tables"] > READING_S / 2


def test_where_both_streams_are_one_nothing_is_waited_for():
    with start(stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        tables, answer, took_s = process.communicate()[0].split()
    assert (tables, answer) == ("tables", "answer")
    assert float(took_s) < READING_S / 2
