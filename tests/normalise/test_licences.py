"""What a licence is read as, row by row: as written, its id, how it matched."""

from __future__ import annotations

import pytest

from ckanext.aivision.normalise import licences, vocabulary
from ckanext.aivision.record import Term

READ = [
    # The US: works of the government, and what stands for no licence.
    ("http://www.usa.gov/publicdomain/label/1.0/", "us-pd", "uri"),
    ("https://www.usa.gov/government-works", "us-pd", "uri"),
    ("https://edg.epa.gov/EPA_Data_License.html\n", "us-pd", "uri"),
    ("https://edg.epa.gov/epa_data_license.htm", "us-pd", "uri"),
    ("This is a work of the United States Government (17 U.S.C. § 105).", "us-pd", "label"),
    ("17 USC 105", "us-pd", "label"),
    ("https://project-open-data.cio.gov/unknown-license/", "none", "uri"),
    ("https://project-open-data.cio.gov/unknown-license/#v1-legacy/us-govt-works", "none", "uri"),
    ("licenseUnrestricted", "open-unnamed", "id"),
    ("Use Constraints: None. Please check sources, scale and accuracy.", "open-unnamed", "label"),
    # The UK.
    ("uk-ogl", "OGL-UK-3.0", "id"),
    ("OGL3", "OGL-UK-3.0", "id"),
    ("http://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/", "OGL-UK-3.0", "uri"),
    ("www.nationalarchives.gov.uk/doc/open-government-licence/version/2/", "OGL-UK-2.0", "uri"),
    ("http://www.nationalarchives.gov.uk/doc/open-government-licence/version/1/", "OGL-UK-1.0", "uri"),
    ("http://reference.data.gov.uk/id/open-government-licence", "OGL-UK-3.0", "uri"),
    ("UK Open Government Licence (OGL)", "OGL-UK-3.0", "label"),
    ("Open Government Licence v2.0", "OGL-UK-2.0", "label"),
    ("OGL v1", "OGL-UK-1.0", "label"),
    ("Non-Commercial Government Licence", "NCGL-UK-2.0", "label"),
    (
        '["Licence: <a href=\\"http://www.nationalarchives.gov.uk/doc/open-government-licence/\\">terms</a>"]',
        "OGL-UK-3.0",
        "uri",
    ),
    ('["No conditions apply", "Open Government Licence v3"]', "OGL-UK-3.0", "label"),
    ('["https://example.org/terms", "Available under the Open Government Licence 3.0"]', "OGL-UK-3.0", "label"),
    # Creative Commons and Open Data Commons, in the version that is written.
    ("https://creativecommons.org/publicdomain/zero/1.0/legalcode", "CC0-1.0", "uri"),
    ("https://creativecommons.org/share-your-work/public-domain/cc0", "CC0-1.0", "uri"),
    ("https://creativecommons.org/publicdomain/mark/1.0/", "PDM-1.0", "uri"),
    ("http://opendefinition.org/licenses/cc-zero/", "CC0-1.0", "uri"),
    ("https://creativecommons.org/licenses/by/4.0/deed.en", "CC-BY-4.0", "uri"),
    ("https://creativecommons.org/licenses/by/2.5/au/", "CC-BY-2.5", "uri"),
    ("http://creativecommons.org/licenses/by-sa/3.0/legalcode", "CC-BY-SA-3.0", "uri"),
    ("http://creativecommons.org/licenses/by-nc-sa/2.0/", "CC-BY-NC-SA-2.0", "uri"),
    ("https://creativecommons.org/licenses/by-nd/3.0/", "CC-BY-ND-3.0", "uri"),
    ("http://publications.europa.eu/resource/authority/licence/CC_BYSA_4_0", "CC-BY-SA-4.0", "uri"),
    ("https://spdx.org/licenses/ODbL-1.0.html", "ODbL-1.0", "uri"),
    ("http://opendatacommons.org/licenses/by/1.0/", "ODC-By-1.0", "uri"),
    ("http://opendatacommons.org/licenses/pddl/1.0/", "PDDL-1.0", "uri"),
    ("cc-by", "CC-BY-4.0", "id"),
    ("CC BY 3.0", "CC-BY-3.0", "label"),
    ("CC BY-NC-SA 4.0", "CC-BY-NC-SA-4.0", "label"),
    ("Creative Commons Attribution 4.0 International", "CC-BY-4.0", "label"),
    ("Creative Commons Attribution-ShareAlike 3.0", "CC-BY-SA-3.0", "label"),
    ("Creative Commons Attribution: Non-commercial 4.0 International (CC-BY-NC 4.0) license", "CC-BY-NC-4.0", "label"),
    ("Open Data Commons Public Domain Dedication and License (PDDL)", "PDDL-1.0", "label"),
    ("Open Data Commons Open Database License (ODbL)", "ODbL-1.0", "label"),
    ("Open Data Commons Attribution License", "ODC-By-1.0", "label"),
    ("All data is within the public domain and is currently available for download.", "PDM-1.0", "label"),
    ("https://opensource.org/licenses/MIT-0", "MIT-0", "uri"),
    # CKAN's own ids and titles.
    ("notspecified", "none", "id"),
    ("License not specified", "none", "id"),
    ("other-open", "open-unnamed", "id"),
    ("Other (Open)", "open-unnamed", "label"),
    ("Other (Non-Commercial)", "restricted", "label"),
    ("Other (Not Open)", "restricted", "label"),
    ("gfdl", "GFDL-1.3-or-later", "id"),
    ("Open", "open-unnamed", "id"),
    ("restricted", "restricted", "id"),
    ("[]", "none", "id"),
    ('[""]', "none", "id"),
]

