"""The packages that `pip install .` pulls in are those of requirements.txt: one list for both."""

from pathlib import Path

from hatchling.metadata.plugin.interface import MetadataHookInterface


class RequirementsHook(MetadataHookInterface):
    """Reads the project's dependencies from requirements.txt."""

    def update(self, metadata: dict[str, object]) -> None:
        """Set `dependencies` to the requirement lines, comments left out."""
        lines = Path(self.root, "requirements.txt").read_text(encoding="utf-8").splitlines()
        named = (line.split("#")[0].strip() for line in lines)
        metadata["dependencies"] = [line for line in named if line]
