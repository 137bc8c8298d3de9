"""A world in which nothing happened yet."""

from simulator.compiled import floats, same_floats, same_wholes
from simulator.system.settings import ENDLESS, SystemSettings
from simulator.system.world import (
    COUNTS,
    DECISION_COLUMNS,
    EMPTY,
    MOST_MADE,
    NONE,
    PLANNED,
    Activators,
    Calls,
    Inputs,
    PodTable,
    Quotas,
    Slots,
    World,
)


def new_world(inputs: Inputs, settings: SystemSettings, most_decisions: int) -> World:
    """The world at the epoch, with room for so many decisions."""
    entries = len(inputs.due_s) + 1
    return World(
        times=floats([0.0, 0.0, 0.0, 1.0, ENDLESS, ENDLESS]),
        counts=same_wholes(0, COUNTS),
        calls=_new_calls(inputs, settings),
        slots=_new_slots(settings.most_pods, settings.activators),
        activators=Activators(
            first_free=same_wholes(0, settings.activators),
            turn=same_wholes(0, settings.activators),
        ),
        quotas=_new_quotas(settings),
        pods=PodTable(
            cold_s=floats(inputs.cold_s),
            made_s=same_floats(ENDLESS, MOST_MADE),
            ready_s=same_floats(ENDLESS, MOST_MADE),
            leaving_s=same_floats(ENDLESS, MOST_MADE),
            gone_s=same_floats(ENDLESS, MOST_MADE),
        ),
        keys=same_floats(0.0, entries),
        items=same_wholes(0, entries),
        decisions=same_floats(0.0, len(DECISION_COLUMNS) * most_decisions),
    )


def _new_calls(inputs: Inputs, settings: SystemSettings) -> Calls:
    calls = len(inputs.due_s)
    limited = calls if settings.quota_s < ENDLESS else 0
    return Calls(
        due_s=floats(inputs.due_s),
        work_s=floats(inputs.work_s),
        coins=floats(inputs.coins),
        start_s=same_floats(float("nan"), calls),
        end_s=same_floats(float("nan"), calls),
        throttled_s=same_floats(0.0, limited),
        status=same_wholes(PLANNED, calls),
        slot=same_wholes(NONE, calls),
        pod=same_wholes(NONE, calls),
        seq=same_wholes(0, calls),
        after=same_wholes(NONE, calls),
        before=same_wholes(NONE, limited),
        done_at=same_floats(0.0, limited),
        is_late=same_wholes(0, calls if settings.quantum_s > 0 else 0),
    )


def _new_slots(places: int, activators: int) -> Slots:
    return Slots(
        state=same_wholes(EMPTY, places),
        number=same_wholes(NONE, places),
        ready_s=same_floats(ENDLESS, places),
        running=same_wholes(0, places),
        served=same_wholes(0, places),
        standing=same_wholes(0, places),
        owner=same_wholes(0, places),
        head=same_wholes(NONE, places + activators),
        tail=same_wholes(NONE, places + activators),
        length=same_wholes(0, places + activators),
    )


def _new_quotas(settings: SystemSettings) -> Quotas:
    places = settings.most_pods if settings.quota_s < ENDLESS else 0
    return Quotas(
        first=same_wholes(NONE, places),
        last=same_wholes(NONE, places),
        running=same_wholes(0, places),
        lost=same_floats(0.0, places),
        used_s=same_floats(0.0, places),
        counted_at=same_floats(0.0, places),
        done_at=same_floats(ENDLESS, places),
        halt_at=same_floats(ENDLESS, places),
        halted_at=same_floats(ENDLESS, places),
        halted_s=same_floats(0.0, places),
        stood_s=same_floats(0.0, places),
    )
