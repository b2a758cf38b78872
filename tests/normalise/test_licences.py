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
    "Open Government Licence - Canada",
    # No licence at all.
    "Protected by the Privacy Act",
    "https://creativecommons.org/licenses/by/9.9/",
    "",
    "[" * 2000,
]

# Words that narrow a licence, or take it back: as written, its id, what it lets one do.
NARROWED = [
    ("CC BY 4.0, non-commercial use only", "restricted", "restricts"),
    ("CC BY; not for commercial use", "restricted", "restricts"),
    ("CC BY 4.0 for non-commercial purposes", "restricted", "restricts"),
    ("Creative Commons Attribution 4.0 - commercial use prohibited", "restricted", "restricts"),
    ("OGL - not for commercial re-use", "restricted", "restricts"),
    ("public domain (not for commercial use)", "restricted", "restricts"),
    ("https://creativecommons.org/licenses/by/4.0/ (research use only)", "restricted", "restricts"),
    ("Open Government Licence v3.0. Data may only be used for research.", "restricted", "restricts"),
    ("CC BY 4.0 but may not be redistributed or modified", "restricted", "restricts"),
    ("ODbL 1.0 (restricted to registered users)", "restricted", "restricts"),
    ("OGL3, prior written permission required", "restricted", "restricts"),
    ("CC BY 4.0, no AI training permitted", "restricted", "restricts"),
    ("CC0, but may not be used to train machine learning models", "restricted", "restricts"),
    ("CC BY 4.0; text and data mining reserved", "restricted", "restricts"),
    ("Data: CC BY 4.0; images: all rights reserved", "restricted", "restricts"),
    ('["Open Government Licence", "Not for commercial use"]', "restricted", "restricts"),
    ("Please contact us for a licence. Samples are CC0.", "restricted", "restricts"),
    ("Research use only. Not CC-BY.", "restricted", "restricts"),
    ("All rights reserved", "restricted", "forbids"),
    ("© 2024 Harbour Trust. All rights reserved. No reuse.", "restricted", "forbids"),
    ("Reuse is not permitted", "restricted", "forbids"),
    # Several licences: the narrowest.
    ("CC BY or CC BY-NC", "CC-BY-NC-4.0", "restricts"),
    ("CC BY-NC or CC BY", "CC-BY-NC-4.0", "restricts"),
    ("CC0 / CC BY-ND 4.0", "CC-BY-ND-4.0", "restricts"),
    ("OGL v3 applies to the data, excluding images which are CC-BY-NC", "CC-BY-NC-4.0", "restricts"),
    (
        "https://creativecommons.org/licenses/by/4.0/ https://creativecommons.org/licenses/by-nc/4.0/",
        "CC-BY-NC-4.0",
        "restricts",
    ),
    ("CC BY 4.0 (https://creativecommons.org/licenses/by-nc-nd/4.0/)", "CC-BY-NC-ND-4.0", "restricts"),
    ("Formerly OGL; now Non-Commercial Government Licence", "NCGL-UK-2.0", "restricts"),
    # Denied, or not yet.
    ("OGL does not apply", "none", "none"),
    ("The Open Government Licence doesn't apply to this dataset", "none", "none"),
    ("Not licensed under OGL", "none", "none"),
    ("This data is not available under the Open Government Licence", "none", "none"),
    ("This data set is not in the public domain.", "none", "none"),
    ("Licence not yet CC0", "none", "none"),
    ("Will be released under CC BY 4.0 after embargo", "none", "none"),
    ("Previously CC BY 4.0", "none", "none"),
    ("CC BY 4.0 (withdrawn)", "none", "none"),
    ("All data except the maps are CC BY", "none", "none"),
]
# What sounds like a restriction and is none.
OPEN = [
    ("You may use it for commercial and non-commercial purposes under the Open Government Licence v3.0", "OGL-UK-3.0"),
    ("CC BY 4.0: free for non-commercial and commercial use", "CC-BY-4.0"),
    ("OGL v3; exploit the Information commercially and non-commercially", "OGL-UK-3.0"),
    ("CC BY 4.0, no restrictions", "CC-BY-4.0"),
    ("CC0. No commercial restrictions.", "CC0-1.0"),
    ("CC BY 4.0. No registration required.", "CC-BY-4.0"),
    ("CC BY 4.0; may be used without permission", "CC-BY-4.0"),
    ("Open Government Licence v3.0, except where otherwise stated", "OGL-UK-3.0"),
    ("Except where otherwise noted, content is licensed under CC BY 4.0", "CC-BY-4.0"),
    ("Unless otherwise stated, the data are available under the Open Government Licence v3", "OGL-UK-3.0"),
    ("Open Government Licence 3.0. The OGL does not apply to logos and crests.", "OGL-UK-3.0"),
    ("OGL v3. Contains OS data © Crown copyright and database right 2024. All rights reserved.", "OGL-UK-3.0"),
    ("Open Government Licence. Acknowledgement of the Harbour Authority as source required.", "OGL-UK-3.0"),
    ("CC BY 4.0. The data do not contain personal data.", "CC-BY-4.0"),
    ("Open Government Licence v3 (text and data mining allowed)", "OGL-UK-3.0"),
    ("Public Domain", "PDM-1.0"),
]
NONE = [
    *("No license specified", "No License", "No licence provided", "none provided", "Unspecified", "unknown", "N/A"),
    *("No license information was provided", "There is no license", "See description", "TBD", "License: none", "none"),
    *("notspecified", "License not specified", "not stated", "-", "--", "tbc", "unlicensed?", "Licence not stated."),
    *("no license", "Terms: n/a", "Licence: not specified", "Not yet specified", "Rights: unknown", "?", "NULL", "..."),
    *(
        "No licensing information available",
        "There is no licence for this dataset",
        "The licence has not been specified",
    ),
    *(
        "No licence has been assigned",
        "Licence not given",
        "Undefined",
        "to be confirmed",
        "Not licensed",
        "No data licence",
    ),
]
NOT_NONE = [
    *("No licence required", "No restrictions", "No licence fee", "The Unlicense", "No permission needed", "Other"),
    *("None of the data may be sold", "Not for navigation", "unknown soldiers' licence", "See terms of use"),
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
    written_out = [row["id"] for row in vocabulary.rows("licence_aliases") if "\\" not in row["id"]]
    assert [id for id in written_out if licences.info(id) is None] == []


def test_every_licence_is_read_from_its_own_id() -> None:
    assert [licence.id for licence in licences.all_licences() if licences.clean(licence.id).id != licence.id] == []


def test_every_licence_with_an_address_is_read_from_it() -> None:
    addressed = [licence for licence in licences.all_licences() if licence.uri]
    assert [(x.id, x.uri) for x in addressed if licences.clean(x.uri).id != x.id] == []


def test_every_licence_is_read_from_its_own_title() -> None:
    named = [licence for licence in licences.all_licences() if licence.openness in ("open", "conditions")]
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


@pytest.mark.parametrize(("written", "id", "standing"), NARROWED)
def test_words_that_narrow_a_licence_or_take_it_back_are_read(written: str, id: str, standing: str) -> None:
    found = licences.clean(written)
    assert (found.id, licences.standing(found)) == (id, standing)


@pytest.mark.parametrize(("written", "id"), OPEN)
def test_words_that_only_sound_like_a_restriction_are_none(written: str, id: str) -> None:
    found = licences.clean(written)
    assert (found.id, licences.standing(found)) == (id, "open")


@pytest.mark.parametrize("written", NONE)
def test_all_spellings_of_none_are_no_licence(written: str) -> None:
    assert licences.standing(licences.clean(written)) == "none"


@pytest.mark.parametrize("written", NOT_NONE)
def test_other_words_are_not_taken_for_none(written: str) -> None:
    assert licences.standing(licences.clean(written)) != "none"


@pytest.mark.parametrize(
    "written",
    [
        "CC BY 4.0, no AI training permitted",
        "May not be used for training of AI models",
        "Text and data mining is not permitted",
        "AI training is prohibited.",
    ],
)
def test_terms_may_forbid_ai(written: str) -> None:
    assert licences.forbids_ai(written)


@pytest.mark.parametrize(
    "written",
    [
        "CC BY 4.0",
        "Use for AI training is allowed",
        "There are no limits on text and data mining",
        "No AI restrictions",
    ],
)
def test_terms_that_allow_ai_do_not_forbid_it(written: str) -> None:
    assert not licences.forbids_ai(written)


def test_an_own_statement_of_terms_is_not_understood() -> None:
    assert licences.standing(licences.clean("https://www.example.gov/terms")) == "own-terms"
    assert licences.standing(licences.clean("Mention the source.")) == "own-terms"
    assert licences.standing(None) == "none"


@pytest.mark.parametrize(
    "written",
    [
        "All rights reserved",
        "© Crown copyright 2024. All rights reserved.",
        "No reuse or redistribution",
        "The data may not be reproduced.",
        "<p>Redistribution of the data is <b>strictly prohibited</b></p>",
        "For official use only",
        "CC BY 4.0, but redistribution is prohibited",
        '["Public", "Internal use only"]',
    ],
)
def test_a_statement_forbids_reuse(written: str) -> None:
    assert licences.forbids_reuse(written)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "CC-BY-NC-4.0",
        "Data: CC BY 4.0; images: all rights reserved",
        "OGL v3. Contains OS data © Crown copyright and database right 2024. All rights reserved.",
        "All rights reserved. You may copy it free of charge in any format.",
        "The data may not be used for navigation",
        "May be reused without permission",
        "Not for commercial use",
        "There are no reuse restrictions.",
    ],
)
def test_a_statement_does_not_forbid_reuse(written: str) -> None:
    assert not licences.forbids_reuse(written)


@pytest.mark.parametrize(
    ("written", "is_of_use"), [("Terms apply", True), ("Crown copyright", True), ("Public", False)]
)
def test_rights_speak_of_use_or_of_something_else(written: str, is_of_use: bool) -> None:
    assert licences.speaks_of_use(written) == is_of_use
