import threading
from collections.abc import Callable

import pytest

from tests.worker.fakes import WatchedTicket
from worker.turns import Ticket, Turns, in_turns

PATIENCE_S = 20


class Waiter:
    """A thread that takes a turn; `got` is what `take` said."""

    def __init__(self, turns: Turns, act: Callable[[Ticket], bool] | None = None) -> None:
        self.ticket = WatchedTicket()
        self.got: bool | None = None
        self._take = act or turns.take
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        assert self.ticket.waits.wait(PATIENCE_S)

    def _run(self) -> None:
        self.got = self._take(self.ticket)

    def join(self) -> bool | None:
        self._thread.join(PATIENCE_S)
        assert not self._thread.is_alive()
        return self.got


def test_as_many_tickets_hold_a_turn_as_there_are_turns():
    turns = Turns(2)
    assert turns.take(Ticket())
    assert turns.take(Ticket())
    third = Waiter(turns)
    assert third.got is None
    turns.stop(third.ticket)
    third.join()


def test_a_turn_given_back_goes_to_the_first_in_line():
    turns, holder = Turns(1), Ticket()
    turns.take(holder)
    first, second = Waiter(turns), Waiter(turns)
    turns.give_back(holder)
    assert first.join()
    assert second.got is None
    turns.give_back(first.ticket)
    assert second.join()


def test_a_turn_given_back_with_nobody_in_line_is_free():
    turns, holder = Turns(1), Ticket()
    turns.take(holder)
    turns.give_back(holder)
    assert turns.take(Ticket())


def test_passing_on_with_nobody_in_line_keeps_the_turn():
    turns, holder = Turns(1), Ticket()
    turns.take(holder)
    assert turns.pass_on(holder)
    assert holder.holds_turn


def test_passing_on_goes_behind_all_who_stand_in_line():
    turns, holder = Turns(1), WatchedTicket()
    turns.take(holder)
    first, second = Waiter(turns), Waiter(turns)
    passing = threading.Thread(target=turns.pass_on, args=(holder,), daemon=True)
    passing.start()
    assert first.join()
    assert holder.waits.wait(PATIENCE_S)
    turns.give_back(first.ticket)
    assert second.join()
    assert not holder.holds_turn
    turns.give_back(second.ticket)
    passing.join(PATIENCE_S)
    assert holder.holds_turn


def test_a_ticket_stopped_in_line_leaves_it_without_a_turn():
    turns, holder = Turns(1), Ticket()
    turns.take(holder)
    stopped, following = Waiter(turns), Waiter(turns)
    turns.stop(stopped.ticket)
    assert stopped.join() is False
    turns.give_back(stopped.ticket)  # had none: nobody gains one
    assert following.got is None
    turns.give_back(holder)
    assert following.join()


def test_a_ticket_stopped_before_it_asks_gets_no_turn():
    turns, stopped = Turns(1), Ticket()
    turns.stop(stopped)
    assert not turns.take(stopped)
    assert turns.take(Ticket())


def test_a_ticket_stopped_in_its_turn_gives_it_back_once():
    turns, holder = Turns(1), Ticket()
    turns.take(holder)
    turns.stop(holder)
    turns.give_back(holder)
    turns.give_back(holder)
    assert turns.take(Ticket())
    unlucky = Waiter(turns)
    turns.stop(unlucky.ticket)
    assert unlucky.join() is False


class CountingTurns(Turns):
    def __init__(self) -> None:
        super().__init__(1)
        self.passed = 0

    def pass_on(self, ticket: Ticket) -> bool:
        self.passed += 1
        return super().pass_on(ticket)


@pytest.mark.parametrize(
    ("asked_at_ns", "passed"),
    [((5, 99, 104), 0), ((5, 105), 1), ((5, 105, 204), 1), ((5, 105, 205), 2), ((0, 1000), 1)],
    ids=["within-one", "at-its-end", "in-the-second", "two-ended", "one-long-chunk"],
)
def test_a_turn_is_passed_on_after_its_length_of_cpu_time(asked_at_ns, passed):
    turns, ticket = CountingTurns(), Ticket()
    go_on = in_turns(turns, ticket, turn_ns=100)
    assert all(go_on(now_ns) for now_ns in asked_at_ns)
    assert turns.passed == passed


@pytest.mark.parametrize("asked_at_ns", [0, 50, 500], ids=["first", "in-turn", "at-its-end"])
def test_a_stopped_ticket_does_not_go_on(asked_at_ns):
    turns, ticket = Turns(1), Ticket()
    turns.take(ticket)
    go_on = in_turns(turns, ticket, turn_ns=100)
    if asked_at_ns:
        go_on(0)
    turns.stop(ticket)
    assert not go_on(asked_at_ns)
