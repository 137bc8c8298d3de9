"""Locust's arguments made fit for pods."""

import pytest

from experiment.launch import pod_files
from experiment.launch.locust_options import BadOptions, LocustOptions
from experiment.launch.pod_files import for_pods


def options(*given, **values):
    return LocustOptions(values, given)


def test_a_file_of_rows_goes_along_and_is_read_where_the_pods_have_it(tmp_path):
    rows = tmp_path / "rows.jsonl"
    rows.write_text('{"a": 1}\n')
    sent = for_pods(options("--rps=4", f"--data=@{rows}"))
    assert sent.arguments == ("--rps=4", "--data=@/files/data")
    assert sent.files == {"data": '{"a": 1}\n'}


def test_data_on_the_command_line_stays_there():
    sent = for_pods(options('--data={"a": 1}'))
    assert sent.arguments == ('--data={"a": 1}',)
    assert sent.files == {}


def test_what_the_run_sets_by_itself_is_left_out():
    sent = for_pods(options("--host=x:80", "--run-id=a", "--records=r", "--headless", "--rps=4"))
    assert sent.arguments == ("--rps=4",)


def test_metadata_is_secret():
    sent = for_pods(options("--metadata=key=x", metadata="key=x"))
    assert (sent.arguments, sent.secrets) == ((), {"LOCUST_METADATA": "key=x"})


def test_a_file_that_is_too_large_is_refused_with_both_sizes(tmp_path, monkeypatch):
    monkeypatch.setattr(pod_files, "MOST_BYTES", 8)
    rows = tmp_path / "rows.jsonl"
    rows.write_text("123456789")
    with pytest.raises(BadOptions, match=r"has 9 bytes; pods take up to 8"):
        for_pods(options(f"--data=@{rows}"))


@pytest.mark.parametrize("name", ["junit", "processes", "replay", "protoset", "grpc_tls_key"])
def test_what_would_be_a_file_of_this_machine_is_refused_by_name(name):
    with pytest.raises(BadOptions, match=f"--{name.replace('_', '-')} cannot be had"):
        for_pods(options(**{name: "x"}))


def test_a_locustfile_of_ones_own_is_refused_with_the_way_out():
    with pytest.raises(BadOptions, match="--image"):
        for_pods(options(locustfile="mine.py"))


def test_the_files_of_a_trace_go_along_and_its_options_stay(tmp_path):
    calls, durations = tmp_path / "calls.csv", tmp_path / "long.csv"
    calls.write_text("calls\n")
    durations.write_text("durations\n")
    profile = f"trace:{calls},time=0.1,durations={durations}"
    sent = for_pods(options(f"--rate-profile={profile}"))
    (argument,) = sent.arguments
    assert argument == (
        "--rate-profile=trace:/files/trace.csv,time=0.1,durations=/files/durations.csv"
    )
    assert sent.files == {"trace.csv": "calls\n", "durations.csv": "durations\n"}


def test_a_profile_without_files_stays_as_it_is():
    sent = for_pods(options("--rate-profile=ramp:0,50,60s"))
    assert (sent.arguments, dict(sent.files)) == (("--rate-profile=ramp:0,50,60s",), {})
