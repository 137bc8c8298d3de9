"""The ten lines a person reads first: on the terminal, on top of the report, in a job's summary."""

from collections.abc import Mapping
from typing import Any

from shapes.laws import TRACE
from verdict.cannot_tell import cannot_tell
from verdict.pods_wording import pods_lines
from verdict.wording import say_count, say_many, say_number, say_share, say_time

Summary = Mapping[str, Any]
_LABEL_WIDTH = 10
_DEFAULT_SUCCESS = 0.99


def render(summary: Summary) -> str:
    """Plain text, from the content of `summary.json` alone.

    An INVALID run shows why it must not be used and what to do, and no latency: a number that is
    shown is a number that is quoted.
    """
    if summary["verdict"]["level"] == "INVALID":
        return "\n".join(_do_not_use(summary))
    lines = [
        f"{headline(summary)}{_doubt(summary)}  {what_was_run(summary)}",
        *_labelled("latency", [_latency(summary)]),
        *_labelled("slowdown", [_slowdown(summary)]),
        *_labelled("checks", [check["said"] for check in summary["checks"]]),
        *_labelled("target", [_target(summary)]),
        *_labelled("pods", pods_lines(summary)),
        *_labelled("time in", [_parts(summary)]),
        *_labelled("verdict", _verdict(summary)),
        *_labelled("counts", _counts(summary)),
        *_labelled("cannot say", cannot_tell(summary)),
    ]
    return "\n".join(lines)


def headline(summary: Summary) -> str:
    """PASS, FAIL or DO NOT USE.

    FAIL: a check was missed; or, where no check speaks of success, fewer than 99 % of the measured
    calls succeeded, so that not even the p99 is reached.
    """
    if summary["verdict"]["level"] == "INVALID":
        return "DO NOT USE"
    checks = summary["checks"]
    missed = any(not check["passed"] for check in checks)
    speaks_of_success = any(check["metric"] == "success" for check in checks)
    enough = speaks_of_success or (summary["success"] or 0.0) >= _DEFAULT_SUCCESS
    return "PASS" if enough and not missed else "FAIL"


def _doubt(summary: Summary) -> str:
    return " (SUSPECT)" if summary["verdict"]["level"] == "SUSPECT" else ""


def what_was_run(summary: Summary) -> str:
    """One sentence: "50 rps poisson for 12m, spin 100ms, on localhost:50052"."""
    what = summary["what"]
    load = " ".join(str(what[key]) for key in ("rate", "law") if what.get(key))
    if what.get("law") == TRACE and what.get("rate"):
        load = str(what["rate"])  # says it already
    if duration := what.get("duration"):
        load += f" {duration}" if duration.startswith("until") else f" for {duration}"
    parts = [f"SIMULATED, not measured: {load}" if what.get("simulated") else load]
    if what.get("warm_up") not in {None, "", "0s", "0ms", "0"}:
        parts.append(f"the first {what['warm_up']} left out")
    if what.get("spin"):
        parts.append(f"spin {what['spin']}")
    if what.get("call") not in {None, "", "spin"}:  # "spin": as earlier versions noted it
        parts.append(f"call {what['call']}")
    if what.get("target"):
        parts.append(f"on {what['target']}")
    if summary["context"]["stopped_by"]:
        parts.append(f"stopped by {summary['context']['stopped_by']}")
    return ", ".join(part for part in parts if part)


def _labelled(label: str, texts: list[str]) -> list[str]:
    """The label before the first line, room for it before the others."""
    labels = [label, *[""] * (len(texts) - 1)]
    return [f"  {name:<{_LABEL_WIDTH}} {text}" for name, text in zip(labels, texts, strict=False)]


def _latency(summary: Summary) -> str:
    latency = summary["latency_s"]
    if latency is None:
        return "nothing was sent in the measured phase"
    success = summary["success"]
    texts = [f"p50 {_time(latency['p50'])}", f"p99 {_time(latency['p99'])}"]
    if latency["p99"] is None:
        texts[1] = f"p99: not reached ({say_share(1 - success)} failed)"
    if latency["p50"] is None:
        texts = [f"p50 and p99: not reached ({say_share(1 - success)} failed)"]
    return ", ".join([*texts, f"ok {say_share(success)}"])


