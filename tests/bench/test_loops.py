"""The transports alone and the spin worker, measured for a moment."""

import pytest

from bench.peers import measures, servers, spin_worker
from bench.peers.client import Load
from bench.peers.transport_alone import transports_alone


@pytest.mark.parametrize("rate_rps", [None, 500.0])
@pytest.mark.parametrize("client", transports_alone(), ids=lambda client: client.name)
def test_what_a_transport_alone_says_it_made_went_well(client, rate_rps):
    seen = measures.see(client, Load("", 0.6, rate_rps), servers.chosen(servers.CANNED))
    assert seen.reported.calls == seen.count > 0
    assert seen.reported.failed == 0
    assert seen.cpu_s > 0
    assert rate_rps is None or seen.reported.calls < 2 * 0.6 * rate_rps


def test_spins_burn_what_was_asked_and_probes_are_answered_beside_them(monkeypatch):
    monkeypatch.setattr(spin_worker, "_SPINS_MS", {10: 3})
    monkeypatch.setattr(spin_worker, "_BESIDE", (0, 1))
    monkeypatch.setattr(spin_worker, "_PROBED_S", 0.5)
    error, *probed = spin_worker.spin_trial().measure()
    assert error.values["asked_ms"] == 10
    assert 0 <= error.values["error_us"] < 1000 * error.values["asked_ms"] / 2
    assert [row.values["spins"] for row in probed] == [0, 1]
    assert all(row.values["latency_p50_ms"] > 0 for row in probed)
