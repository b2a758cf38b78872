"""A CKAN from the registry, with its own schema, licences and harvesters: we are added, used, and taken out.

Installs another CKAN with ckanext-harvest, -spatial and -xloader, which takes minutes.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import tempfile
import threading
import zipfile
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from bench.peer import Peer, peer
from tests.corpora import OWN
from tests.packaging.test_light import NO_INDEX
from tests.plugin.test_other_schemas import SCHEMA

pytestmark = [pytest.mark.nightly, pytest.mark.long, pytest.mark.timeout(2400)]
BESIDE = ("ckanext-spatial==2.3.2", "ckanext-xloader==2.6.0")
THEIRS = "xloader spatial_metadata spatial_query harvest dcat dcat_rdf_harvester scheming_datasets activity"
STOCK_LICENCES = ("cc-by", "uk-ogl", "notspecified", "odc-by", "cc-zero", "other-closed", "")
OUR_FORM = """
scheming.dataset_schemas = ckanext.aivision.config:schemas/ai_ready_dataset.yaml
scheming.presets = ckanext.scheming:presets.json ckanext.dcat.schemas:presets.yaml
ckanext.dcat.rdf.profiles = aivision_dcat_ap_3
"""
THEIR_FORM = (
    "scheming.dataset_schemas = file://{folder}/schema.yaml\nscheming.presets = ckanext.scheming:presets.json\n"
)
CALLS = """
import json, sys
from ckan.cli import load_config
from ckan.config.middleware import make_app
from ckan.plugins import toolkit
ini, calls, *paths = sys.argv[1:]
application = make_app(load_config(ini))._wsgi_app
found = {"results": [], "statuses": {}}
with application.test_request_context():
    user = toolkit.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    for name, data in json.load(open(calls)):
        found["results"].append(toolkit.get_action(name)({"ignore_auth": True, "user": user}, data))
for path in paths:
    found["statuses"][path] = application.test_client().get(path).status_code
print(json.dumps(found, default=str))
"""


class Site:
    """Another CKAN, as its operator uses it."""

    def __init__(self, running: Peer, folder: Path) -> None:
        self._peer, self.folder = running, folder
        self._ini = folder / "site.ini"
        (folder / "schema.yaml").write_text(SCHEMA)

    def use(self, plugins: str, settings: str) -> None:
        text = re.sub(r"(?m)^ckan\.plugins = .*$", f"ckan.plugins = {plugins}", self._peer.ini.read_text())
        text = text.replace("[app:main]\n", f"[app:main]\n{settings.format(folder=self.folder)}")
        self._ini.write_text(text)

    def ckan(self, *words: str) -> str:
        return self._run(self._peer.python / "bin/ckan", "-c", self._ini, *words)

    def call(self, *calls: tuple[str, dict[str, Any]], pages: tuple[str, ...] = ()) -> dict[str, Any]:
        """What actions return, and how pages answer. An action that is refused fails the test."""
        (self.folder / "calls.json").write_text(json.dumps(calls))
        command = (self._peer.python / "bin/python", "-c", CALLS, self._ini, self.folder / "calls.json", *pages)
        found: dict[str, Any] = json.loads(self._run(*command).splitlines()[-1])
        return found

    def _run(self, *command: str | Path) -> str:
        environment = {**os.environ, **self._peer.variables}
        done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=600, check=False)
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout


@pytest.fixture(scope="module")
def other(wheel: Path) -> Iterator[Site]:
    # Not among pytest's own directories: a second pytest run shuts them to PostgreSQL's system user.
    with (
        tempfile.TemporaryDirectory(prefix="aivision-existing-", ignore_cleanup_errors=True) as name,
        peer(folder := Path(name), folder) as running,
    ):
        command = [running.python / "bin/python", "-m", "pip", "--quiet", "install", *BESIDE, f"{wheel}[plugin]"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=900, check=False)
        if done.returncode and (seen := NO_INDEX.search(done.stderr)):
            pytest.skip(f"pip reaches no package index from here ({seen[0]})")
        assert done.returncode == 0, done.stderr
        yield Site(running, folder)


@pytest.fixture(scope="module")
def feed() -> Iterator[str]:
    """The address of a catalogue in RDF."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(SimpleHTTPRequestHandler, directory=str(OWN / "dcat")))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def bins(number: int) -> dict[str, Any]:
    return {
        "name": f"bins-{number}",
        "title": f"Litter bins {number}",
        "notes": "One row for each litter bin that the council empties, with the day of the week.",
        "owner_org": "council",
        "license_id": STOCK_LICENCES[number % len(STOCK_LICENCES)],
        "ward": "Headingley",
        "contact-email": "data@council.example.gov.uk",
        "update_frequency": "monthly",
        "resources": [{"url": "https://council.example.gov.uk/bins.csv", "format": "CSV", "name": "Bins"}],
    }


