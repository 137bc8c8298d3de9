"""All arms of a sweep held against the Service before the first run; nothing is changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from experiment.errors import ExperimentError
from experiment.kube import Json
from experiment.sweep.cluster.arm_settings import BadArm, template_of
from experiment.sweep.cluster.initial_state import (
    NEW_REVISION,
    InitialState,
    check_possible,
    resting_state,
)
from experiment.sweep.cluster.leave import check_leave
from experiment.sweep.cluster.merge_patch import changes, patch_between
from experiment.sweep.cluster.service_api import NotTaken, ServiceApi
from experiment.sweep.cluster.target_state import traffic_elsewhere
from records.sweeps import Arm

TRIED = {"locust-knative/revision": "try"}


class NotForSweeps(ExperimentError):
    """The Service is set so that a sweep's settings would reach no call."""


@dataclass(frozen=True)
class AskedOfArms:
    """What a sweep does with the Service.

    Attributes:
        arms: Its arms.
        state: In which every run must find the Service; None for where each arm rests.
        allow_patch: The Service may be changed without its label.
    """

    arms: Sequence[Arm]
    state: InitialState | None = None
    allow_patch: bool = False

    @property
    def patches(self) -> bool:
        """Whether the Service is changed at all."""
        makes_revisions = self.state is not None and self.state.kind == NEW_REVISION
        return makes_revisions or any(arm.settings for arm in self.arms)

    def state_for(self, template: Mapping[str, Any]) -> InitialState:
        """The state that holds for an arm with this template."""
        return self.state or resting_state(template)


def check_arms(
    api: ServiceApi, service: Json, original: Mapping[str, Any], asked: AskedOfArms
) -> dict[str, list[str]]:
    """What each arm changes, a line for each value.

    Args:
        api: Asked by dry runs whether it would take each arm.
        service: The Service as it is.
        original: Its spec, which all arms are laid over.
        asked: The arms.

    Raises:
        ExperimentError: when an arm cannot be had, naming it; BadArm in the API's own words.
    """
    templates = {arm.name: template_of(original["template"], arm) for arm in asked.arms}
    for name, template in templates.items():
        check_possible(asked.state_for(template), template, name)
    if not asked.patches:
        return {name: [] for name in templates}
    _check_traffic(api, original)
    check_leave(service, asked.allow_patch)
    return {name: _tried(api, original, name, template) for name, template in templates.items()}


def _check_traffic(api: ServiceApi, spec: Mapping[str, Any]) -> None:
    elsewhere = traffic_elsewhere(spec)
    if elsewhere:
        raise NotForSweeps(
            f"{api.full_name} sends traffic to {elsewhere}, which no arm would change; valid: all "
            "of it to the latest revision (kn service update --traffic @latest=100)"
        )


def _tried(api: ServiceApi, original: Mapping[str, Any], name: str, template: Json) -> list[str]:
    """What the API would store, by a dry run; an arm that changes nothing is tried no less."""
    patch = patch_between(original, {**original, "template": template})
    try:
        after = api.would_be(patch or {"template": {"metadata": {"annotations": TRIED}}})
    except NotTaken as error:
        raise BadArm(f"arm {name!r}: {error}") from None
    return list(changes(original, after, "spec")) if patch else []
