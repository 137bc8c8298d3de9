import pytest

from openloop.credentials import HASH_VARIABLE, USER_VARIABLE, hashed, read_credentials
from openloop.errors import StartRefused
from openloop.web_login import wanted_page

HASH = hashed("secret")


@pytest.fixture
def file(tmp_path):
    return tmp_path / "credentials"


def read(file):
    return read_credentials(str(file), {})


def test_the_right_password_of_the_right_user_alone_passes():
    known = read_credentials("", {USER_VARIABLE: "ada", HASH_VARIABLE: HASH})
    assert known.match("ada", "secret")
    assert not known.match("ada", "Secret")
    assert not known.match("bob", "secret")
    assert not known.match("", "")


def test_a_file_names_several_users(file):
    file.write_text(f"# who may come in\nada:{HASH}\n\nbob:{hashed('other')}\n")
    assert read(file).match("bob", "other")
    assert not read(file).match("bob", "secret")


def test_nothing_said_is_no_login_of_ours():
    assert read_credentials("", {}) is None


@pytest.mark.parametrize("variable", [USER_VARIABLE, HASH_VARIABLE])
def test_half_of_it_is_refused(variable):
    with pytest.raises(StartRefused, match="is not set"):
        read_credentials("", {variable: HASH})


@pytest.mark.parametrize(
    "text",
    ["ada", "ada:secret", ":x", "", "# nobody\n", "ada:scrypt:nonsense"],
    ids=["no hash", "a password", "no user", "empty", "comment only", "no salt"],
)
def test_a_file_that_names_nobody_is_refused_without_repeating_secrets(file, text):
    file.write_text(text)
    with pytest.raises(StartRefused) as refused:
        read(file)
    assert "\n" not in str(refused.value)
    assert "secret" not in str(refused.value)


def test_a_file_that_is_not_there_is_refused(file):
    with pytest.raises(StartRefused, match="cannot be read"):
        read(file)


def test_hashes_do_not_show_in_a_repr(file):
    file.write_text(f"ada:{HASH}")
    assert HASH not in repr(read(file))


def test_two_hashes_of_a_password_differ():
    assert hashed("secret") != HASH


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("http://here/login?next=%2Flt%2Fopen-loop", "/lt/open-loop"),
        ("http://here/login?next=https%3A%2F%2Fthere", None),
        ("http://here/login?next=%2F%2Fthere%2F", None),
        ("http://here/login?next=%2F%5Cthere", None),
        ("http://here/login?next=%2Fa%0D%0Ab", None),
        ("http://here/login", None),
        (None, None),
    ],
    ids=["a page", "another site", "no scheme", "backslash", "line break", "nothing", "no address"],
)
def test_after_the_login_only_a_page_of_this_server_is_shown(address, page):
    assert wanted_page(address) == page
