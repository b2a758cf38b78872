"""What says something about one dataset, and what would fit every one: sentences of both kinds."""

from __future__ import annotations

import pytest
from tests.scoring.conftest import value_of

from ckanext.aivision.scoring.evaluate import evaluate
from ckanext.aivision.scoring.examples import ON, record
from ckanext.aivision.scoring.facts.text.specifics import count_specifics, find_specifics
from ckanext.aivision.scoring.rubric import load

FITS_EVERY_DATASET = (
    "There may be limitations.",
    "Known limitations: the data may be incomplete.",
    "The data may contain errors.",
    "The data may contain errors or omissions and should be used with caution.",
    "Users should exercise caution when interpreting the results.",
    "Care should be taken when comparing figures over time.",
    "Some values may be missing or inaccurate.",
    "The data are provisional and subject to revision.",
    "Data are subject to change without notice.",
    "The information may not be complete, accurate or up to date.",
    "As with any dataset, there are limitations that users should be aware of.",
    "Every effort has been made to ensure the accuracy of the data, but no guarantee can be given.",
    "Some records may be missing due to reporting delays.",
    "The dataset does not include all relevant information.",
    "The data should be interpreted in context and with care.",
    "Data quality issues may exist in some fields.",
    "The data were collected by staff using standard methods.",
    "The data were collected by trained staff using established procedures.",
    "Data were gathered from various sources using rigorous methodologies.",
    "Information is compiled from a variety of internal and external sources.",
    "The data are collected on a regular basis in accordance with best practice.",
    "Data is obtained through a combination of automated and manual processes.",
    "Data were collected as part of routine operations.",
    "The data are quality controlled.",
    "The data are of high quality.",
    "The data have been validated against standards and checked for errors.",
    "All data are subject to rigorous quality assurance procedures before release.",
    "Data quality checks are carried out regularly.",
    "The data have been verified by experts.",
    "The accuracy of the data is 95%.",
    "The data set is intended for research use and should not be used for other purposes.",
    "The data can be used for research, analysis and decision making.",
    "This dataset is useful for researchers, policymakers and the public.",
    "Used for research purposes.",
    "The data are intended to support evidence-based policy.",
    "These data should not be used for purposes other than those intended.",
    "For informational purposes only.",
    "The data are not intended for commercial or legal purposes.",
    "The dataset can be used to identify trends and patterns and to inform decisions.",
    "This data may be useful to a wide range of users.",
    "The data contain no personal data.",
    "No personal information is included in this dataset.",
    "The data have been processed in accordance with GDPR and privacy laws.",
    "Privacy of individuals is protected in line with applicable legislation.",
    "The sample may not be representative of all groups; some groups are under-represented.",
    "Some groups are under-represented.",
    "The data may be subject to bias.",
    "The sample may not be representative of the entire population.",
    "There may be biases in the data due to the way they were collected.",
    "Certain communities may be underrepresented in the data.",
    "Estimates have a margin of error of 5 per cent.",
    "All estimates are subject to sampling error and uncertainty.",
    "Confidence intervals are available on request.",
    "Figures are subject to uncertainty and rounding errors.",
    "The data set is maintained by the agency.",
    "The data are maintained and updated by the publisher.",
    "Data were compiled from survey records.",
    "Data were derived from official sources.",
    "The data come from trusted and reliable sources.",
    "Source: official records of the department.",
    "Based on administrative data held by the organisation.",
    "Version 1.0.",
    "This is version 1.0 of the dataset.",
    "This version replaces all previous versions of the dataset.",
    "For more information see the user guide.",
    "Please refer to the documentation for further details.",
    "See the accompanying documentation and metadata for details.",
    "Please contact us if you have any questions.",
    "Please cite this dataset when using it.",
    "Documentation is available on our website.",
    "This comprehensive and robust dataset provides valuable insights into a wide range of important "
    "aspects, offering stakeholders, researchers and policymakers an essential resource that supports "
    "evidence based decision making, fosters innovation, enhances transparency and enables meaningful "
    "analysis across diverse domains, contexts and communities, while promoting collaboration and "
    "sustainable outcomes for everyone.",
    "This dataset offers an unparalleled opportunity to explore complex relationships and uncover hidden "
    "patterns, empowering organisations to make smarter, faster and more informed choices.",
    "A carefully curated collection of high-quality information designed to meet the evolving needs of "
    "today's data professionals.",
    "Our mission is to deliver excellent services to the public and to promote transparency and accountability.",
    "By leveraging cutting-edge technologies and industry-leading expertise, this resource serves as a "
    "catalyst for positive change.",
    "It encapsulates key dimensions of performance and delivers actionable intelligence to decision "
    "makers at every level.",
    "The data undergo stringent checks to maintain the utmost standards of accuracy and integrity.",
    "While efforts were made to minimise errors, users are encouraged to apply their own judgement.",
    "The dataset is provided as is without warranty of any kind, either express or implied.",
    "The agency accepts no liability for any errors or omissions or for any loss arising from use of the data.",
    "Results should not be generalised beyond the scope of the study.",
    "Data collection methods may have changed over time, which may affect comparability.",
    "Participants were selected at random and interviewed by trained interviewers.",
    "Responses were weighted to be representative of the population.",
    "Data were entered into a database and cleaned prior to analysis.",
    "Personal identifiers have been removed to protect the privacy of individuals.",
    "All data are aggregated to prevent identification of individuals.",
    "Not to be used for any purpose for which it was not designed.",
    "Intended users include government agencies, academics, businesses and members of the public.",
    "The dataset is updated periodically as new information becomes available.",
    "Historical data may be less reliable than recent data.",
    "Some areas may not be covered.",
    "Outliers and anomalies may be present.",
    "Data are self-reported and have not been independently verified.",
    "Readers are cautioned that these figures are estimates only.",
    "Methodology details are available from the data owner upon request.",
)
OF_ONE_DATASET = (
    "Station density is low in Africa and before 1950.",
    "Under-represents renters in Scotland.",
    "Small streams are covered poorly.",
    "Gauges freeze in winter.",
    "Floods between two readings do not show.",
    "The survey is subject to selection bias.",
    "The map should not be used for navigation.",
    "These data are intended for flood studies.",
    "Navigation of any kind.",
    "Flood studies and plans.",
    "A sensor reads the level every fifteen minutes.",
    "Gauge readings of the wardens, checked every night.",
    "Data were collected by interview in 36 hospitals.",
    "Boundaries digitised from the definitive map at 1:10 000.",
    "The levels are measured by sensors at 120 stations.",
    "The response rate was 87 percent.",
    "Positional accuracy is better than 0.4 m.",
    "97 % of the planned readings were taken.",
    "Checked by two wardens before release.",
    "The levels were validated against hand readings.",
    "The sample is not representative of rural hospitals.",
    "Floods of small streams are undercounted.",
    "Margins of error are given for each county.",
    "Each level is good to 2 cm.",
    "Telemetry of the stations, checked every night against the wardens' readings.",
    "The FCC does not verify the facts alleged in these complaints.",
    "Fetal deaths are not included.",
    "The data is sourced from Dundee's CCTV cameras analysed using Briefcam Software.",
    "based on EIA Form 861",
    "acquired by the Wide Angle Camera",
    "integrated from about 30 sources and subjected to a common suite of quality assurance checks",
    "to examine workers' career paths",
    "Limited data available for Glasgow",
    "Sourced from Ofcom",
    "Rate development data provided by carriers to set premiums",
    "Ecoregions by state were extracted from the seamless national shapefile.",
    "Graffiti incidences observed and logged by community enforcement patrols and by the public in Glasgow.",
    "This data set is sourced from Dundee City Council's Public Space Camera Surveillance System.",
    "Case counts for reporting years 2018 and 2019 are provisional and subject to change.",
    "Figures should be interpreted with caution: the survey does not cover Orkney.",
    "No known limitations before 2019; since then the gauges of Orkney have been missing.",
    "Counts under five are left out.",
    "This data is experimental and subject to further refinement. Please note that due the nature of CCTV"
    " cameras at times data may not be collected as specified above.",
    "Sales under right to buy, gifts and transfers under power of sale are excluded.",
    "Data were collected from 36 wardens by mail and interview.",
    "The recorders of Leeds were out of order in May.",
    "Yields of barley are rounded to the nearest tonne.",
    "Only lorries above 3.5 tonnes are counted.",
    "Cod and haddock are told apart since 1998.",
    "The ozone sonde is launched at noon.",
    "Interviews were held in Gaelic and English.",
    "Roofs hidden by trees are left out.",
    "Snow depth is read by ruler.",
    "Pharmacies send the prescriptions every month.",
    "Bats were counted by ear along transects.",
    "Landings at Peterhead are missing.",
    "Mine shafts without a survey are drawn by hand.",
    "Bridges under repair are closed to lorries.",
    "Nitrate is measured with a spectrophotometer.",
    "Apprentices were asked about wages.",
    "Lighthouses are plotted from the Admiralty chart.",
    "Prisoners on remand are not counted.",
)
PLAIN = "Records from the stream survey of the district office, by site."
# criterion -> a statement that would fit every dataset, for the field that it looks at.
EMPTY_FIELDS = (
    ("limitations-described", "limitations", "There may be limitations in the data."),
    ("collection-described", "collection", "Collected by trained staff using standard methods."),
    ("quality-measured", "quality", "The data are of high quality."),
    ("uses-described", "uses", "The data can be used for research and analysis."),
    ("uses-described", "unsuitable_uses", "Any use other than the intended purpose."),
    ("representativeness-described", "biases", "Some groups may be under-represented."),
    ("uncertainty-described", "uncertainty", "All estimates are subject to uncertainty."),
    ("source-described", "provenance", "The data come from various official sources."),
    ("source-described", "derived_from", ["Various sources"]),
    ("personal-data-addressed", "personal_data_measures", "Appropriate measures were taken to protect privacy."),
    ("collection-described", "collection", "Transportation"),
)