def _slowdown(summary: Summary) -> str:
    slowdown = summary["slowdown"]
    if slowdown is None:
        return "not known: no call was timed alone and no spin was asked for"
    p50, p99 = (
        "not reached" if slowdown[q] is None else say_number(slowdown[q]) for q in ("p50", "p99")
    )
    ideal = f"{say_time(slowdown['ideal_s'])}, {slowdown['ideal_source']}"
    return f"p50 {p50}, p99 {p99}, against {ideal}"


def _target(summary: Summary) -> str:
    overload = summary["overload"]
    texts = [overload["level"] + (f": {overload['why']}" if overload["why"] else "")]
    if summary["ok_rps"] is not None:
        sent, ok = say_number(summary["sent_rps"]), say_number(summary["ok_rps"])
        texts.append(f"{sent} sent and {ok} ok replies a second")
    failures = sorted(summary["failures"]["by_class"].items(), key=lambda item: -item[1])
    if failures:
        texts.append("failed: " + ", ".join(f"{say_count(n)} {name}" for name, n in failures))
    return "; ".join(texts)


def _parts(summary: Summary) -> str:
    parts, lag = summary["parts_s"], summary["lag_s"]
    if parts is None:
        return f"lag {_time(lag and lag['mean'])}; the replies do not say what the worker did"
    return (
        f"lag {_time(parts['lag'])} + network and queue {_time(parts['network_and_queue'])}"
        f" + contention {_time(parts['contention'])} + CPU {_time(parts['cpu'])}"
        f" (mean of {say_many(parts['calls'], 'ok call')})"
    )


def _time(seconds: float | None) -> str:
    return say_time(float("inf") if seconds is None else seconds)


def _verdict(summary: Summary) -> list[str]:
    verdict = summary["verdict"]
    if not verdict["findings"]:
        return [f"VALID: {_fidelity(summary)}"]
    return [verdict["level"], *_findings(verdict["findings"])]


def _kept(law: Mapping[str, Any]) -> str:
    if law["law"] == TRACE:
        return "spaced as the trace"
    return "equidistant" if law["p_value"] is None else str(law["law"])


def _fidelity(summary: Summary) -> str:
    lag, law = summary["lag_s"], summary["law"]
    limit = say_time(summary["lag_limit_s"])
    texts = [f"lag p50 {_time(lag['p50'])}, p99 {_time(lag['p99'])} (limit {limit})"]
    if law is not None:
        texts.append(f"{_kept(law)} as sent ({law['measure']} {law['distance']:.3f})")
    context = summary["context"]
    if context["members"] > 1:
        error = say_time(context["clock_error_s"])
        texts.append(f"{context['members']} members, clocks known to {error}")
    return ", ".join(texts)


def _findings(findings: list[dict[str, Any]]) -> list[str]:
    texts = []
    for finding in findings:
        texts.append(f"{finding['level']} {finding['reason']}: {finding['said']}")
        texts.append(f"  what to do: {finding['remedy']}")
    return texts


def _counts(summary: Summary) -> list[str]:
    whole, measured = summary["counts"]["all"], summary["counts"]["measured"]
    if whole == measured:
        return [_balance(whole)]
    return [f"all: {_balance(whole)}", f"measured: {_balance(measured)}"]


def _balance(counts: Mapping[str, int]) -> str:
    planned, sent, unsent, ok, failed, unfinished = (
        say_count(counts[key])
        for key in ("planned", "sent", "unsent", "ok", "failed", "unfinished")
    )
    return (
        f"planned {planned} = sent {sent} + unsent {unsent};"
        f" sent = ok {ok} + failed {failed} + unfinished {unfinished}"
    )


def _do_not_use(summary: Summary) -> list[str]:
    gravest, *others = summary["verdict"]["findings"]
    return [
        f"DO NOT USE: {gravest['said']}",
        *_labelled("what to do", [gravest["remedy"]]),
        *_labelled("run", [what_was_run(summary)]),
        *_labelled("also", _findings(others)),
        *_labelled("verdict", [f"INVALID ({gravest['reason']}): its latencies are not shown"]),
        *_labelled("counts", _counts(summary)),
    ]
