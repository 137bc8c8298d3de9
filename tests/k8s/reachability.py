"""Who may speak to whom by a set of NetworkPolicies, as Kubernetes defines it."""

from dataclasses import dataclass, field

OPERATORS = {
    "In": lambda value, values: value in values,
    "NotIn": lambda value, values: value not in values,
    "Exists": lambda value, _: value is not None,
    "DoesNotExist": lambda value, _: value is None,
}


@dataclass(frozen=True)
class Place:
    """One end of a connection.

    Attributes:
        labels: The pod's.
        namespace: Its namespace; None is that of the policies.
        namespace_labels: That namespace's, beside its name.
    """

    labels: dict[str, str] = field(default_factory=dict)
    namespace: str | None = None
    namespace_labels: dict[str, str] = field(default_factory=dict)


def may_speak(policies: list[dict], source: Place, target: Place, port: int) -> bool:
    """Whether both ends' policies let a TCP connection through; ends elsewhere have none."""
    return _lets_through(policies, "Egress", source, target, port) and _lets_through(
        policies, "Ingress", target, source, port
    )


def _lets_through(policies: list[dict], way: str, held: Place, other: Place, port: int) -> bool:
    if held.namespace is not None:
        return True
    about = [
        each["spec"]
        for each in policies
        if way in each["spec"]["policyTypes"] and _selects(each["spec"]["podSelector"], held.labels)
    ]
    rules = [rule for spec in about for rule in spec.get(way.lower(), [])]
    return not about or any(_fits(rule, way, other, port) for rule in rules)


def _fits(rule: dict, way: str, other: Place, port: int) -> bool:
    peers = rule.get("to" if way == "Egress" else "from")
    ports = rule.get("ports")
    at_port = ports is None or any(
        each["port"] == port and each.get("protocol", "TCP") == "TCP" for each in ports
    )
    return at_port and (peers is None or any(_is_peer(peer, other) for peer in peers))


def _is_peer(peer: dict, other: Place) -> bool:
    assert peer.keys() <= {"podSelector", "namespaceSelector"}
    if "namespaceSelector" not in peer:
        return other.namespace is None and _selects(peer["podSelector"], other.labels)
    name = {"kubernetes.io/metadata.name": other.namespace or "of the policies"}
    return _selects(peer["namespaceSelector"], name | other.namespace_labels) and _selects(
        peer.get("podSelector", {}), other.labels
    )


def _selects(selector: dict, labels: dict[str, str]) -> bool:
    assert selector.keys() <= {"matchLabels", "matchExpressions"}
    return selector.get("matchLabels", {}).items() <= labels.items() and all(
        OPERATORS[each["operator"]](labels.get(each["key"]), each.get("values"))
        for each in selector.get("matchExpressions", [])
    )
