"""Claims that the record itself shows to be false or empty: none raises a grade, or the score by more than a little.

Each is added to a record of a web page without data. The rows are of the kinds that publishers and their software
write, and none of them is known to the code: what keeps them out are rules and the tables of config/vocabularies.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.scoring.gaming.gaming_record import (
    LANDING_PAGE,
    PAGE,
    RECORD,
    file_at,
    mailbox,
    restricted,
    says,
    service_at,
)

from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.open_source import open_source
from ckanext.aivision.harvesters.sources.source import resolve
from ckanext.aivision.scoring.evaluate import evaluate
from ckanext.aivision.scoring.examples import ON
from ckanext.aivision.scoring.results import Evaluation
from ckanext.aivision.scoring.rubric import load

MOST_GAIN, MOST_SCORE = 1.5, 50
Claim = dict[str, Any]

PROSE: dict[str, Claim] = {
    "limits of any dataset": says("Users should note that some values may be missing or inaccurate."),
    "limits under a heading": says("Limitations: coverage may be incomplete.", "Caveats: see the documentation."),
    "sources of any dataset": says("The data come from trusted and authoritative sources.", "Source: agency records."),
    "uses of any dataset": says("It can be used by researchers and policymakers to inform decisions."),
    "fit for machine learning": says("The dataset is AI-ready and suitable for training machine learning models."),
    "quality of any dataset": says("All data are validated, verified and cleaned to the highest standards."),
    "round figures": says("The data are 100 per cent accurate.", "Estimates have a confidence level of 95 per cent."),
    "laws in general": says("The dataset complies with GDPR and all applicable privacy legislation."),
    "bias considered": says("Potential biases have been identified and addressed where appropriate."),
    "groups in general": says("Certain groups may be under-represented."),
    "uncertainty in general": says("Estimates are subject to sampling error.", "Standard errors have been calculated."),
    "maintained in general": says("The dataset is actively maintained by the agency for the foreseeable future."),
    "language": says("The dataset is available in English.", "Language: en."),
    "next update to come": says("The next update will be published in due course.", "Next update: TBC."),
    "one record stands for one record": says("One record stands for one record.", "Each row is one observation."),
    "documentation to come": says("A comprehensive data dictionary describes all variables.", "Units are stated."),
    "standards in general": says("Follows the FAIR principles, ISO standards, DCAT and Croissant."),
    "collected by staff": says("The data were collected by trained staff following established protocols."),
    "methods of any dataset": says(
        "Missing values were imputed.", "Duplicates were eliminated.", "Labels were assigned."
    ),
    "version of anything": says("This is version 1.0 of the dataset.", "The current version supersedes all others."),
    "formats in words": says("The data can be downloaded in CSV, JSON and XML formats and through a RESTful API."),
    "words of the title again": says("The hedge walk has limitations.", "Hedge walkers use the hedge notes."),
    "the same sentence twelve times": {"description": f"{RECORD['description']} " * 12},
    "disclosure control of anything": says("Small counts have been suppressed."),
    "DOI in a sentence": says("DOI: 10.5555/12345678."),
    "list of keywords": says("Hedge, shrub, beech, yew, lane, parish, walk, bird, nest, gap, gate, stile."),
    "press office": {
        "description": "A flagship resource published as part of our ongoing commitment to openness and digital "
        "transformation. It brings together high-quality, trusted information in one place, helps citizens and "
        "businesses to unlock value, drives innovation and delivers better outcomes for communities."
    },
    "mission of the office": {
        "description": "The County Office is committed to serving the public with integrity, excellence and "
        "accountability, and its mission is to provide leadership for present and future generations."
    },
    "answers to a questionnaire": says(
        "Overview: structured records for analysis.",
        "Collection method: field surveys carried out by trained staff.",
        "Processing: records were cleaned and standardised.",
        "Quality: validated against standard checks.",
        "Intended use: research and planning.",
        "Bias: none known.",
        "Update frequency: to be confirmed.",
    ),
}
ADDRESSES: dict[str, Claim] = {
    "page as CSV": file_at(PAGE),
    "landing page as CSV": file_at(LANDING_PAGE),
    "home page as CSV": file_at("https://hedges.gov/"),
    "page that is asked for CSV": file_at(f"{PAGE}?format=csv"),
    "page in a query": file_at("https://hedges.gov/download.php?file=walk.html"),
    "viewer": file_at("https://hedges.gov/walk/viewer"),
    "portal": file_at("https://hedges.gov/portal/index.aspx"),
    "login page": file_at("https://hedges.gov/login?next=/walk.csv"),
    "search page": file_at("https://hedges.gov/search?q=walk"),
    "order form": file_at("https://hedges.gov/walk-request-form"),
    "page of an application": file_at("https://hedges.gov/apps/#/walk"),
    "dashboard of a service": file_at("https://app.powerbigov.us/view?r=walk"),
    "story of a map service": file_at("https://experience.arcgis.com/experience/0123456789abcdef"),
    "folder of a drive": file_at("https://drive.google.com/drive/folders/walk"),
    "page of a catalogue": file_at("https://catalog.data.gov/dataset/hedge-walk"),
    "news of the office": file_at("https://hedges.gov/news/2019/hedge-walk"),
    "map with a layer": file_at("https://hedges.gov/mapviewer/?layer=1"),
    "repository of code": file_at("https://github.com/hedges/walk"),
    "short link": file_at("https://bit.ly/3hedges"),
    "shared sheet": file_at("https://docs.google.com/spreadsheets/d/walk/edit"),
    "DOI as CSV": file_at("https://doi.org/10.25338/B8X"),
    "address without a file name": file_at("https://hedges.gov/data"),
    "address of a chapter": file_at("https://hedges.gov/programs/hedge-walk-2019"),
    "folder of a site": file_at("https://hedges.gov/programs/walks/"),
    "page of downloads": file_at("https://hedges.gov/downloads"),
    "page with a query": file_at("https://hedges.gov/data?id=7"),
    "page of a program": file_at("https://hedges.gov/programs/walk.aspx"),
    "page of a program with a query": file_at("https://hedges.gov/walk.php?id=7"),
    "page as plain text": {"distribution": [{"downloadURL": "https://hedges.gov/data", "mediaType": "text/plain"}]},
    "page as an archive of tables": file_at("https://hedges.gov/data", format="CSV (zipped)"),
    "page as a picture": {"distribution": [{"downloadURL": "https://hedges.gov/data", "mediaType": "image/png"}]},
    "page as a document": file_at("https://hedges.gov/data", mediaType="application/pdf", format="PDF"),
    **{
        f"{extension} called CSV": file_at(f"https://hedges.gov/walk/notes.{extension}", title="Hedge walk notes, CSV")
        for extension in ("exe", "msi", "dmg", "apk", "docx", "pptx", "html", "mp3", "mp4", "ics", "py", "webp", "xyz")
    },
    "PDF called CSV": file_at("https://hedges.gov/walk.pdf", title="Hedge walk notes, CSV"),
    "reserved host": file_at("https://data.hedges.example/walk.csv"),
    "host of a local network": file_at("https://fileserver/walk.csv"),
    "path of a computer": file_at("file:///srv/walk.csv"),
    "on request": file_at("available on request"),
    "message type": {"distribution": [{"downloadURL": PAGE, "mediaType": "multipart/form-data", "title": "Link"}]},
    "thirty pages": {
        "distribution": [
            {"downloadURL": f"https://hedges.gov/walk/{n}.html", "mediaType": "text/csv", "title": f"Walk {n}"}
            for n in range(30)
        ]
    },
    "landing page in five formats": {
        "distribution": [
            {"downloadURL": f"{LANDING_PAGE}#{form}", "mediaType": form, "title": f"Hedge walk notes, {form}"}
            for form in ("text/csv", "application/json", "application/xml", "application/geo+json", "text/turtle")
        ]
    },
    "feature service at a page": service_at(f"{LANDING_PAGE}walks", "WFS"),
    "SPARQL at a home page": service_at("https://hedges.gov/", "SPARQL"),
    "interface without a description": service_at("https://hedges.gov/api", "JSON"),
    "interface described by the page": service_at(LANDING_PAGE, "API", describedBy=LANDING_PAGE),
    "dictionary at the landing page": {"describedBy": LANDING_PAGE, "describedByType": "text/csv"},
    "dictionary at a home page": {"describedBy": "https://hedges.gov/index.html"},
    "dictionary at a reserved host": {"describedBy": "https://dictionary.example.com/columns.csv"},
    "guide at a reserved host": {"references": ["https://example.org/guide.pdf"]},
    "one address for three things": dict.fromkeys(("describedBy", "conformsTo"), "https://hedges.gov/walk/about")
    | {"references": ["https://hedges.gov/walk/about"]},
    "standard of no one": {"conformsTo": "https://example.org/our-standard"},
    "notice at a home page": {"systemOfRecords": "https://www.federalregister.gov/"},
}
VALUES: dict[str, Claim] = {
    "test DOI": {"identifier": "https://doi.org/10.5555/12345678"},
    "DOI to be filled in": {"identifier": "https://doi.org/10.5281/zenodo.XXXXXXX"},
    "service without a DOI": {"identifier": "https://doi.org/"},
    "test ARK": {"identifier": "https://n2t.net/ark:/99999/fk4walk"},
    "handle of a textbook": {"identifier": "hdl:12345/walk"},
    "front door of a name space": {"identifier": "https://w3id.org/hedges"},
    "changed tomorrow": {"modified": "2099-01-01"},
    "published before print": {"issued": "1066-10-14"},
    "first day of a clock": {"issued": "1970-01-01"},
    "all time": {"temporal": "0001-01-01/9999-12-31"},
    "period that ends before it starts": {"temporal": "2020-01-01/2010-01-01"},
    "every day, untouched since 2019": {"accrualPeriodicity": "R/P1D"},
    "every four years": {"accrualPeriodicity": "R/P4Y"},
    "every ten years": {"accrualPeriodicity": "R/P10Y"},
    "never": {"accrualPeriodicity": "never"},
    "not planned": {"accrualPeriodicity": "notPlanned"},
    "ended, in a sentence": {"accrualPeriodicity": "No longer updated (dataset archived)"},
    "irregular, as needed in a sentence": {"accrualPeriodicity": "irregular"} | says("The data are updated as needed."),
    "never, in a sentence too": {"accrualPeriodicity": "never"} | says("The data are no longer updated."),
    "irregular": {"accrualPeriodicity": "irregular"},
    "as needed": {"accrualPeriodicity": "as needed"},
    "when it comes": {"accrualPeriodicity": "Updated whenever there is something new"},
    "always": {"accrualPeriodicity": "continual"},
    "every thousand years": {"accrualPeriodicity": "R/P1000Y"},
    "0/0": {"spatial": "0,0"},
    "corner of the map": {"spatial": "POLYGON EMPTY"},
    "whole world": {"spatial": "-180,-90,180,90"},
    "keywords for any dataset": {"keyword": ["data", "dataset", "open data", "information", "public"]},
    "keywords of letters": {"keyword": ["a", "b", "x1 y2", "alpha"]},
    "numbers as keywords": {"keyword": ["2019", "2020", "3.14"]},
    "one keyword with years": {"keyword": ["hedges 2019", "hedges 2020", "hedges 2021"]},
    "formats as keywords": {"keyword": ["csv", "json", "api"]},
    "no theme": {"theme": ["Uncategorized"]},
    "mailbox to be filled in": mailbox("your.name@hedges.gov"),
    "mailbox of a test": mailbox("test@test.com"),
    "mailbox of nobody": mailbox("nobody@hedges.gov"),
    "mailbox without a host": mailbox("desk@localhost"),
    "office under itself": {"publisher": {"name": "County Office", "subOrganizationOf": {"name": "County Office"}}},
    "licence in the rights": {"rights": "CC BY 4.0"},
    "licence that is denied": {"license": "CC BY 4.0 does not apply"},
    "licence to come": {"license": "CC BY 4.0 is under consideration"},
    "licence that does not exist": {"license": "CC-BY-OPEN"},
    "restricted, ask the office": restricted("Contact the office for access."),
    "restricted, for no reason": restricted("Access is restricted."),
    "restricted, as any data": restricted("Restricted for reasons of confidentiality; contact the office."),
}
CLAIMS = {**PROSE, **ADDRESSES, **VALUES}


def evaluation(tmp_path: Path, claim: Claim) -> Evaluation:
    """The evaluation of the record with a claim, as read from a `data.json`."""
    path = tmp_path / "data.json"
    document = {"conformsTo": "https://project-open-data.cio.gov/v1.1/schema", "dataset": [RECORD | claim]}
    path.write_text(json.dumps(document), encoding="utf-8")
    with Session() as session:
        (harvested,) = open_source(resolve(str(path)), session)
    assert harvested.dataset is not None
    return evaluate(harvested.dataset, load(), ON)


def score(tmp_path: Path, claim: Claim) -> float:
    found = evaluation(tmp_path, claim).score
    assert found is not None
    return found


def test_there_are_claims_of_every_kind() -> None:
    assert len(CLAIMS) == len(PROSE) + len(ADDRESSES) + len(VALUES) >= 80


@pytest.mark.parametrize("name", CLAIMS)
def test_a_false_claim_gains_hardly_anything(tmp_path: Path, name: str) -> None:
    found = evaluation(tmp_path, CLAIMS[name])
    assert found.grade == "E"
    assert found.score is not None
    assert found.score - score(tmp_path, {}) <= MOST_GAIN


def together(claims: dict[str, Claim]) -> Claim:
    """All sentences in one description, all distributions in one list, and of every other field the last claim."""
    texts = [str(claim["description"]) for claim in claims.values() if "description" in claim]
    distributions = [item for claim in claims.values() for item in claim.get("distribution", ())]
    others = {field: value for claim in claims.values() for field, value in claim.items()}
    return others | {"description": " ".join(texts), "distribution": distributions, "accessLevel": "public"}


def test_all_together_make_no_data_of_a_page(tmp_path: Path) -> None:
    told = {name: claim for name, claim in CLAIMS.items() if "called CSV" not in name}
    found = evaluation(tmp_path, together(told))
    assert found.grade == "E"
    assert found.score is not None
    assert found.score < MOST_SCORE


def test_what_is_true_counts(tmp_path: Path) -> None:
    true = file_at("https://hedges.gov/walk/notes.csv", title="Notes of the hedge walk 2019, CSV")
    found = evaluation(tmp_path, true | {"license": "https://creativecommons.org/licenses/by/4.0/"})
    assert found.score is not None
    assert found.score > score(tmp_path, {}) + 20
    assert found.grade < "E"
