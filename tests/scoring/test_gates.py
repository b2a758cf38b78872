"""Gates: what limits a grade however good the rest is, each with its border; and what they never do."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.scoring.strategies import records

from ckanext.aivision.scoring.evaluate import evaluate
from ckanext.aivision.scoring.examples import ON, record
from ckanext.aivision.scoring.observations.file_profile import ColumnProfile, FileProfile
from ckanext.aivision.scoring.observations.observations import NOTHING, Link, Observed
from ckanext.aivision.scoring.results import Evaluation, GateHit
from ckanext.aivision.scoring.rubric import Rubric, load
from ckanext.aivision.scoring.scores.metadata_only import of_metadata
from ckanext.aivision.scoring.scores.score import binding_gate, grade, limited

FILE = "https://www.rivers.gov.uk/levels/2025.csv"
# Nothing limits this one.
OPEN: dict[str, Any] = {
    "license": "OGL-UK-3.0",
    "access_rights": "public",
    "distribution": [{"download_url": FILE, "media_type": "text/csv"}],
}


def evaluated(observed: Observed = NOTHING, **said: Any) -> Evaluation:
    return evaluate(record(**{**OPEN, **said}), load(), ON, observed)


def gates(observed: Observed = NOTHING, **said: Any) -> list[str]:
    return [hit.gate for hit in evaluated(observed, **said).gates]


def link(url: str, form: str = "", **said: Any) -> list[dict[str, Any]]:
    return [{"access_url": url, **({"format": form} if form else {}), **said}]


def test_nothing_limits_an_open_file_under_an_open_licence() -> None:
    assert evaluated().gates == []


class TestNothingToDownload:
    @pytest.mark.parametrize(
        "distribution",
        [
            [],
            [{"title": "Ask the office"}],
            link("https://www.rivers.gov.uk/levels/about.html"),
            link("https://www.rivers.gov.uk/levels/viewer", "Website"),
            link("https://www.rivers.gov.uk/"),
            link("https://www.rivers.gov.uk/levels"),
        ],
        ids=["none", "no address", "page", "declared page", "home page", "landing page"],
    )
    def test_without_a_file_or_a_service_the_grade_is_e(self, distribution: list[Any]) -> None:
        found = evaluated(distribution=distribution, landing_page="https://www.rivers.gov.uk/levels")
        assert ([hit.gate for hit in found.gates], found.grade) == (["nothing-to-download"], "E")

    @pytest.mark.parametrize(
        "distribution",
        [
            link(FILE),
            link("https://www.rivers.gov.uk/levels/wfs?service=WFS"),
            link("https://www.rivers.gov.uk/levels.zip"),
            [{"access_url": "https://www.rivers.gov.uk/levels/about.html"}, {"download_url": FILE}],
            [{"datastore_active": True, "access_url": "https://www.rivers.gov.uk/resource/1"}],
        ],
        ids=["file", "service", "archive", "file beside a page", "data API"],
    )
    def test_a_file_or_a_service_is_enough(self, distribution: list[Any]) -> None:
        assert gates(distribution=distribution) == []

    def test_a_series_has_its_data_in_its_members(self) -> None:
        assert gates(profile="dcat-us-3.0-series", distribution=[], license="OGL-UK-3.0") == []


LATER = datetime.datetime(2026, 11, 24, tzinfo=datetime.timezone.utc)
A_PAGE = {"state": "reachable", "form": "html", "fault": "page-instead-of-data"}
A_PDF = {"state": "reachable", "form": "other", "media_type": "application/pdf"}


class TestNothingServed:
    def served(self, *answers: dict[str, Any], days: float = 1, **said: Any) -> list[str]:
        """The gates of a record of as many files as answers, each checked twice with so many days between."""
        since = LATER - datetime.timedelta(days)
        urls = [f"https://www.rivers.gov.uk/levels/{number}.csv" for number in range(len(answers))]
        links = {
            url: Link(url=url, checked_at=LATER, failing_since=since, failures=2, **answer)
            for url, answer in zip(urls, answers, strict=True)
            if answer
        }
        files = [{"download_url": url, "media_type": "text/csv"} for url in urls]
        return gates(Observed(links), distribution=files, **said)

    @pytest.mark.parametrize(
        "answer",
        [
            A_PAGE,
            A_PDF,
            {**A_PAGE, "fault": "login-page"},
            {**A_PAGE, "form": "", "fault": "empty"},
            {**A_PDF, "media_type": "image/png"},
        ],
        ids=["page", "document", "log-in", "empty", "picture"],
    )
    def test_links_that_give_no_data_limit_the_grade_to_e(self, answer: dict[str, Any]) -> None:
        assert self.served(answer) == self.served(answer, answer) == ["nothing-served"]

    @pytest.mark.parametrize(
        "answer",
        [
            {"state": "reachable", "form": "other", "media_type": "text/csv"},
            {"state": "reachable", "form": "other", "media_type": "text/plain"},
            {"state": "reachable", "form": "other", "media_type": "application/octet-stream"},
            {"state": "reachable", "form": "other", "media_type": "application/zip"},
            {"state": "reachable", "form": "other"},
            {"state": "broken", "fault": "not-found"},
            {"state": "unknown", "fault": "forbidden"},
        ],
        ids=["CSV", "text", "bytes", "archive", "no type", "broken", "forbidden"],
    )
    def test_what_may_be_data_limits_nothing(self, answer: dict[str, Any]) -> None:
        assert self.served(answer) == self.served(answer, A_PAGE) == []

    def test_a_page_that_was_met_once_limits_nothing(self) -> None:
        assert self.served(A_PAGE, days=0.9) == []

    def test_a_link_that_was_not_checked_may_give_data(self) -> None:
        assert self.served(A_PAGE, {}) == []

    def test_who_restricts_access_for_a_reason_may_show_a_log_in(self) -> None:
        said = {"access_rights": "restricted public", "rights": ["The Water Act keeps the records confidential."]}
        assert "nothing-served" not in self.served(A_PAGE, **said)


class TestNothingReadable:
    @pytest.mark.parametrize(
        "distribution",
        [
            link("https://www.rivers.gov.uk/levels.pdf"),
            link("https://www.rivers.gov.uk/levels.jpg"),
            link("https://www.rivers.gov.uk/a.docx"),
            link("https://www.rivers.gov.uk/levels/wms?service=WMS"),
            link("https://www.rivers.gov.uk/levels/2025"),
            link("https://www.rivers.gov.uk/levels/2025", "CSV"),
            link("https://www.rivers.gov.uk/levels.msi", "CSV"),
        ],
        ids=["PDF", "picture", "document", "map pictures", "format not stated", "address of a page", "program"],
    )
    def test_documents_and_pictures_limit_the_grade_to_d(self, distribution: list[Any]) -> None:
        found = evaluated(distribution=distribution)
        assert [(hit.gate, hit.limit) for hit in found.gates] == [("nothing-readable", "D")]
        assert found.grade >= "D"

    def test_a_document_beside_a_file_limits_nothing(self) -> None:
        assert gates(distribution=[*link("https://www.rivers.gov.uk/guide.pdf"), *link(FILE)]) == []

    def test_a_stated_format_is_enough(self) -> None:
        assert gates(distribution=link("https://www.rivers.gov.uk/download/levels-2025", "CSV")) == []


class TestLicenceMissing:
    @pytest.mark.parametrize("license", ["notspecified", "TBD", "N/A", "[]"])
    def test_words_for_none_are_no_licence(self, license: str) -> None:
        found = evaluated(license=license)
        assert [(hit.gate, hit.limit) for hit in found.gates] == [("licence-missing", "D")]

    def test_no_licence_limits_the_grade_to_d(self) -> None:
        found = evaluate(record(**{**OPEN, "license": "OGL-UK-3.0"}), load(), ON)
        without = evaluate(msgspec.structs.replace(record(**OPEN), license=None), load(), ON)
        assert (found.gates, [hit.gate for hit in without.gates]) == ([], ["licence-missing"])

    @pytest.mark.parametrize(
        "said",
        [
            {"license": "Ask the river team before you use the data"},
            {"license": "https://www.rivers.gov.uk/terms"},
            {"license": "N/A", "rights": ["Crown copyright. You may use the data with attribution."]},
            {
                "license": "N/A",
                "distribution": [{"download_url": FILE, "media_type": "text/csv", "license": "OGL-UK-3.0"}],
            },
        ],
        ids=["own words", "address of terms", "rights", "on a distribution"],
    )
    def test_terms_of_any_kind_are_enough(self, said: dict[str, Any]) -> None:
        assert gates(**said) == []


class TestRestrictedAccess:
    NO_DATA: ClassVar[dict[str, Any]] = {"access_rights": "non-public", "distribution": []}
    PROCEDURE = "Apply to the data access committee at https://www.rivers.gov.uk/apply with a research proposal."

    @pytest.mark.parametrize("rights", [[], ["Contact the office for access."], ["Contains confidential answers."]])
    def test_without_saying_how_there_is_no_access(self, rights: list[str]) -> None:
        found = evaluated(**self.NO_DATA, rights=rights)
        assert [hit.gate for hit in found.gates] == ["nothing-to-download", "access-unexplained"]
        assert found.grade == "E"

    def test_with_a_procedure_neither_holds(self) -> None:
        assert gates(**self.NO_DATA, access_procedure=self.PROCEDURE) == []

    def test_documents_alone_without_saying_how_are_d(self) -> None:
        found = evaluated(
            access_rights="restricted public",
            rights=["Contact us."],
            distribution=link("https://www.rivers.gov.uk/a.pdf"),
        )
        assert [(hit.gate, hit.limit) for hit in found.gates] == [
            ("nothing-readable", "D"),
            ("access-unexplained", "D"),
        ]

    def test_a_file_that_can_be_downloaded_needs_no_procedure(self) -> None:
        assert gates(access_rights="restricted public") == []


class TestReuseForbidden:
    @pytest.mark.parametrize(
        "license",
        [
            "All rights reserved",
            "No reuse or redistribution",
            "The data may not be reproduced.",
            "Redistribution is strictly prohibited",
            "For official use only",
        ],
    )
    def test_terms_that_forbid_reuse_limit_the_grade_to_d(self, license: str) -> None:
        found = evaluated(license=license)
        assert [(hit.gate, hit.limit) for hit in found.gates] == [("reuse-forbidden", "D")]

    @pytest.mark.parametrize(
        "license",
        [
            "CC-BY-NC-4.0",
            "Use is free of charge for any purpose",
            "The data may not be used for navigation",
            "All rights reserved. You may copy it free of charge in any format.",
            "May be reused without permission",
        ],
    )
    def test_conditions_are_no_prohibition(self, license: str) -> None:
        assert gates(license=license) == []

    def test_it_is_a_choice_where_access_is_restricted_for_a_stated_reason(self) -> None:
        found = evaluated(
            license="All rights reserved",
            access_rights="restricted public",
            rights=["Locations of protected nests. Apply at https://www.rivers.gov.uk/apply"],
        )
        assert [(hit.gate, hit.limit) for hit in found.gates] == [("reuse-forbidden-by-choice", "D")]


class TestPersonalData:
    UNPROTECTED = (
        "Names and home addresses of tenants in arrears, with no protection applied.",
        "The file lists named individuals and their dates of birth. The data have not been anonymised. It holds the "
        "full names and addresses of patients, unredacted.",
        "Personal information of residents is published without their consent.",
        "Patient records that were never de-identified, one row for each stay.",
        "Unprotected personal data of customers, exported every night.",
    )
    PROTECTED = (
        "No personal data are included, and no protection is needed.",
        "Patient records, anonymised before publication.",
        "Records of patients who did not consent were removed; personal data are not published.",
        "Personal data that are not anonymised are never published.",
        "Protection of wetlands: areas without protection, and the names of their owners' associations.",
        "Counts of offences, such as assault without consent, for each ward.",
        "Unprotected left turns at junctions, with dates of survey.",
        "Buildings without flood protection, by postcode.",
        "Names and addresses of licensed care homes.",
        "If personal information is not protected, tell the office.",
    )

    @pytest.mark.parametrize("description", UNPROTECTED)
    def test_named_people_without_protection_are_e_whatever_the_score(self, description: str) -> None:
        found = evaluated(description=description)
        assert [(hit.gate, hit.limit) for hit in found.gates] == [("personal-data-unprotected", "E")]
        assert found.grade == "E"

    @pytest.mark.parametrize("description", PROTECTED)
    def test_what_speaks_of_protection_or_of_no_people_limits_nothing(self, description: str) -> None:
        assert gates(description=description) == []

    def test_the_fields_can_say_so_too(self) -> None:
        assert gates(personal_data="present", personal_data_measures="None.") == ["personal-data-unprotected"]
        assert gates(personal_data="present", personal_data_measures="Counts under five are suppressed.") == []
        assert gates(personal_data="none", personal_data_measures="None.") == []
        assert gates(personal_data="present") == []

    def test_data_that_nobody_gets_without_asking_are_protected(self) -> None:
        said = {"description": self.UNPROTECTED[0], "access_procedure": TestRestrictedAccess.PROCEDURE}
        assert gates(**TestRestrictedAccess.NO_DATA, **said) == []
        assert gates(access_rights="restricted public", **said) == ["personal-data-unprotected"]

    @pytest.mark.parametrize(
        ("kinds", "said", "expected"),
        [
            ([["social security number"]], {}, ["personal-data-exposed"]),
            ([["name of a person"], ["date of birth"]], {}, ["personal-data-exposed"]),
            ([["name of a person"], ["telephone number"]], {}, []),
            ([["e-mail address"]], {}, []),
            ([["date of birth"]], {}, []),
            ([["social security number"]], {"personal_data": "none"}, []),
        ],
    )
    def test_columns_that_identify_people_need_an_answer(
        self, kinds: list[list[str]], said: dict[str, Any], expected: list[str]
    ) -> None:
        columns = [ColumnProfile(name=f"column {n}", type="text", personal=found) for n, found in enumerate(kinds)]
        seen = Observed(links={}, files={FILE: FileProfile(url=FILE, format="CSV", columns=columns)})
        found = evaluated(seen, **said)
        assert [hit.gate for hit in found.gates] == expected
        # It says how many columns, and not which: the evaluation is public.
        assert not any("column 0" in hit.evidence for hit in found.gates)
        shallow = of_metadata(found, load())
        assert shallow == evaluated(**said)


class TestGrade:
    @given(st.lists(st.sampled_from("BCDE")), st.sampled_from("ABCDE"))
    def test_a_gate_never_raises_a_grade(self, limits: Any, reached: Any) -> None:
        hits = [GateHit("gate", limit, "") for limit in sorted(limits, reverse=True)]
        assert limited(reached, hits) == max([reached, *limits])

    def test_the_grade_is_named_after_the_worst_gate(self) -> None:
        found = evaluated(distribution=[], license="TBD")
        assert [hit.limit for hit in found.gates] == ["E", "D"]
        named = binding_gate(found)
        assert named is not None
        assert named.gate == "nothing-to-download"

    def test_a_gate_above_the_grade_of_the_score_does_not_name_it(self) -> None:
        found = evaluate(record(profile="aivision", distribution=[{"download_url": FILE}]), load(), ON)
        assert ([hit.gate for hit in found.gates], found.grade) == (["licence-missing"], "E")
        assert binding_gate(found) is None

    def test_gates_are_left_out_of_the_output_where_there_are_none(self) -> None:
        assert b'"gates"' not in msgspec.json.encode(evaluated())
        assert b'"gates":[{"gate":' in msgspec.json.encode(evaluated(license="TBD"))


def without_gates(rubric: Rubric) -> Rubric:
    return msgspec.structs.replace(rubric, gates=[])


@pytest.mark.long
@given(records())
def test_gates_change_the_grade_alone_and_never_for_the_better(said: dict[str, Any]) -> None:
    rubric = load()
    gated, free = evaluate(record(**said), rubric, ON), evaluate(record(**said), without_gates(rubric), ON)
    assert msgspec.structs.replace(gated, gates=[], grade=free.grade) == free
    assert free.grade == grade(free.score)
    assert gated.grade == max([free.grade, *(hit.limit for hit in gated.gates)])
    assert [hit.limit for hit in gated.gates] == sorted((hit.limit for hit in gated.gates), reverse=True)
