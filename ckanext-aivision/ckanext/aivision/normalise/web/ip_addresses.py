"""IP addresses: which of them are of the public Internet."""

from __future__ import annotations

import functools
import ipaddress
from typing import Any, TypeAlias

from ckanext.aivision.normalise.vocabulary import rows

IpAddress: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
# The beginning of the interface identifier, its universal/local bit apart.
_ISATAP = 0x00005EFE


def is_public(ip: IpAddress) -> bool:
    """Whether an address is one of the public Internet; so must be an IPv4 address that it carries inside.

    What is not public stands in config/vocabularies/special_addresses.csv, for `is_global` is not the same in each
    version of Python. IPv6 carries IPv4 mapped (RFC 4291), in NAT64 (RFC 6052), 6to4 (RFC 3056) and ISATAP (RFC 5214).
    """
    if isinstance(ip, ipaddress.IPv4Address):
        return not any(ip in network for network in _special(4))
    if (inside := _inside(ip)) is not None and not is_public(inside):
        return False
    if ip.ipv4_mapped is not None or ip in _NAT64:
        return True
    return ip in _GLOBAL_UNICAST and not any(ip in network for network in _special(6))


def _inside(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 address leads to."""
    if ip.ipv4_mapped is not None or ip.sixtofour is not None:
        return ip.ipv4_mapped or ip.sixtofour
    if ip in _NAT64 or int(ip) >> 32 & 0xFDFFFFFF == _ISATAP:
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return None


@functools.cache
def _special(version: int) -> list[Any]:
    networks = [ipaddress.ip_network(row["network"]) for row in rows("special_addresses")]
    return [network for network in networks if network.version == version]
