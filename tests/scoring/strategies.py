"""Records as stewards fill them in, well and badly, in plain words; and one more thing said in each."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from ckanext.aivision.scoring.rubric import load

Said = dict[str, Any]

_PROSE = (
    "Levels are measured by sensors every 15 minutes and checked by hand. Gaps longer than a day are not filled, so "
    "the data may be incomplete for the winter of 2019. They must not be used for navigation.",
    "Counts were collected from hospitals in a census of beds. The response rate was 87 per cent.",
    "Personal information has been removed. Margins of error stand beside each estimate.",
    "No known limitations.",
    "None",
    "TBD",
    "x",
    "qwerty " * 40,
    "SEE THE HDR FOR THE QXZ AND THE KLM OF THE WRT " * 4,
    "https://rivers.example.gov/about",
)
_LINKS = (
    "https://rivers.example.gov/levels/about.html",
    "https://github.com/rivers/levels",
    "https://rivers.example.gov/",
    "N/A",
    "see the web site",
)
_DATES = ("2026-11-01", "2004", "1999-12-31", "2031-01-01", "1970-01-01", "R/P1D", "unknown", "soon")
_LICENCES = (
    "OGL-UK-3.0",
    "https://www.usa.gov/government-works",
    "cc-nc",
    "other-open",
    "notspecified",
    "Ask the river team",
    "https://rivers.example.gov/terms",
    "Open Government Licence v3.0",
    "TBD",
)

# Every field that a record can do without -> what may stand there; the distributions stand below.
FIELDS: dict[str, tuple[Any, ...]] = {
    "description": _PROSE,
    "keyword": (["rivers", "floods", "gauges"], ["data"], ["N/A"], ["rivers"], ["data"] * 40),
    "theme": (["ENVI"], ["Environment"], ["geospatial"], ["Ours", "ENVI"], ["N/A"]),
    "language": (["en-GB"], ["spa"], ["cy", "en"], ["Klingon"], ["N/A"]),
    "type": ("time series", "x"),
    "issued": _DATES,
    "modified": _DATES,
    "metadata_issued": _DATES,
    "metadata_modified": _DATES,
    "accrual_periodicity": ("R/P1Y", "daily", "irregular", "notPlanned", "R/P9Q", "N/A", "updated weekly, mostly"),
    "publisher": (
        {"name": "River Agency", "identifier": "GB-RIV"},
        {"name": "River Agency"},
        {"name": "N/A"},
        {"name": "data.rivers.gov.uk"},
        {"url": "https://rivers.example.gov"},
    ),
    "creator": (["Gauging team"],),
    "contact_point": (
        [{"name": "River desk", "email": "rivers@agency.gov.uk"}],
        ["River desk"],
        [{"email": "noreply@agency.gov.uk"}],
        ["N/A"],
        [{"url": "see the web site"}],
    ),
    "license": _LICENCES,
    "rights": (
        ["Open Government Licence v3.0"],
        ["Held back, since it names people; ask the river team."],
        ["TBD"],
        ["Training of machine learning models on these data is permitted.", "© Crown copyright"],
    ),
    "access_rights": ("public", "restricted public", "non-public", "members of the mapping agreement", "N/A"),
    "access_procedure": ("Apply to the data desk, which answers in a week.", "N/A"),
    "ai_use_terms": ("Training of models is allowed.", "N/A"),
    "temporal": (
        ["2010-01-01/2020-12-31"],
        ["2010-01-01/.."],
        ["since the war"],
        ["2020-12-31/2010-01-01"],
        ["in 1990"],
        ["1970-01-01/.."],
    ),
    "temporal_resolution": ("P7D", "x"),
    "next_update": ("2027-05-12", "2021-05-12", "soon"),
    "spatial": (
        ["-5.7,49.9,1.8,55.8"],
        ["England"],
        ["National, State"],
        ["180,90,180,90"],
        ["N/A"],
        ["Not applicable"],
        ["https://sws.geonames.org/6269131/"],
    ),
    "spatial_resolution": ("30", "x"),
    # Another page than those that describe the data: what is the page of the dataset describes none.
    "landing_page": ("https://rivers.example.gov/levels/home", "https://rivers.example.gov", "N/A"),
    "page": tuple([link] for link in _LINKS),
    "conforms_to": (
        ["https://www.ogc.org/standard/waterml/"],
        ["INSPIRE-metadata"],
        ["https://github.com/datagovuk/schemas/tree/master/organogram"],
        ["N/A"],
    ),
    "described_by": ("https://rivers.example.gov/levels/columns.html", *_LINKS[1:]),
    "described_by_type": ("text/csv", "x"),
    "in_series": ("https://rivers.example.gov/series", "x"),
    "version": ("2.1", "N/A"),
    "version_notes": ("Two gauges were added in spring.", "N/A"),
    "bibliographic_citation": ("River Agency (2026): Levels. https://doi.org/10.5555/river", "Cite us, please!", "N/A"),
    "other_identifier": (["https://doi.org/10.5555/river"], ["https://rivers.example.gov/id/7"], ["N/A"]),
    "provenance": _PROSE,
    "derived_from": (["https://rivers.example.gov/raw"], ["N/A"]),
    "code_repository": ("https://github.com/rivers/scripts", *_LINKS[2:]),
    "system_of_records": ("https://rivers.example.gov/notice/7", "https://rivers.example.gov/", "N/A"),
    "quality": (*_PROSE, "true", "false"),
    "collection": _PROSE,
    "preprocessing": _PROSE,
    "annotation": _PROSE,
    "limitations": _PROSE,
    "biases": _PROSE,
    "uncertainty": _PROSE,
    "personal_data": ("none", "present", "pseudonymised", "N/A"),
    "personal_data_measures": _PROSE,
    "uses": _PROSE,
    "unsuitable_uses": _PROSE,
    "social_impact": _PROSE,
    "maintenance_plan": _PROSE,
}
# The same for what a distribution may say of itself.
OF_A_FILE: dict[str, tuple[Any, ...]] = {
    "identifier": ("r1",),
    "title": ("Levels of 2019 by gauge", "Download", "N/A"),
    "description": ("One row a gauge and day", "Data dictionary of all columns", "x"),
    "byte_size": (1234, 2**40),
    "checksum": ("9f86d081884c7d659a2feaa0c55ad015", "N/A"),
    "checksum_algorithm": ("MD5",),
    "license": _LICENCES,
    "issued": _DATES,
    "modified": _DATES,
    "conforms_to": (["https://www.rfc-editor.org/rfc/rfc4180"], ["N/A"]),
    "described_by": ("https://rivers.example.gov/levels/columns.html", *_LINKS[1:]),
    "described_by_type": ("text/csv",),
    "columns": (["gauge", "level", "level_se"], ["a"]),
    "datastore_active": (True,),
    "is_upload": (True,),
}
# Address, format and media type of a file, which go together.
_FILES = (
    ("https://rivers.example.gov/levels.csv", "CSV", "text/csv"),
    ("https://rivers.example.gov/levels", "CSV", "text/csv"),
    ("https://rivers.example.gov/levels.zip", "ZIP", "application/zip"),
    ("https://rivers.example.gov/levels.pdf", "PDF", "application/pdf"),
    ("https://rivers.example.gov/about", "HTML", "text/html"),
    ("https://rivers.example.gov/service", "WFS", "application/gml+xml"),
    ("https://rivers.example.gov/", "CSV", "text/csv"),
    ("https://rivers.example.gov/levels.parquet", "PARQUET", "application/vnd.apache.parquet"),
    (None, "CSV", "text/csv"),
)
_TITLES = ("River levels at gauging stations", "RIVERS", "levels.csv", "Levels of rivers, version 2")


@st.composite
def files(draw: st.DrawFn) -> Said:
    """A distribution: an address, and more or less about what is behind it."""
    url, format, media_type = draw(st.sampled_from(_FILES))
    said = draw(st.fixed_dictionaries({}, optional=_sampled(OF_A_FILE)))
    if draw(st.booleans()):
        said["format"] = draw(st.sampled_from((format, "Ours")))
    if draw(st.booleans()):
        said["media_type"] = draw(st.sampled_from((media_type, "application/ours")))
    return {**said, draw(st.sampled_from(("access_url", "download_url"))): url}


def _sampled(table: dict[str, tuple[Any, ...]]) -> dict[str, st.SearchStrategy[Any]]:
    return {field: st.sampled_from(values) for field, values in table.items()}


# Profiles of what is no dataset by itself: they have no place for a licence, a publisher or a distribution, so that
# a record with one is not of them.
PARTS = ("dcat-us-3.0-series", "uk-metadata-exchange-distribution")


@st.composite
def records(draw: st.DrawFn, most_files: int = 2) -> Said:
    """A record of any profile of datasets and services."""
    count = draw(st.integers(0, len(FIELDS) - 1))
    fields = draw(st.lists(st.sampled_from(sorted(FIELDS)), unique=True, min_size=count, max_size=count))
    said = {field: draw(st.sampled_from(FIELDS[field])) for field in fields}
    listed = draw(st.lists(files(), max_size=most_files))
    return {
        **said,
        "title": draw(st.sampled_from(_TITLES)),
        "profile": draw(st.sampled_from([name for name in sorted(load().profiles) if name not in PARTS])),
        "distribution": [_apart(file, place) for place, file in enumerate(listed)],
    }


def _apart(file: Said, place: int) -> Said:
    """A file whose words are its own: what two say alike tells neither from the other."""
    return {key: f"{value}, part {place}" if key in ("title", "description") else value for key, value in file.items()}


@st.composite
def additions(draw: st.DrawFn) -> tuple[Said, Said]:
    """A record, and the same with a field more, of the dataset."""
    said = draw(records())
    field = draw(st.sampled_from(sorted(set(FIELDS) - set(said))))
    return said, {**said, field: draw(st.sampled_from(FIELDS[field]))}


@st.composite
def additions_to_a_file(draw: st.DrawFn) -> tuple[Said, Said]:
    """A record, and the same with a field more, of one of its distributions. What a file is may not change by it."""
    said = draw(records())
    listed = said["distribution"] or [draw(files())]
    place = draw(st.integers(0, len(listed) - 1))
    file = dict(listed[place])
    field = draw(st.sampled_from(sorted(OF_A_FILE)))
    file.pop(field, None)
    more = _apart({field: draw(st.sampled_from(OF_A_FILE[field]))}, place)
    before, after = ([*listed[:place], item, *listed[place + 1 :]] for item in (file, {**file, **more}))
    return {**said, "distribution": before}, {**said, "distribution": after}
