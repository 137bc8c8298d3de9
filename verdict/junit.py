"""The verdict and the checks as JUnit XML, one test case each."""

from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from verdict.first_screen import render, what_was_run


def junit_xml(summary: Mapping[str, Any]) -> str:
    """A document with the case "verdict" and one case a check.

    The verdict fails when INVALID; what is SUSPECT passes and says so in its output. The checks of
    an INVALID run are skipped: its numbers mean nothing.
    """
    suite = Element("testsuite", name=f"load {summary['run_id']}")
    invalid = summary["verdict"]["level"] == "INVALID"
    _verdict_case(suite, summary, invalid=invalid)
    for check in summary["checks"]:
        _check_case(suite, check, invalid=invalid)
    cases = suite.findall("testcase")
    suite.set("tests", str(len(cases)))
    suite.set("failures", str(sum(case.find("failure") is not None for case in cases)))
    suite.set("skipped", str(sum(case.find("skipped") is not None for case in cases)))
    indent(suite)
    return tostring(suite, encoding="unicode", xml_declaration=True) + "\n"


def _verdict_case(suite: Element, summary: Mapping[str, Any], *, invalid: bool) -> None:
    case = SubElement(suite, "testcase", classname="verdict", name=_clean(what_was_run(summary)))
    if invalid:
        gravest = summary["verdict"]["findings"][0]
        failure = SubElement(case, "failure", type="INVALID", message=_clean(gravest["said"]))
        failure.text = _clean(gravest["remedy"])
    SubElement(case, "system-out").text = _clean(render(summary))


def _check_case(suite: Element, check: Mapping[str, Any], *, invalid: bool) -> None:
    case = SubElement(suite, "testcase", classname="check", name=_clean(check["text"]))
    if invalid:
        SubElement(case, "skipped", message="the run must not be used")
    elif not check["passed"]:
        SubElement(case, "failure", type="missed", message=_clean(check["said"]))


def _clean(text: str) -> str:
    """XML 1.0 has no control characters but tab and line ends."""
    return "".join(c for c in text if c in "\t\n\r" or (c.isprintable() and c < "\ufffe"))
