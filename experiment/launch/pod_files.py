"""Arguments of Locust made fit for pods: files of this machine go with them, some stay behind."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from experiment.launch.locust_options import BadOptions, LocustOptions
from experiment.launch.manifests import FILES

MOST_BYTES = 900 * 1024
"""Of all files together: a ConfigMap holds one MiB."""
OURS = ("config", "host", "records", "run_id", "expect_workers", "headless", "locustfile")
"""Options that the run sets by itself."""
STAY_HERE = (
    "csv_prefix",
    "grpc_tls_cert",
    "grpc_tls_key",
    "html_file",
    "json_file",
    "junit",
    "logfile",
    "processes",
    "protoset",
    "replay",
    "web_credentials",
)
"""Options that name files of this machine, or processes on it."""
SENT_ALONG = ("--grpc-tls-ca", "--calibration")
"""Options that name files that pods get."""
SECRET = "metadata"  # noqa: S105 - the option's name
LOCUSTFILE = "locustfile.py"
TRACE = "trace:"


@dataclass(frozen=True)
class PodArguments:
    """What the pods get.

    Attributes:
        arguments: Of the master.
        files: Names and contents.
        secrets: Environment variables.
    """

    arguments: tuple[str, ...]
    files: Mapping[str, str]
    secrets: Mapping[str, str]


def for_pods(options: LocustOptions) -> PodArguments:
    """The options as pods can have them.

    Raises:
        BadOptions: for one that cannot go there, or a file that is too large.
    """
    for name in STAY_HERE:
        if options.values.get(name):
            raise BadOptions(f"--{name.replace('_', '-')} cannot be had with --in-cluster")
    if options.text("locustfile") not in ("", LOCUSTFILE):
        raise BadOptions(
            f"--in-cluster runs the locustfile of the image, not {options.text('locustfile')}; "
            "valid: --image NAME of an image with yours at /app/locustfile.py"
        )
    files: dict[str, str] = {}
    arguments = list(_kept(options, files))
    secrets = {"LOCUST_METADATA": options.text(SECRET)} if options.text(SECRET) else {}
    return PodArguments(tuple(arguments), files, secrets)


def _kept(options: LocustOptions, files: dict[str, str]) -> Iterator[str]:
    left_out = {f"--{name.replace('_', '-')}" for name in (*OURS, SECRET)}
    for argument in options.given:
        flag, _, value = argument.partition("=")
        if flag in left_out:
            continue
        if flag == "--rate-profile" and value.startswith(TRACE):
            yield f"{flag}={_with_trace(value, files)}"
            continue
        is_file = flag in SENT_ALONG or (flag == "--data" and value.startswith("@"))
        if not is_file:
            yield argument
            continue
        at = "@" if flag == "--data" else ""
        name = flag.strip("-")
        files[name] = _content(flag, Path(value.removeprefix("@")), files)
        yield f"{flag}={at}{FILES}/{name}"


def _with_trace(profile: str, files: dict[str, str]) -> str:
    """The profile with its files where pods have them."""
    parts = profile.removeprefix(TRACE).split(",")
    for place, name, path in _trace_files(parts):
        files[name] = _content("--rate-profile", Path(path), files)
        parts[place] = parts[place].replace(path, f"{FILES}/{name}")
    return TRACE + ",".join(parts)


def _trace_files(parts: list[str]) -> Iterator[tuple[int, str, str]]:
    yield 0, "trace.csv", parts[0]
    for place, part in enumerate(parts):
        name, _, path = part.partition("=")
        if name == "durations" and path != "off":
            yield place, "durations.csv", path


def _content(flag: str, path: Path, files: Mapping[str, str]) -> str:
    try:
        size = path.stat().st_size + sum(len(text.encode()) for text in files.values())
        if size > MOST_BYTES:
            raise BadOptions(
                f"{flag} {path} has {path.stat().st_size} bytes; pods take up to {MOST_BYTES} "
                "in all files together: take fewer rows, or an image that has the file"
            )
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadOptions(f"{flag} {path}: {getattr(error, 'strerror', error)}") from None
