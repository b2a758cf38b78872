"""Each rule that places a dataset, with what real records say, and the borders of each."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.aivision.agencies.placement import Placement, SourceFacts, place
from ckanext.aivision.record import Agent, Dataset


def placed(
    name: str | None = None, *above: str, country: str = "US", code: str | None = None, source: str = "", **fields: Any
) -> Placement:
    """code: the publisher's identifier. source: a name in config/sources.yaml."""
    agent = Agent(name=name, identifier=code, sub_organization_of=list(above))
    dataset = Dataset(identifier="1", title="Levels", profile="p", country=country, publisher=agent, **fields)
    return place(dataset, SourceFacts(source))


def ids(found: Placement) -> tuple[str | None, str | None, str | None, str]:
    agency, bureau, publisher = (
        part.id if part is not None else None for part in (found.agency, found.bureau, found.publisher)
    )
    return agency, bureau, publisher, found.rule


class TestBureauCode:
    def test_a_code_gives_agency_and_bureau(self) -> None:
        found = placed("National Park Service", code="010:24")
        assert ids(found) == ("us-010", "us-010-24", "us-010-24", "bureau-code")
        assert found.level == "national"

    @pytest.mark.parametrize("code", ["024:010", "024:10", " 024:10 "])
    def test_a_zero_too_many_is_the_same_code(self, code: str) -> None:
        assert ids(placed("MGMT", code=code))[:2] == ("us-024", "us-024-10")

    def test_a_record_without_publisher_has_its_code_in_the_source_s_own_record(self) -> None:
        dataset = Dataset(identifier="1", title="T", profile="p", country="US", raw={"bureauCode": ["026:00"]})
        assert ids(place(dataset)) == ("us-026", "us-026-00", None, "bureau-code")

    def test_an_unknown_bureau_gives_the_agency(self) -> None:
        assert ids(placed("BEMSD", code="024:054")) == ("us-024", None, "us-024/bemsd", "agency-code")

    @pytest.mark.parametrize(
        "code", ["000:000", "999:99", "26:00", "026:0", "Department of Veterans Affairs", "026:0000"]
    )
    def test_what_is_no_code_of_omb_decides_nothing(self, code: str) -> None:
        assert placed("River wardens", code=code).agency is None

    def test_a_code_is_a_code_in_the_united_states_only(self) -> None:
        assert placed("River wardens", code="026:00", country="GB").agency is None

    def test_the_whole_department_is_narrowed_by_the_name(self) -> None:
        assert ids(placed("CDC", code="009:00"))[1] == "us-009-20"
        assert ids(placed("Institute of Museum and Library Services", code="018:00"))[1] == "us-018-00"

    def test_a_bureau_is_not_changed_by_the_name(self) -> None:
        assert ids(placed("CDC", code="009:38"))[1] == "us-009-38"

    def test_another_body_is_the_publisher_of_a_dataset_of_the_agency(self) -> None:
        assert ids(placed("USGS", code="020:00", source="epa")) == ("us-020", "us-020-00", "us-010-12", "bureau-code")


class TestSlip:
    """GSA's catalogue has the code of the Federal Financing Bank in 98 records."""

    def test_the_owner_and_the_name_together_go_before_a_code(self) -> None:
        found = placed("Public Buildings Service", "General Services Administration", code="015:11", source="gsa")
        assert ids(found) == ("us-023", "us-023-00", "us-023/public-buildings-service", "publisher-name")

    def test_the_name_alone_does_not(self) -> None:
        assert ids(placed("General Services Administration", code="015:11"))[0] == "us-015"

    def test_the_owner_alone_does_not_if_another_publisher_is_named(self) -> None:
        assert ids(placed("Federal Financing Bank", code="015:11", source="gsa"))[0] == "us-015"
        assert ids(placed("River wardens", code="015:11", source="gsa"))[0] == "us-015"

    @pytest.mark.parametrize("name", [None, "138", "Not provided"])
    def test_the_owner_does_if_nobody_is_named(self, name: str | None) -> None:
        assert ids(placed(name, code="015:11", source="gsa")) == ("us-023", "us-023-00", None, "source-owner")


