"""Who may see and start what: addresses, users, passwords."""

import socket
import subprocess
import sys
from urllib.parse import urlsplit

import pytest

from tests.web.harness import locust_page
from tests.whole.harness import LOCUSTFILE, ROOT, Running, Together, clean_environment, wait_until

PASSWORD = "open sesame"  # noqa: S105 - of the tests alone
EVERYWHERE = "0.0.0.0"  # noqa: S104 - what must not happen by accident
OURS = ("/open-loop", "/open-loop/data", "/open-loop/page.js", "/metrics", "/")
REFUSED = {
    "everywhere": ("--web-host", EVERYWHERE),
    "all interfaces": ("--web-host", "*"),
    "nobody may log in": ("--web-login",),
    "no such file": ("--web-login", "--web-credentials", "nowhere"),
    "port": ("--metrics-port", "many"),
}


def make_hash(password, *user):
    return subprocess.run(
        [sys.executable, "-m", "openloop.login", "hash", *user],
        cwd=ROOT,
        env=clean_environment(),
        input=password,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def credentials(folder):
    made = make_hash(f"{PASSWORD}\n", "ada")
    assert made.stderr == ""
    path = folder / "credentials"
    path.write_text(made.stdout)
    return str(path)


@pytest.fixture(scope="module")
def guarded(folder, credentials):
    arguments = ("--web-login", "--web-credentials", credentials)
    with locust_page(folder / "guarded", *arguments, base="/lt", host=EVERYWHERE) as page:
        yield page


def log_in(page, user, password):
    page.cookies.clear()
    return page.post(
        "/open-loop-login",
        {"Referer": f"{page.url}/login?next=%2Flt%2Fopen-loop"},
        username=user,
        password=password,
    )


@pytest.mark.parametrize("path", OURS)
def test_without_a_login_every_page_leads_to_it(guarded, path):
    guarded.cookies.clear()
    answer = guarded.get(path)
    assert answer.status == 302
    assert urlsplit(answer.headers["Location"]).path == "/lt/login"


@pytest.mark.parametrize("form", [{"rps": "ten"}, {"user_count": 10, "spawn_rate": 10}])
def test_without_a_login_nobody_is_told_whether_a_start_form_is_valid(guarded, form):
    guarded.cookies.clear()
    answer = guarded.post("/swarm", **form)
    assert answer.status == 302
    assert urlsplit(answer.headers["Location"]).path == "/lt/login"


@pytest.mark.parametrize(
    ("user", "password"),
    [("ada", "wrong"), ("bob", PASSWORD), ("", "")],
    ids=["wrong password", "unknown user", "nothing"],
)
def test_who_does_not_know_both_stays_outside(guarded, user, password):
    answer = log_in(guarded, user, password)
    assert urlsplit(answer.headers["Location"]).path == "/lt/login"
    assert "Unknown user or wrong password" in guarded.get("/login").text
    assert guarded.get("/open-loop/data").status == 302


def test_who_knows_both_comes_to_the_page_that_was_wanted(guarded):
    answer = log_in(guarded, "ada", PASSWORD)
    assert answer.headers["Location"] == "/lt/open-loop"
    assert {guarded.get(path).status for path in OURS} == {200}
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_after_logging_out_the_pages_are_closed_again(guarded):
    log_in(guarded, "ada", PASSWORD)
    guarded.get("/logout")
    assert guarded.get("/open-loop/data").status == 302


def test_a_made_up_session_is_nobodys(guarded):
    guarded.cookies.clear()
    assert (
        guarded.get("/open-loop/data", Cookie="session=eyJfdXNlcl9pZCI6ImFkYSJ9.x.y").status == 302
    )


@pytest.fixture(scope="module")
def refusals(folder):
    """What Locust says to each, and how it ends."""
    return Together(
        {
            name: lambda line=line: Running(folder / "none", *line).end()
            for name, line in REFUSED.items()
        }
    )


@pytest.mark.parametrize(
    ("case", "words"),
    [
        ("everywhere", "--web-open"),
        ("all interfaces", "--web-open"),
        ("nobody may log in", "LOCUST_WEB_PASSWORD_HASH"),
        ("no such file", "nowhere"),
        ("port", "65535"),
    ],
)
def test_an_unguarded_page_is_refused_in_one_line(refusals, case, words):
    ended = refusals[case]
    assert ended.code == 2
    assert words in ended.err.strip().splitlines()[-1]


def test_saying_so_opens_the_page(folder):
    with locust_page(folder / "open", "--web-open", host=EVERYWHERE) as page:
        assert page.get("/open-loop").status == 200


def test_user_and_hash_may_come_from_the_environment(folder):
    its_hash = make_hash(PASSWORD).stdout.strip()
    env = {
        "LOCUST_WEB_USER": "bob",
        "LOCUST_WEB_PASSWORD_HASH": its_hash,
        "LOCUST_WEB_LOGIN": "true",
    }
    with locust_page(folder / "environment", env=env) as page:
        assert page.post("/open-loop-login", username="bob", password=PASSWORD).status == 302
        assert page.get("/open-loop/data").status == 200


def test_without_a_host_the_page_listens_on_loopback_alone(folder):
    with locust_page(folder / "plain", host="") as page:
        port = urlsplit(page.url).port
        with pytest.raises(ConnectionRefusedError), socket.create_connection(("127.0.0.2", port)):
            pass


def test_an_empty_password_has_no_hash():
    done = make_hash("\n")
    assert (done.returncode, done.stdout) == (2, "")


def test_a_locustfile_may_bring_a_login_of_its_own(folder):
    own = folder / "own_login.py"
    own.write_text(
        f"import importlib.util, sys\nsys.path.insert(0, {str(ROOT)!r})\n"
        "from locust import events\nfrom grpc_user.spin_user import SpinUser\n"
        "@events.init.add_listener\n"
        "def set_up(environment, web_ui, **_):\n"
        "    web_ui.app.config['SECRET_KEY'] = 'x'\n"
        "    web_ui.login_manager.user_loader(lambda name: None)\n"
    )
    assert LOCUSTFILE.exists()
    with locust_page(folder / "own", "--web-login", locustfile=own) as page:
        wait_until(lambda: page.get("/open-loop").status == 302)
