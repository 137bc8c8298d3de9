"""An image as a docker-archive tar, of layers that are tar files: for `ctr images import`."""

import hashlib
import io
import json
import platform
import tarfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
SEARCH_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


@dataclass(frozen=True)
class Image:
    """An image to be.

    Attributes:
        name: As "ko.local/worker:e2e": Knative asks no registry about names of that host.
        layers: Tar files, the lowest first.
        entry: The entry point.
        env: Environment variables beside PATH.
        user: As "65532:65532": numbers, or Kubernetes cannot know that it is not root.
        folder: Where the entry point starts.
    """

    name: str
    layers: tuple[Path, ...]
    entry: tuple[str, ...]
    env: Mapping[str, str]
    user: str
    folder: str = "/"


def write_files_layer(path: Path, files: Iterable[tuple[Path, str]]) -> None:
    """A layer of programs, each at its absolute path, and of a /tmp for all."""
    with tarfile.open(path, "w") as layer:
        layer.addfile(_entry("tmp", kind=tarfile.DIRTYPE, mode=0o1777))
        for source, place in files:
            entry = _entry(place.lstrip("/"), size=source.stat().st_size)
            with source.open("rb") as content:
                layer.addfile(entry, content)


def write_image(path: Path, image: Image) -> None:
    """The archive, whole or not at all."""
    temporary = path.with_suffix(".part")
    digests = [_digest(layer) for layer in image.layers]
    config = json.dumps(_config(image, digests)).encode()
    config_name = f"{hashlib.sha256(config).hexdigest()}.json"
    names = [f"{digest}/layer.tar" for digest in digests]
    index = [{"Config": config_name, "RepoTags": [image.name], "Layers": names}]
    with tarfile.open(temporary, "w") as archive:
        for name, layer in zip(names, image.layers, strict=True):
            archive.add(layer, arcname=name)
        for name, content in ((config_name, config), ("manifest.json", json.dumps(index).encode())):
            archive.addfile(_entry(name, size=len(content)), io.BytesIO(content))
    temporary.replace(path)


def _config(image: Image, digests: list[str]) -> dict:
    env = {"PATH": SEARCH_PATH, **image.env}
    return {
        "architecture": ARCHITECTURES[platform.machine()],
        "os": "linux",
        "config": {
            "Entrypoint": list(image.entry),
            "User": image.user,
            "WorkingDir": image.folder,
            "Env": [f"{name}={value}" for name, value in env.items()],
        },
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{digest}" for digest in digests]},
    }


def _entry(
    name: str, size: int = 0, mode: int = 0o755, kind: bytes = tarfile.REGTYPE
) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode, entry.type = size, mode, kind
    return entry


def _digest(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
