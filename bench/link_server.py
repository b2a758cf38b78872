"""Many hosts on the loopback network that answer as file servers do: `python -m bench.link_server HOSTS`.

Each host is an address of 127.0.0.0/8 on one port, which Linux answers to without any set-up. Of ten files one is not
found, one is a page, one refuses HEAD; the others are data. Prints the port, then serves until standard input ends.
"""

from __future__ import annotations

import asyncio
import sys

_DATA = b"station,date,level\n" + b"R17,2026-11-24,1.25\n" * 1000
_PAGE = b"<!doctype html><title>Levels</title><p>Choose a file."
_ROBOTS = b"User-agent: *\nDisallow: /private/\n"


def hosts(count: int) -> list[str]:
    """The addresses of the hosts."""
    return [f"127.1.{number // 250}.{number % 250 + 1}" for number in range(count)]


def _answer(method: str, path: str, part: bool) -> bytes:
    if path == "/robots.txt":
        return _whole(200, "text/plain", _ROBOTS)
    kind = int(path.rpartition("/")[2].partition(".")[0]) % 10
    if kind == 1:
        return _whole(404, "text/html", b"" if method == "HEAD" else _PAGE)
    if kind == 2:
        return _whole(200, "text/html", _PAGE, method)
    if kind == 3 and method == "HEAD":
        return _whole(405, "text/plain", b"")
    if part:
        head = f"HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-4095/{len(_DATA)}\r\nContent-Length: 4096\r\n"
        return f"{head}Content-Type: text/csv\r\n\r\n".encode() + _DATA[:4096]
    return _whole(200, "text/csv", _DATA, method)


def _whole(status: int, media_type: str, body: bytes, method: str = "GET") -> bytes:
    head = f"HTTP/1.1 {status} .\r\nContent-Type: {media_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + (b"" if method == "HEAD" else body)


class _Protocol(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport, self._came = transport, b""

    def data_received(self, data: bytes) -> None:
        self._came += data
        while b"\r\n\r\n" in self._came:
            head, _, self._came = self._came.partition(b"\r\n\r\n")
            method, path, _ = head.decode("latin-1").split(" ", 2)
            self._transport.write(_answer(method, path, b"\r\nrange:" in head.lower()))


async def _serve(count: int) -> None:
    loop = asyncio.get_running_loop()
    first = await loop.create_server(_Protocol, hosts(count)[0], 0, backlog=64)
    port = first.sockets[0].getsockname()[1]
    others = [await loop.create_server(_Protocol, host, port, backlog=64) for host in hosts(count)[1:]]
    print(port, flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    for server in (first, *others):
        server.close()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