def test_we_are_added_used_and_taken_out(other: Site, feed: str) -> None:
    other.use(THEIRS, THEIR_FORM)
    other.ckan("db", "upgrade")
    made = other.call(
        ("organization_create", {"name": "council", "title": "Council"}),
        *(("package_create", bins(number)) for number in range(40)),
    )["results"][1:]
    edits = [("package_patch", {"id": package["name"], "title": f"{package['title']}, edited"}) for package in made]
    for ours, form in (("aivision_core aivision_harvest", THEIR_FORM), ("aivision", OUR_FORM)):
        other.use(f"{ours} {THEIRS}", form)
        other.ckan("db", "upgrade", "-p", ours.split()[0])
        other.ckan("search-index", "rebuild", "--quiet")
        pages = ("/", "/harvest", "/aivision/harvest", "/best-practice", "/dataset/bins-1", "/catalog.ttl")
        found = other.call(*edits, ("aivision_score_show", {"id": "bins-1"}), pages=pages)
        assert [found["statuses"][page] for page in pages] == [200, 200, 302, 200, 200, 200]
        assert found["results"][-1]["score"] > 0
        survey = json.loads(other.ckan("aivision", "adopt", "--format", "json"))
        assert (survey["datasets"], survey["refusals"], survey["organizations"]) == (40, [], ["council"])
    _harvest_both_ways(other, feed)
    backup = other.folder / "backup.zip"
    other.ckan("aivision", "uninstall", "--drop-tables", str(backup), "--yes")
    assert "aivision_evaluation.csv" in zipfile.ZipFile(backup).namelist()
    other.use(THEIRS, THEIR_FORM)
    other.ckan("search-index", "rebuild", "--quiet")
    after = other.call(*edits)["results"]
    own = ("license_id", "ward", "contact-email", "update_frequency", "notes", "owner_org")
    assert [{key: package[key] for key in own} for package in after] == [
        {key: package[key] for key in own} for package in made
    ]


def _harvest_both_ways(other: Site, feed: str) -> None:
    """By ckanext-harvest, into our form; and by us."""
    source = {"name": "feed", "title": "Feed", "url": f"{feed}/moorland.ttl", "source_type": "dcat_rdf"}
    create = ("harvest_source_create", {**source, "owner_org": "council", "frequency": "MANUAL"})
    id = other.call(create)["results"][0]["id"]
    other.ckan("harvester", "run-test", "feed")
    assert "0 refused" in other.ckan("aivision", "harvest", "sample-uk")
    count = {"fq": "dataset_type:dataset", "rows": 0}
    # A source is a package too, and no dataset.
    survey = json.loads(other.ckan("aivision", "adopt", "--format", "json"))
    status = other.call(("harvest_source_show_status", {"id": id}), ("package_search", count))["results"]
    added = status[0]["last_job"]["stats"]
    assert added["errored"] == 0, json.dumps(status[0]["last_job"])
    assert added["added"] > 0
    assert survey["datasets"] == status[1]["count"] == 40 + added["added"] + 35
