"""The verdict and the checks as JUnit XML, one test case each; and the form of other suites."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from verdict.first_screen import render, what_was_run


@dataclass(frozen=True)
class Case:
    """One test case.

    Attributes:
        kind: Its class name.
        name: What is tested.
        failed: Why it failed; "" where it did not.
        failure_type: Of that failure.
        remedy: What to do about it.
        skipped: Why nothing is said of it; "" where something is.
        output: What a reader may want to see beside.
    """

    kind: str
    name: str
    failed: str = ""
    failure_type: str = "missed"
    remedy: str = ""
    skipped: str = ""
    output: str = ""


def junit_xml(summary: Mapping[str, Any]) -> str:
    """A document with the case "verdict" and one case a check.

    The verdict fails when INVALID; what is SUSPECT passes and says so in its output. The checks of
    an INVALID run are skipped: its numbers mean nothing.
    """
    invalid = summary["verdict"]["level"] == "INVALID"
    checks = [_check_case(check, invalid=invalid) for check in summary["checks"]]
    cases = [_verdict_case(summary, invalid=invalid), *checks]
    return suite_xml(f"load {summary['run_id']}", cases)


def suite_xml(name: str, cases: Iterable[Case]) -> str:
    """A document of one suite."""
    suite = Element("testsuite", name=_clean(name))
    for case in cases:
        _add(suite, case)
    elements = suite.findall("testcase")
    suite.set("tests", str(len(elements)))
    suite.set("failures", str(sum(case.find("failure") is not None for case in elements)))
    suite.set("skipped", str(sum(case.find("skipped") is not None for case in elements)))
    indent(suite)
    return tostring(suite, encoding="unicode", xml_declaration=True) + "\n"


def _add(suite: Element, case: Case) -> None:
    element = SubElement(suite, "testcase", classname=case.kind, name=_clean(case.name))
    if case.skipped:
        SubElement(element, "skipped", message=_clean(case.skipped))
    elif case.failed:
        failure = SubElement(
            element, "failure", type=case.failure_type, message=_clean(case.failed)
        )
        failure.text = _clean(case.remedy) or None
    if case.output:
        SubElement(element, "system-out").text = _clean(case.output)


def _verdict_case(summary: Mapping[str, Any], *, invalid: bool) -> Case:
    name, output = what_was_run(summary), render(summary)
    if not invalid:
        return Case("verdict", name, output=output)
    gravest = summary["verdict"]["findings"][0]
    return Case("verdict", name, gravest["said"], "INVALID", gravest["remedy"], output=output)


def _check_case(check: Mapping[str, Any], *, invalid: bool) -> Case:
    if invalid:
        return Case("check", check["text"], skipped="the run must not be used")
    return Case("check", check["text"], failed="" if check["passed"] else check["said"])


def _clean(text: str) -> str:
    """XML 1.0 has no control characters but tab and line ends."""
    return "".join(c for c in text if c in "\t\n\r" or (c.isprintable() and c < "\ufffe"))
