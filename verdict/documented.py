"""The generated parts of `docs/verdict.md`; a test keeps the page equal to them."""

from verdict.exit_codes import MEANING, PRECEDENCE
from verdict.limits import limits_table


def exit_codes_table() -> str:
    """The exit codes as Markdown, gravest first."""
    head = ["| code | what it says |", "|---|---|"]
    return "\n".join(head + [f"| {code} | {MEANING[code]} |" for code in PRECEDENCE])


GENERATED = {"limits": limits_table, "exit codes": exit_codes_table}


def with_generated_parts(page: str) -> str:
    """The page with what lies between its marks made anew."""
    for name, make in GENERATED.items():
        before, mark, rest = page.partition(f"<!-- {name}: generated from ")
        source, end_of_mark, body = rest.partition("-->\n")
        after = body.partition(f"<!-- end of {name} -->")[2]
        page = f"{before}{mark}{source}{end_of_mark}{make()}\n<!-- end of {name} -->{after}"
    return page
