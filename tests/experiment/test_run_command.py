"""`experiment run`: what cannot be run is one line and exit code 2, before any load."""

import pytest

from experiment.__main__ import main
from experiment.commands import run as run_command
from experiment.launch.locust_options import LocustOptions
from tests.experiment.fake_api import write_kubeconfig

NOWHERE = """
apiVersion: v1
kind: Config
current-context: gone
clusters: [{name: gone, cluster: {server: "http://127.0.0.1:1"}}]
users: [{name: gone, user: {token: x}}]
contexts: [{name: gone, context: {cluster: gone, user: gone}}]
"""


@pytest.fixture(autouse=True)
def read_options(monkeypatch):
    """Locust's options without asking Locust, which has tests of its own."""

    def read(arguments):
        pairs = dict(argument.removeprefix("--").split("=") for argument in arguments)
        return LocustOptions(pairs, tuple(arguments))

    monkeypatch.setattr(run_command, "read_locust_options", read)


@pytest.fixture(autouse=True)
def _nothing_starts(monkeypatch):
    def started(*_):
        pytest.fail("load was started")

    for name in ("run_here", "load_by_pods", "observing"):
        monkeypatch.setattr(run_command, name, started)


@pytest.fixture
def kubeconfig(api, tmp_path):
    return write_kubeconfig(tmp_path, api)


def run(*arguments, locust=()):
    return main(["run", "--ksvc", "shop/quote", *arguments, "--", *locust])


def one_line(capsys):
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    return err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--in-cluster", "0"], "from 1 to 100"),
        (["--in-cluster", "two"], "from 1 to 100"),
        (["--observe-after", "soon"], "'soon'"),
        (["--metrics", "there"], "not 'there'"),
        (["--run-id", "x"], "Locust's options come after --"),
    ],
)
def test_a_wrong_option_is_one_line_that_says_what_is_valid(capsys, arguments, said):
    with pytest.raises(SystemExit) as stopped:
        run(*arguments)
    assert stopped.value.code == 2
    assert said in one_line(capsys)


@pytest.mark.parametrize("name", ["quote", "shop/", "shop/quote/get", "Shop/Quote"])
def test_a_wrong_service_name_is_one_line(capsys, name):
    with pytest.raises(SystemExit) as stopped:
        main(["run", "--ksvc", name])
    assert stopped.value.code == 2
    assert "NAMESPACE/NAME" in one_line(capsys)


def test_a_kubeconfig_that_is_not_there_is_one_line(capsys, tmp_path):
    assert run("--kubeconfig", str(tmp_path / "none")) == 2
    assert "give --kubeconfig FILE" in one_line(capsys)


def test_an_unknown_context_is_one_line(capsys, kubeconfig):
    assert run("--kubeconfig", kubeconfig, "--context", "elsewhere") == 2
    assert "elsewhere" in one_line(capsys)


@pytest.mark.parametrize("more", [(), ("--no-doctor",), ("--in-cluster", "2")])
def test_an_api_that_does_not_answer_is_one_line(capsys, tmp_path, more):
    file = tmp_path / "gone"
    file.write_text(NOWHERE)
    assert run("--kubeconfig", str(file), *more) == 2
    assert "http://127.0.0.1:1 does not answer" in one_line(capsys)


def test_a_namespace_for_pods_that_is_not_there_is_one_line(capsys, kubeconfig):
    assert run("--kubeconfig", kubeconfig, "--in-cluster", "2", "--namespace", "nowhere") == 2
    assert "no namespace 'nowhere'" in one_line(capsys)


def test_without_doctor_a_service_that_is_not_there_is_one_line(capsys, kubeconfig):
    assert run("--kubeconfig", kubeconfig, "--no-doctor") == 2
    assert "services.serving.knative.dev quote in namespace shop" in one_line(capsys)


def test_an_option_that_pods_cannot_have_is_refused_before_the_cluster_is_asked(capsys, api):
    assert run("--in-cluster", "2", locust=["--junit=x.xml"]) == 2
    assert "--junit cannot be had" in one_line(capsys)
    assert api.asked == []


def test_ctrl_c_before_the_load_is_one_line(capsys, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(run_command, "open_cluster", interrupted)
    assert run() == 130
    assert one_line(capsys) == "experiment: stopped by Ctrl-C\n"
