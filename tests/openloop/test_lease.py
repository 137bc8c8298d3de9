from openloop.lease import LEASE_S, Lease, Unlimited


def test_another_process_hears_of_the_lease_at_once_and_at_each_renewal():
    lease, heard = Lease(10.0), []
    lease.pass_on(heard.append)
    lease.renew(11.0)
    lease.renew(10.5)  # an older answer takes nothing back
    assert heard == [10.0, 11.0, 11.0]


def test_it_hears_nothing_more_when_it_is_let_go():
    lease, heard = Lease(10.0), []
    lease.pass_on(heard.append)
    lease.pass_on(None)
    lease.renew(12.0)
    assert heard == [10.0]
    assert lease.refusal(12.0 + LEASE_S, 12.0) is None


def test_a_leave_that_never_ends_is_not_told():
    heard = []
    Unlimited().pass_on(heard.append)
    assert heard == []