class TestIdentifier:
    @pytest.mark.parametrize("scheme", ["https://www.gov.uk", "http://www.gov.uk", "https://gov.uk"])
    def test_the_page_on_gov_uk_is_the_agency(self, scheme: str) -> None:
        page = f"{scheme}/government/organisations/met-office"
        assert ids(placed("The forecasters", country="GB", code=page))[0::3] == ("gb-met-office", "identifier")

    def test_the_page_of_a_body_that_has_closed_is_that_of_its_successor(self) -> None:
        page = "https://www.gov.uk/government/organisations/foreign-commonwealth-office"
        assert ids(placed(None, country="GB", code=page))[0] == "gb-foreign-commonwealth-development-office"

    def test_another_page_is_not(self) -> None:
        for page in ("https://www.gov.uk/government/organisations/no-such-body", "https://example.org/met-office"):
            assert placed("The forecasters", country="GB", code=page).agency is None


class TestName:
    @pytest.mark.parametrize(
        ("name", "agency"),
        [
            ("Perth & Kinross", "gb-perth-and-kinross-council"),
            ("Perth and Kinross Council", "gb-perth-and-kinross-council"),
            ("The Perth and Kinross Council", "gb-perth-and-kinross-council"),
            ("Her Majesty's Revenue and Customs", "gb-hm-revenue-customs"),
            ("Na h-Eileanan an Iar", "gb-comhairle-nan-eilean-siar"),
            ("Cyngor Gwynedd", "gb-gwynedd-council"),
            ("Scottish Government", "gb-the-scottish-government"),
        ],
    )
    def test_spellings_in_the_united_kingdom(self, name: str, agency: str) -> None:
        assert ids(placed(name, country="GB")) == (agency, None, agency, "publisher-name")

    @pytest.mark.parametrize(
        ("name", "body"),
        [
            ("USDOT", "us-021"),
            ("U.S. Environmental Protection Agency", "us-020"),
            ("US EPA", "us-020"),
            ("Department of Veteran Affairs", "us-029"),
            ("data.cdc.gov", "us-009-20"),
            ("www.data.va.gov", "us-029"),
            ("DHS", "us-024"),
            ("City of Chicago", "us-il-chicago"),
            ("Commonwealth of Virginia", "us-va"),
        ],
    )
    def test_spellings_in_the_united_states(self, name: str, body: str) -> None:
        assert ids(placed(name))[2:] == (body, "publisher-name")

    def test_a_name_belongs_to_its_country(self) -> None:
        assert placed("Department of Health", country="US").agency is None
        assert ids(placed("Department of Health", country="GB"))[0] == "gb-department-of-health-and-social-care"
        assert placed("Glasgow City Council", country="US").agency is None
        assert placed("NASA", country="FR").agency is None

    @pytest.mark.parametrize("name", ["Office of Inspector General", "Departmental Management", "Army", "ICE", "MGMT"])
    def test_a_name_that_many_agencies_have_decides_nothing_alone(self, name: str) -> None:
        assert placed(name).agency is None

    def test_it_does_within_an_agency(self) -> None:
        assert ids(placed("Office of Inspector General", code="021:00"))[1] == "us-021-56"
        assert ids(placed("Office of Inspector General", code="010:00"))[1] == "us-010-88"
        assert ids(placed("ICE", source="dhs"))[:2] == ("us-024", "us-024-55")

    @pytest.mark.parametrize(
        ("former", "now"),
        [
            ("Allerdale Borough Council", "gb-cumberland-council"),
            ("Highways Agency", "gb-national-highways"),
            (
                "Department for Communities and Local Government",
                "gb-ministry-of-housing-communities-and-local-government",
            ),
        ],
    )
    def test_a_body_that_one_other_took_over_is_placed_there(self, former: str, now: str) -> None:
        assert ids(placed(former, country="GB"))[0] == now

    def test_a_body_that_was_divided_stays(self) -> None:
        found = placed("Cumbria County Council", country="GB")
        assert ids(found)[0] == "gb-cumbria-county-council"
        assert found.agency is not None
        assert found.agency.ended == "2023-03-31"

    @pytest.mark.parametrize(
        ("name", "level"),
        [
            ("Met Office", "national"),
            ("Public Health Scotland", "devolved"),
            ("Natural Resources Wales", "devolved"),
            ("Department of Finance (Northern Ireland)", "devolved"),
            ("Greater London Authority", "regional"),
            ("Transport for London", "regional"),
            ("London Borough of Camden", "local"),
            ("Dundee City Council", "local"),
        ],
    )
    def test_the_level_of_government(self, name: str, level: str) -> None:
        assert placed(name, country="GB").level == level