UNREAD = [
    # Addresses of applications, log-in pages and reports.
    "https://easinfo.epa.gov/",
    "https://wamssoprd.epa.gov/oam/server/obrareq.cgi?encquery%3DltFBGfd0IFrI",
    "https://example.gov/login?return=https://creativecommons.org/licenses/by/4.0/",
    "https://www.epa.gov/chemical-data-reporting/open-government-licence",
    "https://creativecommons.org/",
    # Said not to be so.
    "This data set is not in the public domain.",
    "The map is not available under the Open Government Licence.",
    "Open Government Licence - Canada",
    # No licence at all.
    "Protected by the Privacy Act",
    "https://creativecommons.org/licenses/by/9.9/",
    "",
    "[" * 2000,
]

OPENNESS = [
    *(
        (id, "open")
        for id in ("us-pd", "CC0-1.0", "PDM-1.0", "PDDL-1.0", "ODC-By-1.0", "ODbL-1.0", "CC-BY-4.0", "CC-BY-SA-3.0")
    ),
    *((f"OGL-UK-{version}.0", "open") for version in (1, 2, 3)),
    *(
        (id, "conditions")
        for id in ("CC-BY-NC-4.0", "CC-BY-ND-4.0", "CC-BY-NC-SA-2.0", "NoC-NC", "NCGL-UK-2.0", "restricted")
    ),
    ("open-unnamed", "open-unnamed"),
    ("none", "none"),
]


@pytest.mark.parametrize(("written", "id", "rule"), READ)
def test_a_licence_is_read_as(written: str, id: str, rule: str) -> None:
    assert licences.clean(written) == Term(written, id, rule)


@pytest.mark.parametrize("written", UNREAD)
def test_what_names_no_licence_stays_unmatched(written: str) -> None:
    assert licences.clean(written) == Term(written)


@pytest.mark.parametrize(("id", "openness"), OPENNESS)
def test_a_licence_is_as_open_as_the_open_definition_says(id: str, openness: str) -> None:
    licence = licences.info(id)
    assert licence is not None
    assert licence.openness == openness


def test_the_rules_name_licences_of_the_vocabulary_only() -> None:
    written_out = [row["id"] for row in vocabulary.rows("licence_patterns") if "\\" not in row["id"]]
    assert [id for id in written_out if licences.info(id) is None] == []


def test_every_licence_is_read_from_its_own_id() -> None:
    assert [licence.id for licence in licences.known() if licences.clean(licence.id).id != licence.id] == []


def test_every_licence_with_an_address_is_read_from_it() -> None:
    addressed = [licence for licence in licences.known() if licence.uri]
    assert [(x.id, x.uri) for x in addressed if licences.clean(x.uri).id != x.id] == []


def test_every_licence_is_read_from_its_own_title() -> None:
    named = [licence for licence in licences.known() if licence.openness in ("open", "conditions")]
    wrong = [(x.title, licences.clean(x.title).id) for x in named if licences.clean(x.title).id not in (x.id, None)]
    assert wrong == []


def test_an_unknown_id_has_no_licence() -> None:
    assert licences.info("CC-BY-9.9") is None


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("OGL_1_0", "OGL-UK-1.0"),
        ("OGL_3_0", "OGL-UK-3.0"),
        ("OGL_NC", "NCGL-UK-2.0"),
        ("CC_BY", "CC-BY-4.0"),
        ("CC_BYSA", "CC-BY-SA-4.0"),
        ("CC_BY_4_0", "CC-BY-4.0"),
    ],
)
def test_licences_of_the_eu_vocabulary_are_known_by_their_iri(code: str, expected: str) -> None:
    term = licences.clean(f"http://publications.europa.eu/resource/authority/licence/{code}")
    assert (term.id, term.rule) == (expected, "uri")
