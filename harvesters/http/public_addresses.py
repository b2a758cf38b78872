"""Connections to public addresses only: what a name resolves to is checked, and just that address is connected to.

Every connection is checked where it is made, so a redirect, or a name that resolves to something else a second
later, gains nothing.
"""

from __future__ import annotations

import contextlib
import ipaddress
import logging
import socket
import weakref
from collections.abc import Collection
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NewConnectionError

from ckanext.aivision.errors import NotPublic
from ckanext.aivision.normalise.web.ip_addresses import is_public

_log = logging.getLogger(__name__)


def public_addresses(host: str, port: int, allow_hosts: Collection[str]) -> list[tuple[Any, ...]]:
    """What getaddrinfo gives for a host, when every address of it is public or the host is allowed.

    allow_hosts: `host` or `host:port` that may be private. Raises NotPublic otherwise, socket.gaierror where the name
    does not resolve. Where a name leads to is for operators only, and goes into the log.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        raise socket.gaierror(f"{host} is not a host name") from error
    if allowed(host, port, allow_hosts):
        return list(found)
    for *_, address in found:
        ip = ipaddress.ip_address(str(address[0]).split("%")[0])
        if not is_public(ip):
            advice = (
                f"{host}: is at the private address {ip}, which is not fetched; "
                f"to allow it, use --allow-host {host}:{port}"
            )
            _log.warning("%s, or add it to the setting ckanext.aivision.allow_hosts", advice)
            raise NotPublic(f"{host}: is not on the public Internet, so it is not fetched", advice)
    return list(found)


def allowed(host: str, port: int, allow_hosts: Collection[str]) -> bool:
    """Whether a host, or this port of it, was let through by name. `[::1]:80` and `::1` are the same host."""
    bare = host.lower()
    names = {bare, f"[{bare}]", f"{bare}:{port}", f"[{bare}]:{port}"}
    return any(name.lower() in names for name in allow_hosts)


class GuardedAdapter(HTTPAdapter):
    """A requests adapter whose connections go to checked addresses only, and can be cut from another thread."""

    def __init__(self, allow_hosts: Collection[str]) -> None:
        self._made: weakref.WeakSet[HTTPConnection] = weakref.WeakSet()
        self._classes = _pool_classes(frozenset(allow_hosts), self._made)
        super().__init__(max_retries=0)

    def cut(self) -> None:
        """Ends every open connection; a thread that waits on one gets a connection error."""
        for connection in list(self._made):
            if connection.sock is not None:
                with contextlib.suppress(OSError):
                    connection.sock.shutdown(socket.SHUT_RDWR)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = self._classes


def _pool_classes(
    allow_hosts: frozenset[str], made: weakref.WeakSet[HTTPConnection]
) -> dict[str, type[HTTPConnectionPool]]:
    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            made.add(self)
            return _connect(self, allow_hosts)

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            made.add(self)
            return _connect(self, allow_hosts)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}


def _connect(connection: HTTPConnection, allow_hosts: frozenset[str]) -> socket.socket:
    port = connection.port or connection.default_port
    try:
        addresses = public_addresses(connection.host.strip("[]"), port, allow_hosts)
    except OSError as error:
        raise NewConnectionError(connection, f"the name {connection.host} does not resolve") from error
    problem: OSError | None = None
    for family, kind, protocol, _, address in addresses:
        made = socket.socket(family, kind, protocol)
        try:
            made.settimeout(connection.timeout if isinstance(connection.timeout, (int, float)) else 10)
            made.connect(address)
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return made
        except OSError as error:
            made.close()
            problem = error
    raise NewConnectionError(connection, f"no connection to {connection.host}:{port}: {problem}") from problem