class TestPartOf:
    def test_the_nearest_known_body_above_decides(self) -> None:
        found = placed("Office of Debt Management", "DO", "Department of the Treasury")
        assert ids(found) == ("us-015", "us-015-05", "us-015/office-of-debt-management", "part-of")

    def test_no_government_as_a_whole_is_an_agency(self) -> None:
        assert placed("River wardens", "U.S. Government").agency is None


class TestOrganization:
    def test_the_organization_of_the_source_s_ckan_decides_after_the_publisher(self) -> None:
        raw = {"organization": {"name": "durham-county-council", "title": "Durham County Council"}}
        assert ids(placed("River wardens", country="GB", raw=raw))[0::3] == ("gb-durham-county-council", "organization")
        assert ids(placed("Met Office", country="GB", raw=raw))[0] == "gb-met-office"

    @pytest.mark.parametrize("organization", [None, "durham", [], {"title": None}, {"title": ["x"]}])
    def test_one_that_is_none_decides_nothing(self, organization: object) -> None:
        assert placed("River wardens", country="GB", raw={"organization": organization}).agency is None


class TestSourceOwner:
    def test_the_owner_decides_last(self) -> None:
        assert ids(placed("River wardens", source="cdc")) == (
            "us-009",
            "us-009-20",
            "us-009/river-wardens",
            "source-owner",
        )
        assert ids(placed("NASA", source="cdc"))[0] == "us-026"

    def test_a_portal_of_many_owners_decides_nothing(self) -> None:
        assert placed("River wardens", source="data.gov").agency is None
        assert placed("River wardens", country="GB", source="spatial-hub-scotland").agency is None

    def test_an_address_is_known_by_its_host(self) -> None:
        dataset = Dataset(identifier="1", title="T", profile="p", country="GB")
        facts = SourceFacts("my-source", url="https://data.dundeecity.gov.uk/api/3")
        assert ids(place(dataset, facts))[0] == "gb-dundee-city-council"
        assert ids(place(Dataset(**{**_fields(dataset), "source": "https://data.dundeecity.gov.uk"})))[0] == (
            "gb-dundee-city-council"
        )

    def test_a_source_of_one_s_own_is_known_by_its_publisher(self) -> None:
        dataset = Dataset(identifier="1", title="T", profile="p", country="GB")
        assert ids(place(dataset, SourceFacts("mine", publisher="Angus Council")))[0] == "gb-angus-council"

    def test_an_owner_in_another_country_decides_nothing(self) -> None:
        assert placed("River wardens", country="GB", source="nasa").agency is None


def _fields(dataset: Dataset) -> dict[str, Any]:
    return {name: getattr(dataset, name) for name in dataset.__struct_fields__}


