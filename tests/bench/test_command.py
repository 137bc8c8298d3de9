"""`python -m bench.peers`: its options, what it leaves out, and one run from end to end."""

import pytest

from bench.peers import __main__ as command
from bench.peers import lineup, machine, programs, rows, servers, stalled
from bench.peers.client import Load
from bench.peers.open_loop import OpenLoop
from bench.peers.options import parsed
from grpc_user.transport import TRANSPORTS


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--only", "speed"], "'speed' is none of fidelity, saturated, pacing, stall"),
        (["--only", ","], "name one or more of"),
        (["--seconds", "0"], "'0' is no number above 0"),
        (["--seconds", "nan"], "'nan' is no number above 0"),
        (["--seconds", "five"], "'five' is no number above 0"),
        (["--reps", "0"], "'0' is no whole number above 0"),
        (["--reps", "1.5"], "'1.5' is no whole number above 0"),
        (["--rates", "50,fast"], "'fast' is no number above 0"),
        (["--rates", ""], "name one or more rates"),
        (["--clients", "wrk"], "no client that is here has 'wrk' in its name"),
        (["--out", "/proc/none/results.json"], "/proc/none/results.json cannot be written: "),
        (["--server", "rust"], "invalid choice: 'rust'"),
        (["--server", "canned"], "canned notes no arrivals; valid with --only saturated"),
        (["--fast"], "unrecognized arguments: --fast"),
    ],
)
def test_a_wrong_option_is_refused_with_what_is_valid(arguments, told, capsys):
    with pytest.raises(SystemExit) as refused:
        parsed(arguments)
    assert refused.value.code == 2
    assert told in capsys.readouterr().err


def test_modes_and_rates_are_lists():
    options = parsed(["--only", "stall, pacing", "--rates", "5,10.5"])
    assert (options.modes, options.rates_rps) == (("stall", "pacing"), (5.0, 10.5))


def test_each_transport_that_there_is_takes_part_at_every_rate():
    for rate_rps in lineup.RATES_RPS:
        names = {client.name for client in lineup.at_a_rate(rate_rps)}
        assert {f"ours, {name}" for name in TRANSPORTS} <= names


@pytest.mark.parametrize(("rate_rps", "takes_part"), [(50.0, False), (500.0, True)])
def test_the_engine_apart_takes_part_at_rates_that_it_is_for(rate_rps, takes_part):
    names = {client.name for client in lineup.at_a_rate(rate_rps)}
    assert ("ours, h2, engine process" in names) == takes_part


def test_clients_that_are_not_here_are_named_and_left_out(monkeypatch):
    monkeypatch.setattr(programs, "PEERS", programs.PEERS / "none")
    monkeypatch.setenv("PATH", "/nowhere")
    programs.module_version.cache_clear()
    programs.said_version.cache_clear()
    try:
        missing = command.absent()
        here = [client.name for client in lineup.present(lineup.at_a_rate(50.0))]
    finally:
        programs.module_version.cache_clear()
        programs.said_version.cache_clear()
    assert {"ghz --async", "fortio -uniform", "h2load"} <= set(missing)
    assert here[0] == "Locust as documented"


@pytest.mark.parametrize("rate_rps", [None, 50.0])
@pytest.mark.parametrize("client", lineup.everyone(), ids=lambda client: client.name)
def test_a_command_names_the_server_and_keeps_its_files_in_its_folder(client, rate_rps, tmp_path):
    load = Load("127.0.0.1:7", 2.0, rate_rps, http_address="127.0.0.1:7")
    words = list(client.command(load, tmp_path))
    assert "127.0.0.1:7" in " ".join(words)
    assert all(isinstance(word, str) for word in words)


def test_a_choice_that_leaves_nothing_to_measure_is_refused(tmp_path, capsys):
    out = tmp_path / "results.json"
    assert command.main(["--only", "pacing", "--clients", "Locust as", "--out", str(out)]) == 2
    assert "nothing to measure in pacing with clients Locust as" in capsys.readouterr().err
    assert not out.exists()


def test_where_go_cannot_be_had_the_run_says_so_and_uses_python(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(servers, "build", lambda _: None)
    out = tmp_path / "results.json"
    assert command.main(["--only", "skew", "--out", str(out)]) == 0
    assert {row.mode for row in rows.read(out).rows} == {"skew"}
    assert "the server in Go cannot be built here; bench.stalling_server" in capsys.readouterr().out


def test_the_arithmetic_of_a_stall_of_a_second_in_ten():
    assert (
        stalled.truth_ms(4.0)
        == stalled.truth_ms(5.0)
        == {"p50": 0, "p90": 0, "p95": 500, "p99": 900, "max": 1000}
    )


def test_the_shares_of_busy_and_stolen_time_are_of_all_cores():
    before = machine.ticks("cpu  100 0 100 700 100 0 0 0 0 0\ncpu0 1 2 3\n")
    after = machine.ticks("cpu  150 0 120 720 100 0 0 10 50 0\ncpu0 1 2 3\n")
    assert machine.shares(before, after) == {"busy": pytest.approx(0.8), "steal": 0.1}


def test_a_run_from_end_to_end_with_the_server_in_python(monkeypatch, tmp_path, capsys):
    ours = OpenLoop("ours", ("--transport", "grpcio"), laws=("uniform",))
    monkeypatch.setattr(lineup, "at_a_rate", lambda _: [ours])
    out = tmp_path / "results.json"
    ended = command.main(
        [
            *("--only", "fidelity", "--rates", "50", "--seconds", "2", "--reps", "1"),
            *("--server", "python", "--out", str(out)),
        ]
    )
    results = rows.read(out)
    assert ended == 0, capsys.readouterr().out
    assert [(row.mode, row.client, row.law, row.error) for row in results.rows] == [
        ("start", "ours", "", ""),
        ("fidelity", "ours", "uniform", ""),
    ]
    uniform = results.rows[1].values
    assert uniform["arrivals"] == uniform["calls"]
    assert uniform["calls"] + uniform["unsent"] == 100
    assert uniform["failed"] == 0
    assert uniform["lag_p50_ms"] > 0
    assert results.about["server"].startswith("bench.stalling_server")
    assert "results: " in capsys.readouterr().out
