"""A Knative Service that a sweep changes and puts back; nobody else's change is overwritten."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from experiment.errors import ExperimentError
from experiment.kube import Json
from experiment.kube_errors import Conflict
from experiment.sweep.cluster.merge_patch import changes, lost_of, patch_between
from experiment.sweep.cluster.service_api import ServiceApi
from experiment.sweep.ground import Halted, Note, NotPrepared
from records.sweeps.ledger import ARM_APPLIED, ARM_RESTORED, LedgerEntry

MOST_TRIES = 10
"""So often a patch may meet a Service whose status Knative has just written."""
MOST_TOLD = 2


class ChangedByOthers(Halted):
    """The Service is neither as it was nor as the sweep has set it: it is left as it is."""


class AnotherService(ExperimentError):
    """A sweep goes on with the Service that it began with."""


@dataclass
class PatchedService:
    """The Service under load, and what the sweep has made of it.

    Attributes:
        api: The Service.
        original: Its spec before the sweep changed anything; None until it was read.
        arm: The arm in effect; None where none is.
        known: Specs that it may have: as it was, and as the sweep has set it or was about to.
    """

    api: ServiceApi
    original: Json | None = None
    arm: str | None = None
    known: list[Json] = field(default_factory=list)

    def remember(self, entries: Iterable[LedgerEntry]) -> None:
        """Take from the ledger what an earlier process of this sweep found and set.

        Raises:
            AnotherService: when that was of another Service.
        """
        for entry in entries:
            if entry.event == ARM_APPLIED:
                self._check_same(str(entry.fields["service"]))
                self.original, self.arm = dict(entry.fields["before"]), str(entry.fields["arm"])
                self.known += [self.original, dict(entry.fields["after"])]
            elif entry.event == ARM_RESTORED:
                self.arm = None

    def begin(self) -> Json:
        """The spec that all arms are laid over: as it was before the sweep's first run.

        Raises:
            ChangedByOthers: when it is not what an earlier part of this sweep began with.
            Halted: when it cannot be read.
        """
        spec = dict(self.api.read()["spec"])
        if self.original is None:
            self.original = spec
        elif not self._is_as_before(spec):
            told = _some(list(changes(self.original, spec, "spec")))
            raise ChangedByOthers(
                f"{self.api.full_name} is not as it was when this sweep began ({told}): "
                "set it back, or begin another sweep"
            )
        self.known.append(spec)
        return self.original

    def apply(self, arm: str, template: Json, note: Note) -> list[str]:
        """Have this template; the ledger knows of it, and of what was before, first.

        Returns:
            What has changed, a line each; nothing where all was so already.

        Raises:
            ChangedByOthers: when somebody else has changed the Service since.
            NotTaken: when the settings are refused.
            Halted: when it cannot be done.
        """
        spec = self._read_known()["spec"]
        after = self._would_be(spec, {**self.before, "template": template})
        told = list(changes(spec, after, "spec"))
        if told or arm != self.arm:
            patch = patch_between(spec, after)
            specs = {"before": self.before, "patch": {"spec": patch}, "after": after}
            note(ARM_APPLIED, arm=arm, service=self.api.full_name, **specs)
            self.arm = arm
            self.known.append(after)
            self._make(after)
        return told

    def restore(self, note: Note) -> list[str]:
        """Put it back as it was before the sweep; nothing where no arm is in effect.

        Returns:
            What has changed, a line each.

        Raises:
            ChangedByOthers: when somebody else has changed it since: it stays as it is.
            Halted: when it cannot be done.
        """
        if self.arm is None:
            return []
        spec = self._read_known()["spec"]
        now = self._make(self.before)
        # What is there beside was asked to go, so that it is Knative's own default.
        if lost := list(lost_of(self.before, now, "spec")):
            raise ChangedByOthers(f"{self.api.full_name} was not restored: {_some(lost)}")
        note(ARM_RESTORED, arm=self.arm)
        self.known.append(now)
        self.arm = None
        return list(changes(spec, now, "spec"))

    def check_untouched(self) -> None:
        """Refuse to go on with a Service that somebody else has changed.

        Raises:
            ChangedByOthers: naming what differs.
            Halted: when it cannot be read.
        """
        self._read_known()

    def _check_same(self, service: str) -> None:
        if service != self.api.full_name:
            raise AnotherService(
                f"this sweep is of {service}, not of {self.api.full_name}: --ksvc {service}, "
                "or another --out for another sweep"
            )

    @property
    def before(self) -> Json:
        """The spec before the sweep; `begin` has read it, or the ledger had it."""
        if self.original is None:
            raise RuntimeError("begin() comes before all changes")
        return self.original

    def _read_known(self) -> Json:
        """The Service in a state that it had before the sweep, or that the sweep gave it."""
        service = self.api.read()
        spec = service["spec"]
        if spec not in self.known and not self._is_as_before(spec):
            told = _some(list(changes(self.known[-1], spec, "spec")))
            raise ChangedByOthers(
                f"{self.api.full_name} was changed by somebody else ({told}), so it is left as it "
                "is: put it back as it was, and the same command goes on; its spec before the "
                "sweep is the last `before` of the ledger"
            )
        return service

    def _is_as_before(self, spec: Json) -> bool:
        """Whether it is the spec before the sweep, or that with defaults that Knative fills in."""
        return self._would_be(spec, self.before) == spec

    def _would_be(self, spec: Json, wanted: Json) -> Json:
        """What the API would make of the wanted spec, its defaults filled in."""
        patch = patch_between(spec, wanted)
        return self.api.would_be(patch) if patch else dict(spec)

    def _make(self, wanted: Json) -> Json:
        """The spec after it was made the wanted one, from a state that is known."""
        for _ in range(MOST_TRIES):
            service = self._read_known()
            patch = patch_between(service["spec"], wanted)
            if not patch:
                return dict(service["spec"])
            try:
                return self.api.patch(service, patch)
            except Conflict:
                continue  # its status was written meanwhile, or the answer to us got lost
        raise NotPrepared(f"{self.api.full_name} changes faster than it can be patched")


def _some(lines: list[str]) -> str:
    """The first lines, and how many there are besides."""
    more = f", and {len(lines) - MOST_TOLD} more" if len(lines) > MOST_TOLD else ""
    return "; ".join(lines[:MOST_TOLD]) + more
