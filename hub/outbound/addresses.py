"""Which addresses of the network are public: the only ones the hub calls because somebody typed a name."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

# What Python's tables call public though no web server that people mean is there: relays, and the address at which
# Azure's machines are told their secrets.
NEVER = tuple(ip_network(net) for net in ("192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32"))
GIVEN_OUT = IPv6Network("2000::/3")  # the part of IPv6 that the internet uses
CARRIES_IPV4 = IPv6Network("64:ff9b::/96")  # a network without IPv4 reaches it by these (NAT64)


def is_public(address: str) -> bool:
    """Whether this is an address that anybody on the internet could call; False for what is no address at all."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, IPv6Address):
        found = _within(found) or found
    if found.version == 6 and found not in GIVEN_OUT:
        return False
    unfit = found.is_multicast or found.is_reserved or any(found in net for net in NEVER)
    return found.is_global and not unfit


def _within(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 address stands for: what is asked of the one holds for the other."""
    if address in CARRIES_IPV4:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo and address.teredo[1])