@pytest.mark.parametrize("text", FITS_EVERY_DATASET)
def test_what_would_fit_every_dataset_says_nothing(text: str) -> None:
    assert not find_specifics(text).says_something()


@pytest.mark.parametrize("text", OF_ONE_DATASET)
def test_a_number_a_name_a_method_or_a_group_says_something(text: str) -> None:
    assert find_specifics(text).says_something()


def test_words_of_the_title_count_as_one_however_many_they_are() -> None:
    template = find_specifics("The stream gauge readings of the valley may contain errors and omissions in places.")
    assert template.says_something()
    assert not template.says_something(frozenset({"stream", "gauge", "readings", "valley"}))


@pytest.mark.parametrize(("criterion", "field", "text"), EMPTY_FIELDS)
def test_such_a_text_earns_nothing_in_the_field_that_is_meant_for_it(
    criterion: str, field: str, text: str | list[str]
) -> None:
    assert value_of(criterion, **{field: text}) == 0


@pytest.mark.long
@pytest.mark.parametrize("profile", sorted(load().profiles))
def test_a_paragraph_of_them_gains_no_more_than_a_point_and_a_half(profile: str) -> None:
    before = evaluate(record(profile=profile, description=PLAIN), load(), ON).score or 0.0
    for start in range(0, len(FITS_EVERY_DATASET), 12):
        paragraph = " ".join((PLAIN, *FITS_EVERY_DATASET[start : start + 12]))
        after = evaluate(record(profile=profile, description=paragraph), load(), ON).score or 0.0
        assert after - before <= 1.5, paragraph


def test_praise_is_no_better_a_description_than_nothing() -> None:
    filler = next(text for text in FITS_EVERY_DATASET if text.startswith("This comprehensive"))
    assert value_of("description-substantive", description=filler) == 0
    assert value_of("description-substantive", description=PLAIN) > 0


def test_an_address_and_what_an_office_is_for_describe_no_data() -> None:
    assert count_specifics("See https://rivers.example/leeds/barley/ozone and write to wardens@rivers.example.") <= 1
    assert count_specifics("The Office of Rivers is responsible for dredging and sluices in Wales.") == 0


@pytest.mark.parametrize("text", ["", " ", "İ" * 50, "1" * 5_000, "a-" * 5_000, "@" * 5_000, "?!" * 5_000])
def test_odd_texts_are_read_at_once(text: str) -> None:
    assert find_specifics(text).length >= 0
    assert count_specifics(text) >= 0