class TestPublisher:
    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("ASDC", "NASA/LARC/SD/ASDC"),
            ("NASA/GSFC/SED/ESD/GCDC/GESDISC", "NASA/GSFC/SED/ESD/ESISL/GESDISC"),
            ("ASF", "Alaska Satellite Facility"),
            ("NASA", "National Aeronautics and Space Administration"),
            ("NASA HQ", "data.nasa.gov"),
        ],
    )
    def test_spellings_within_an_agency_are_one_publisher(self, one: str, other: str) -> None:
        first, second = placed(one, code="026:00").publisher, placed(other, code="026:00").publisher
        assert first is not None
        assert first == second

    def test_a_spelling_is_merged_within_its_agency_only(self) -> None:
        assert ids(placed("OCIO", code="026:00"))[2] == "us-026/ocio"
        assert ids(placed("LaRC", code="020:00"))[2] == "us-020/larc"
        assert ids(placed("LaRC", code="026:00"))[2] == "us-026/langley-research-center"

    def test_publishers_that_are_only_alike_stay_two(self) -> None:
        assert ids(placed("EPA Region 1", code="020:00"))[2] != ids(placed("EPA Region 10", code="020:00"))[2]

    def test_an_unknown_publisher_keeps_its_name_under_its_agency(self) -> None:
        found = placed("Johns Hopkins  University", code="026:00").publisher
        assert found is not None
        assert (found.id, found.title) == ("us-026/johns-hopkins-university", "Johns Hopkins  University")

    def test_an_unknown_publisher_of_no_agency_stands_under_its_country(self) -> None:
        assert ids(placed("River wardens", country="GB"))[2] == "gb/river-wardens"

    @pytest.mark.parametrize(
        "name", [None, "", "N/A", "Not provided", "not provided.", "Unspecified", "unknown", "TBD", "138", "-", "…"]
    )
    def test_a_placeholder_is_no_publisher(self, name: str | None) -> None:
        assert placed(name, code="026:00").publisher is None

    @pytest.mark.parametrize("name", ["Ottilie Quillfeather", "OTTILIE  QUILLFEATHER", " ottilie quillfeather."])
    def test_a_listed_person_is_no_publisher(self, name: str) -> None:
        """An invented person, who stands in people.csv as every other: by the hash of the name."""
        assert placed(name, code="026:00").publisher is None

    @pytest.mark.parametrize("name", ["Quillfeather", "Ottilie Quillfeather Trust"])
    def test_a_name_like_that_of_a_listed_person_is_a_publisher(self, name: str) -> None:
        assert placed(name, code="026:00").publisher is not None

    @pytest.mark.parametrize(
        "raw",
        [
            {"publisher": {"@type": "foaf:Person"}},
            {"publisher": {"@type": ["vcard:Individual"]}},
            {"dct:publisher": [{"@type": ["http://xmlns.com/foaf/0.1/Person"]}]},
        ],
    )
    def test_whoever_the_record_calls_a_person_is_no_publisher(self, raw: dict[str, Any]) -> None:
        assert ids(placed("Ada Rivers", code="026:00", raw=raw)) == ("us-026", "us-026-00", None, "bureau-code")

    @pytest.mark.parametrize("kind", ["org:Organization", "foaf:Agent", "vcard:Organization", None, 7, ["a:Personnel"]])
    def test_another_type_is_no_person(self, kind: object) -> None:
        assert placed("Ada Rivers", code="026:00", raw={"publisher": {"@type": kind}}).publisher is not None

    @pytest.mark.parametrize("name", ["Janes", "Gale", "Mary Ann Liebert, Inc.", "Johns Hopkins University", "Jin"])
    def test_a_firm_with_the_name_of_a_person_is_one(self, name: str) -> None:
        assert placed(name, code="024:10").publisher is not None


@given(
    st.text(max_size=40) | st.none(),
    st.lists(st.text(max_size=40), max_size=3),
    st.sampled_from(["US", "GB", "", "FR"]) | st.text(max_size=3),
    st.text(max_size=12) | st.none(),
    st.dictionaries(st.sampled_from(["bureauCode", "organization"]), st.none() | st.text() | st.lists(st.integers())),
)
def test_anything_has_a_placement(
    name: str | None, above: list[str], country: str, code: str | None, raw: dict[str, Any]
) -> None:
    found = placed(name, *above, country=country, code=code, raw=raw)
    assert (found.agency is None) == (found.rule == "") == (found.level is None)
    if found.agency is not None:
        assert found.agency.country == country


def test_a_name_of_a_megabyte_is_cut() -> None:
    found = placed("river " * 200_000, *["lake " * 200_000] * 100, code="026:00" + " " * 1_000_000).publisher
    assert found is not None
    assert len(found.id) + len(found.title) < 700


def test_equal_records_are_placed_alike_whatever_came_before() -> None:
    names = ["NASA", "EPA", "ICE", "Glasgow City Council"]
    first = [ids(placed(name, source=source)) for name in names for source in ("", "dhs")]
    assert [ids(placed(name, source=source)) for name in names for source in ("", "dhs")] == first
