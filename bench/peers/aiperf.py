"""AIPerf: load on inference servers over HTTP, open-loop by rate; compared for its pacing alone."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.peers.client import OUTSTANDING, Load, Reported, Unreadable
from bench.peers.open_loop import quantiles_ms
from bench.peers.programs import PEERS, package_version

VENV = PEERS / "aiperf"
_PROGRAM = VENV / "bin" / "aiperf"
_OUT = "artifacts"
_PATTERNS = {"uniform": "constant", "poisson": "poisson"}
_S_PER_NS = 1e-9
_QUIET = ("--ui", "none", "--no-gpu-telemetry", "--no-server-metrics")
_ONE_PROCESS_OF_EACH = ("--workers-max", "1", "--record-processors", "1")
_SHORT = ("--isl", "4", "--isl-stddev", "0")
# Any tokenizer will do, but it must be a local one: its own is fetched when it starts.
_WORDS = {"[UNK]": 0, "a": 1, "b": 2}
_TOKENIZER = {
    "tokenizer.json": {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [],
        "normalizer": None,
        "pre_tokenizer": {"type": "Whitespace"},
        "post_processor": None,
        "decoder": None,
        "model": {"type": "WordLevel", "vocab": _WORDS, "unk_token": "[UNK]"},
    },
    "tokenizer_config.json": {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "unk_token": "[UNK]",
    },
    "config.json": {"model_type": "gpt2"},
}


class NoHttp(Exception):
    """The server cannot be reached by HTTP."""


@dataclass(frozen=True)
class AIPerf:
    """AIPerf on the server's HTTP, its services all on one core.

    Attributes:
        name: As in tables.
        laws: As of every client.
        extra_s: As of every client.
        part: None.
    """

    name: str = "AIPerf, over HTTP"
    laws: tuple[str, ...] = ("uniform", "poisson")
    extra_s: float = 8.0
    part: str = ""

    def version(self) -> str | None:
        """Of the package in its environment."""
        return package_version(VENV, "aiperf")

    def command(self, load: Load, folder: Path) -> Sequence[str]:
        """Embeddings of four words, at a rate and by a law, or as fast as it can.

        Raises:
            NoHttp: where the server speaks gRPC alone.
        """
        if not load.http_address:
            raise NoHttp(f"{self.name}: the server has no HTTP")
        pattern = ("--arrival-pattern", _PATTERNS[load.law])
        tokenizer = folder / "tokenizer"
        tokenizer.mkdir()
        for name, content in _TOKENIZER.items():
            (tokenizer / name).write_text(json.dumps(content), encoding="utf-8")
        return [
            *(str(_PROGRAM), "profile", "--model", "none", "--tokenizer", str(tokenizer)),
            *("--endpoint-type", "embeddings", "--url", f"http://{load.http_address}"),
            *(
                ("--concurrency", str(OUTSTANDING))
                if load.rate_rps is None
                else ("--request-rate", f"{load.rate_rps:g}", *pattern)
            ),
            *("--benchmark-duration", f"{load.seconds:g}", "--random-seed", str(load.seed)),
            *(*_ONE_PROCESS_OF_EACH, *_QUIET, *_SHORT, "--artifact-dir", str(folder / _OUT)),
        ]

    def read(self, folder: Path, printed: str) -> Reported:  # noqa: ARG002 - as of every client
        """Its row for each request."""
        rows = (folder / _OUT / "profile_export.jsonl").read_text(encoding="utf-8")
        return read_requests(rows)


def read_requests(text: str) -> Reported:
    """Read the lines of `profile_export.jsonl`.

    Raises:
        Unreadable: where they are not that.
    """
    try:
        rows = [json.loads(line) for line in text.splitlines()]
        answered = [row["metadata"] for row in rows if not row.get("error")]
        latencies_s = [_S_PER_NS * (r["request_end_ns"] - r["request_start_ns"]) for r in answered]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Unreadable(f"AIPerf: {error!r} in {text[:200]!r}") from error
    return Reported(len(rows), len(rows) - len(answered), quantiles_ms(latencies_s))
