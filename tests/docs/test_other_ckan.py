"""Another CKAN, with stock ckanext-harvest and ckanext-dcat, harvests this catalogue as docs/developers.md says."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from bench.peer import CACHE, Peer, peer
from tests.docs.commands import DOCS, SITE, Block, put_in_place, run_step, sections
from tests.records import record

# It installs another CKAN, which takes minutes.
pytestmark = pytest.mark.nightly
BLOCKS = sections("developers.md")["Harvest this catalogue into another CKAN"]
COPIES = 130  # more than one page of DCAT
DUMP = Block("sh", "ckanapi dump datasets --all --quiet --config=ckan.ini")


class Other:
    """The other CKAN, as its operator uses it."""

    def __init__(self, peer: Peer, folder: Path, site: str) -> None:
        self._folder, self._site = folder, site
        self._environment = {"PATH": os.pathsep.join([str(peer.python / "bin"), os.environ["PATH"]]), **peer.variables}
        # Of what the page says, the plugins are there already.
        setting = re.search(r"^ckanext\.dcat\..*$", (DOCS / "developers.md").read_text("utf-8"), re.MULTILINE)
        assert setting is not None
        ini = peer.ini.read_text("utf-8").replace("[app:main]\n", f"[app:main]\n{setting[0]}\n")
        (folder / "ckan.ini").write_text(ini)

    def run(self, *blocks: Block) -> str:
        """What the last line prints."""
        printed = ""
        for block in blocks:
            for step in block.steps:
                printed = run_step(block, put_in_place(step, {SITE: self._site}), self._folder, self._environment)
        return printed

    def packages(self) -> dict[str, dict[str, Any]]:
        """Its datasets, by the address at which this catalogue has them."""
        found = [json.loads(line) for line in self.run(DUMP).splitlines()]
        datasets = [package for package in found if package["type"] == "dataset"]
        by_address = {
            extra["value"]: package for package in datasets for extra in package["extras"] if extra["key"] == "uri"
        }
        assert len(by_address) == len(datasets)
        return by_address


@pytest.fixture(scope="module")
def other(live_site: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Other]:
    folder = tmp_path_factory.mktemp("other")
    with peer(folder, CACHE) as running:
        yield Other(running, folder, live_site)


def published(site: str) -> list[dict[str, Any]]:
    answer = requests.get(f"{site}/api/3/action/package_search", {"rows": 1000}, timeout=60)
    packages: list[dict[str, Any]] = answer.json()["result"]["results"]
    return packages


@pytest.mark.long
@pytest.mark.timeout(900)
def test_it_has_every_dataset_and_file(other: Other, live_site: str, stack: Any, tmp_path: Path) -> None:
    path = tmp_path / "harbours.json"
    path.write_text(json.dumps({"dataset": [record(number) for number in range(COPIES)]}))
    for source in ("sample-us", "sample-uk", str(path)):
        stack.ckan("aivision", "harvest", source)
    other.run(*BLOCKS)
    ours, theirs = published(live_site), other.packages()
    by_title = {package["title"]: package for package in theirs.values()}
    assert {package["title"] for package in ours} - by_title.keys() == set()
    assert len(ours) == len(theirs) > COPIES
    for package in ours:
        found = by_title[package["title"]]
        assert len(found["resources"]) == len(package["resources"]), package["title"]
        assert len(found["tags"]) >= min(1, len(package["tags"])), package["title"]
