"""The options of a run that concern when and how much is sent, and what is kept of it.

What the calls look like is the business of the package that speaks the protocol.
"""

from openloop.option_table import Option
from shapes.errors import InvalidValue
from shapes.laws import parse_law
from shapes.quantities import parse_duration_s, parse_rate_rps, parse_seed
from shapes.rate_profiles import parse_rate_profile
from verdict.checks import parse_check

GROUP_TITLE = "Open-loop arrivals"
DEFAULT_RATE_RPS = 10.0
DEFAULT_LAW = "uniform"
MAX_PORT = 65535


def parse_count(text: str) -> int:
    """A whole number of at least 1.

    Raises:
        InvalidValue: for anything else.
    """
    if not text.isdecimal() or int(text) < 1:
        raise InvalidValue(f"{text!r} is not a count; valid: a whole number from 1 up")
    return int(text)


def parse_positive_duration_s(text: str) -> float:
    """A duration longer than nothing.

    Raises:
        InvalidValue: for anything else.
    """
    seconds = parse_duration_s(text)
    if seconds == 0:
        raise InvalidValue(f"{text!r} is no time at all; valid: more than 0, as 500ms, 10s, 12m")
    return seconds


def parse_port(text: str) -> int:
    """A TCP port; 0 for any that is free.

    Raises:
        InvalidValue: for anything else.
    """
    if not text.isdecimal() or int(text) > MAX_PORT:
        raise InvalidValue(f"{text!r} is not a port; valid: a whole number from 0 to {MAX_PORT}")
    return int(text)


def check_profile_text(text: str) -> None:
    """Refuse a rate profile that cannot be read.

    Raises:
        InvalidValue: saying which forms there are.
    """
    parse_rate_profile(text, DEFAULT_RATE_RPS)


OPTIONS = (
    Option(
        "--rps",
        "Offered rate in requests per second, as 10 or 0.5; fills the number of users "
        "(1 user = 1 request per second) and the ramp. Default: the users, else 10",
        parse_rate_rps,
        form_help="requests a second, as 10 or 0.5; 1 user = 1 request a second",
    ),
    Option(
        "--duration",
        "How long arrivals are sent, as 10s, 12m, 1h20m; fills the run time",
        parse_positive_duration_s,
        form_help="of the arrivals, as 10s, 12m, 1h20m; empty: until stopped",
    ),
    Option(
        "--distribution",
        "How arrivals are spaced: uniform (equidistant), poisson, uniform-gap (random gaps from 0 "
        "to twice the mean), bursty:CV (CV of the gaps, above 1). Default: uniform, or the shape's",
        parse_law,
        form_help="uniform, poisson, uniform-gap or bursty:CV; empty: uniform",
    ),
    Option(
        "--rate-profile",
        "The rate over time: constant, ramp:FROM,TO,OVER, step:RATE@TIME,RATE@TIME, "
        "burst:LOW,HIGH,PERIOD,HIGH_FOR, diurnal:MEAN,AMPLITUDE,PERIOD, or the arrivals of a file "
        "(docs/traces.md): trace:FILE,time=0.1,rate=2,mode=poisson. Default: constant",
        check_profile_text,
        form_help="constant, ramp:0,50,60s, step:10@0s,50@60s, burst:, diurnal:, trace:FILE",
    ),
    Option(
        "--shape",
        "The load shape class to use, where the locustfile has several",
        form_help="the load shape class, where the locustfile has several",
    ),
    Option(
        "--seed",
        "Seed of the arrivals: the same seed gives the same arrivals. Default: drawn, and recorded",
        parse_seed,
        form_help="the same seed gives the same arrivals; empty: drawn",
    ),
    Option(
        "--warm-up",
        "Length of the warm-up at the start, as 4m; its arrivals are sent and recorded, and left "
        "out of the results. Default: 0s",
        parse_duration_s,
        form_help="left out of the results, as 4m; empty: none",
    ),
    Option(
        "--check",
        'A limit the run must keep, as "p99<800ms" or "success>=0.999"; may be repeated',
        parse_check,
        form_help="limits between commas, as p99<800ms, success>=0.999",
        repeatable=True,
    ),
    Option(
        "--rps-per-user",
        "Requests per second that one user stands for. Default: 1",
        parse_rate_rps,
        default="1",
        in_web_form=False,
    ),
    Option(
        "--drain-timeout",
        "How long calls in flight are waited for at the end. Default: the call deadline",
        parse_duration_s,
        in_web_form=False,
    ),
    Option(
        "--max-in-flight",
        "Most arrivals under way at once on one member; more are recorded as unsent",
        parse_count,
        default="10000",
        in_web_form=False,
    ),
    Option(
        "--on-member-loss",
        "When a worker process is lost: continue (others take its arrivals over) or stop",
        default="continue",
        choices=("continue", "stop"),
        in_web_form=False,
    ),
    Option(
        "--replay",
        "Run folder whose arrivals are sent again exactly, its edits included",
        in_web_form=False,
    ),
    Option(
        "--records",
        "Folder that holds the run folders",
        default="results",
        in_web_form=False,
    ),
    Option(
        "--run-id",
        "Name of the run's folder. Default: made from date, law and rate",
        in_web_form=False,
    ),
    Option(
        "--calibration",
        "File of `experiment calibrate`: what calls take alone, which slowdown is counted against. "
        "Default: the requested spin",
        in_web_form=False,
    ),
    Option(
        "--junit",
        "File to write the verdict and the checks to, as JUnit XML",
        in_web_form=False,
    ),
    Option(
        "--web-open",
        "Let the web page listen on other addresses than loopback without --web-login: whoever "
        "reaches it can start load",
        in_web_form=False,
        is_switch=True,
    ),
    Option(
        "--web-credentials",
        "File with the user and the password hash of --web-login, as user:hash, one a line "
        "(make one with: python -m openloop.login hash USER); else LOCUST_WEB_USER and "
        "LOCUST_WEB_PASSWORD_HASH",
        in_web_form=False,
    ),
    Option(
        "--metrics-port",
        "Port that serves /metrics in Prometheus' format beside the web page, headless too. "
        "With a web page, /metrics is there as well",
        parse_port,
        in_web_form=False,
    ),
    Option(
        "--metrics-host",
        "Address that --metrics-port listens on",
        default="127.0.0.1",
        in_web_form=False,
    ),
)
