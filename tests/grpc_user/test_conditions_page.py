from tests.grpc_user.conditions_page import PAGE, TITLES, with_tables


def test_the_page_shows_what_the_tests_demand():
    page = PAGE.read_text(encoding="utf-8")
    assert page == with_tables(page), "python -m tests.grpc_user.conditions_page"


def test_each_condition_is_named_once():
    for rows in TITLES.values():
        names = [row.does for row in rows]
        assert sorted(names) == sorted(set(names))
