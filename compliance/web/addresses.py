"""From which network address a request came, as throttles count it and the security log keeps it."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network

from flask import request

BITS_OF_ONE_PLACE = 64
"""Who has one IPv6 address has all that begin with the same bits, and takes another one for each try."""


def came_from() -> str:
    """The address of whoever asks, or the network of it that belongs to one place."""
    return network_of(request.remote_addr or "?")[:64]


def network_of(address: str) -> str:
    """An IPv6 address as the network that is one place; everything else as it is."""
    try:
        read = ip_address(address)
    except ValueError:
        return address
    if not isinstance(read, IPv6Address):
        return address
    if read.ipv4_mapped is not None:
        return str(read.ipv4_mapped)
    return str(ip_network((int(read), BITS_OF_ONE_PLACE), strict=False))
