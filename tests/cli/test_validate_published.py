"""`aivision validate` on what the standards' owners and real catalogues publish."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path

import pytest
from tests.cli.conftest import Done, call
from tests.corpora import OWN

from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.sources.source import resolve
from ckanext.aivision.validation.standards import find_standard
from ckanext.aivision.validation.validate import Validation

FOLDERS = {
    "dcat-us-1": "dcat-us-1.1",
    "dcat-us-3": "dcat-us-3.0",
    "uk-metadata-exchange": "uk-metadata-exchange",
    "dcat-ap-3": "shacl",
}


class TestStandardsAsPublished:
    """What the package has is what was published, and says the same of the standards' own examples."""

    def test_every_file_is_the_published_one(self, standards: Path) -> None:
        ours = Path(str(resources.files("ckanext.aivision.config") / "standards"))
        files = [path for folder in FOLDERS for path in sorted((ours / folder).iterdir())]
        assert len(files) == 32
        for path in files:
            folder = "shacl" if path.name.endswith("_shapes.ttl") else FOLDERS[path.parent.name]
            assert path.read_bytes() == (standards / folder / path.name).read_bytes(), path

    @pytest.mark.parametrize("kind", ["valid", "invalid"])
    def test_the_examples_of_the_uk_model_are_what_it_says(self, standards: Path, kind: str) -> None:
        paths = sorted((standards / "uk-metadata-exchange" / "examples").glob(f"*/{kind}/*.yaml"))
        assert len(paths) > 10
        with Session() as session:
            for path in paths:
                checked = list(Validation(resolve(str(path)), session, find_standard("uk-metadata-exchange")))
                assert [record.valid for record in checked] == [kind == "valid"], path


def test_our_own_catalogues_have_the_faults_that_were_written_into_them() -> None:
    done = call("validate", OWN / "us" / "harbors.data.json", "--format", "json")
    rows = json.loads(done.out)["results"]
    faulty = ["HARBOR-0003", "HARBOR-0008", "HARBOR-0009"]
    assert [row["identifier"] for row in rows if not row["valid"]] == faulty
    done = call("validate", OWN / "dcat" / "fenwick.jsonld")
    assert done.status == 1
    assert "there is `dcat:accessUrl`: write `dcat:accessURL`" in done.out


@pytest.mark.parametrize("path", sorted((OWN / "uk-metadata-exchange").glob("*/*.yaml")), ids=lambda path: path.name)
def test_our_own_examples_of_the_uk_model_are_valid_or_not(path: Path) -> None:
    with Session() as session:
        checked = list(Validation(resolve(str(path)), session, find_standard("uk-metadata-exchange")))
    assert [record.valid for record in checked] == [path.parent.name == "valid"]


def test_real_catalogues_of_the_us(real_corpus: Path) -> None:
    """General Services keep to their own schema, the Centers for Disease Control to most of it."""
    assert call("validate", real_corpus / "us" / "gsa.data.json.gz").status == 0
    done = call("validate", real_corpus / "us" / "cdc.data.json.gz", "--format", "json")
    assert json.loads(done.out)["summary"]["invalid"] == 468


def test_a_real_catalogue_in_rdf_has_a_misspelt_property(real_corpus: Path) -> None:
    done: Done = call("validate", real_corpus / "dcat" / "edinburgh.jsonld.gz")
    assert done.status == 1
    assert "dcat:distribution dcat:accessURL is missing (44 records, 264 times)" in done.out
    assert "there is `dcat:accessUrl`: write `dcat:accessURL`" in done.out
