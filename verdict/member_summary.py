"""What a member keeps of its arrivals while it runs: bounded, a few microseconds a record."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from records.schema import CallRecord
from records.slots import OK, Slots, picked
from shapes.plan import Plan
from verdict.run_summary import RunSummary, empty_summary
from verdict.slot_tally import add_slots
from verdict.tally import Tally


class MemberSummary:
    """Built live by one member, sent with its drain message.

    Args:
        plan: The plan it follows; a newer version comes by `follow`.
        member: Its name.
    """

    def __init__(self, plan: Plan, member: str) -> None:
        self.member = member
        self._plan = plan
        self._sums = empty_summary(plan.law, plan.warm_up_s)
        self._sums.members = (member,)

    @property
    def totals(self) -> RunSummary:
        """The sums, with everything that was added."""
        self._sums.gaps.finish(self._plan.rates, alone=self._alone)
        return self._sums

    @property
    def phases(self) -> tuple[Tally, Tally]:
        """Warm-up and measured phase as they grow, to be looked at while the run goes on."""
        return self._sums.warm_up, self._sums.measured

    @property
    def _alone(self) -> bool:
        return all(len(change.ids) <= 1 for change in self._plan.members)

    def follow(self, plan: Plan) -> None:
        """Take a newer version of the plan; what was sent before it stays as it was counted."""
        self._sums.gaps.fold(self._plan.rates, alone=self._alone)
        self._plan = plan

    def add_sent(self, k: int, intended_s: float, sent_s: float) -> None:
        """Note a send, in the order of the sends, when it is made."""
        self._sums.windows.add_sent(sent_s)
        if self._sums.gaps.add(k, intended_s, sent_s):
            self._sums.gaps.fold(self._plan.rates, alone=self._alone)

    def add(self, record: CallRecord) -> None:
        """Note what became of an arrival, in any order, when it is known."""
        measured = record.phase == "measured"
        (self._sums.measured if measured else self._sums.warm_up).add(record)
        self._sums.windows.add(record)

    def add_sends(self, sent: Slots) -> None:
        """Note many sends at once, in their order, each as `add_sent` does."""
        k, intended_s, sent_s = (
            np.ascontiguousarray(sent[name], dtype=np.float64)
            for name in ("k", "intended_s", "sent_s")
        )
        self._sums.windows.add_sends(sent_s)
        self._sums.gaps.add_many(k, intended_s, sent_s, self._plan.rates, alone=self._alone)

    def add_many(
        self, ended: Slots, texts: Sequence[str], give_way: Callable[[], None] = lambda: None
    ) -> None:
        """Note what became of many arrivals at once, each as `add` does.

        Args:
            ended: Arrivals that are over, or were not sent.
            texts: What their numbers of texts mean.
            give_way: Called between one part of the work and the next.
        """
        measured = ended["intended_s"] >= self._plan.warm_up_s
        add_slots(self._sums.measured, picked(ended, measured), texts)
        add_slots(self._sums.warm_up, picked(ended, ~measured), texts)
        give_way()
        sent = picked(ended, ~np.isnan(ended["sent_s"]))
        self._sums.windows.add_many(
            sent["intended_s"], sent["sent_s"], sent["received_s"], sent["status"] == OK
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain values that msgpack and JSON hold; `from_dict` reads them back."""
        return self.totals.to_dict()

    @staticmethod
    def from_dict(values: dict[str, Any]) -> RunSummary:
        """A member's sums as received; `conclude` takes them beside live ones."""
        return RunSummary.from_dict(values)
