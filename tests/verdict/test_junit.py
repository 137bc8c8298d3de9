from xml.etree import ElementTree as ET

from tests.verdict.fakes import LAG_FINDING, summary
from verdict.junit import junit_xml


def parsed(content):
    return ET.fromstring(junit_xml(content))  # noqa: S314 - our own text


def check(text, passed, said):
    return {"text": text, "metric": "p99", "measured": 0.1, "passed": passed, "said": said}


def cases(suite):
    return {case.get("name"): case for case in suite.findall("testcase")}


def test_a_valid_run_is_one_passing_case():
    suite = parsed(summary())
    assert (suite.get("tests"), suite.get("failures")) == ("1", "0")
    assert "PASS" in suite.findtext("testcase/system-out")


def test_each_check_is_a_case_and_a_missed_one_fails_with_its_sentence():
    content = summary(
        checks=[check("p99<1s", True, "met"), check("p50<1ms", False, "p50 101 ms: missed")]
    )
    found = cases(parsed(content))
    assert found["p99<1s"].find("failure") is None
    assert found["p50<1ms"].find("failure").get("message") == "p50 101 ms: missed"


def test_an_invalid_run_fails_and_its_checks_are_skipped():
    finding = {**LAG_FINDING, "level": "INVALID"}
    content = summary(
        verdict={"level": "INVALID", "findings": [finding]}, checks=[check("p99<1s", True, "met")]
    )
    suite = parsed(content)
    assert (suite.get("failures"), suite.get("skipped")) == ("1", "1")
    assert cases(suite)["p99<1s"].find("skipped") is not None


def test_a_suspect_run_passes_and_says_so():
    suite = parsed(summary(verdict={"level": "SUSPECT", "findings": [LAG_FINDING]}))
    assert suite.get("failures") == "0"
    assert "SUSPECT" in suite.findtext("testcase/system-out")


def test_a_targets_words_cannot_break_the_document():
    content = summary(what={"target": "<evil & \x00\x1b]]> \ufffe 名前>"})
    assert "名前" in parsed(content).find("testcase").get("name")
