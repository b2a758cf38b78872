"""Where a sentence begins to tell a fact: pairs from both sides of each border, by kind of construction."""

from __future__ import annotations

import pytest
from tests.scoring.facts.text import borders_of_origin, borders_of_reason, borders_of_use

from ckanext.aivision.scoring.facts.text import mentions

# subject, what tells it, and what only sounds like it.
PAIRS: list[tuple[str, str, str]] = [
    # A document that somebody handed in is a source; what somebody types in to search is none.
    (
        "source",
        "A summary of harbour dues claims of 2019 in Orkney.",
        "A summary of harbour dues in Orkney.",
    ),
    (
        "source",
        "A summary of the tolls that ferry operators billed in Orkney in 2019.",
        "A summary of the tolls that ferries cost in Orkney in 2019.",
    ),
    ("source", "New jetties from approved Harbour Fund applications.", "New jetties from Leith to Granton."),
    (
        "source",
        "Dues are entered into the Harbour Ledger system at Leith.",
        "The page shows the berth number that is entered into the system at Leith.",
    ),
    # A map or a gazetteer by name, and people who were asked.
    (
        "source",
        "Dwellings are located with the Tayside Dasymetric map of 2011.",
        "Dwellings are located with care and by hand in Tayside.",
    ),
    ("source", "Hall names are based on the Village Hall Gazetteer record.", "Fees are based on hull length in Leith."),
    (
        "source",
        "Parishes drawn up during a consultation with Perth residents.",
        "Parishes drawn up during a cold winter in Perth.",
    ),
    # Sources that nobody names are none.
    (
        "source",
        "The dashboard pulls together data from several sources, including the Leith berth register.",
        "The dashboard pulls together data from several sources, which are then cleansed for Perth.",
    ),
    (
        "source",
        "Footfall is a combination of Leith toll data and returns from harbour cafes.",
        "Footfall for Leith is a combination of publicly available data and data from corporate partners.",
    ),
    (
        "source",
        "Berths are assessed through Harbourdesk as a source of information on yachts.",
        "The tables serve as a source of information on yachts of Leith.",
    ),
    ("source", "Bids are the award data collected by e-Berth in 2019.", "Bids are data collected by age and sex."),
    ("source", "Level zero accelerometer data of the Saltire lander.", "An accelerometer is sold in Leith."),
    (
        "source",
        "Catches are based on Fair Isle trawl surveys.",
        "There is evidence in the literature, based on studies, that puffins harm trawlers of Leith.",
    ),
    # A method is no source, and neither is where methods are told.
    (
        "source",
        "Collecting information on crew from 36 harbour masters took until May.",
        "Methods for collecting information on crew changed in Orkney and Shetland.",
    ),
    (
        "source",
        "Delays are based on the Clyde signal network.",
        "We propose an approach based on a neural network for dockers in Leith.",
    ),
    # What the law asks of those who report tells how data are gathered; what it asks of users does not.
    (
        "collection",
        "Makers of boats must file a defect report with the River Agency within 5 days.",
        "Users must report misuse of the Orkney tables to the helpdesk within 5 days.",
    ),
    (
        "collection",
        "All ferry operators are required to file landings with the River Agency twice a year.",
        "All ferry operators are required to carry life jackets in Orkney.",
    ),
    (
        "collection",
        "The Ferry Act requires that each owner of a launch submit to the River Agency its berths.",
        "The Ferry Act requires that each owner of a launch paint it white in Leith.",
    ),
    (
        "collection",
        "The base holds hull information submitted to the River Agency about launches.",
        "The base holds hull information of interest to the River Agency of Leith.",
    ),
    (
        "collection",
        "The register records sales of moorings as submitted to the Harbour Office for registration.",
        "The register records sales of moorings in Leith and Granton.",
    ),
    # What somebody did to gather them.
    (
        "collection",
        "Volunteers also carried out 900 jetty surveys to note the width of each landing.",
        "Volunteers also carried out repairs to 900 jetties in Fife.",
    ),
    (
        "collection",
        "The office used a four-step process to select 16 of the 900 fish species.",
        "The office has a four-step process for complaints about fish in Leith.",
    ),
    (
        "collection",
        "A network was trained to estimate the posture of dockers using three-view video data.",
        "Dockers of Leith can find the posture guide using the link.",
    ),
    (
        "collection",
        "Boundaries of moorings were redrawn after workshops with skippers from Mull.",
        "Skippers from Mull may comment on moorings at workshops with the Board.",
    ),
    # How figures were worked out, and at what distance or time they were taken.
    (
        "collection",
        "Dues are standardized to remove differences between ports of Fife and Angus.",
        "Dues are standard fees between ports of Fife and Angus.",
    ),
    (
        "collection",
        "Wave zones of Leith are estimated in 1/4 km intervals.",
        "Wave zones of Leith are closed in bad weather.",
    ),
    (
        "collection",
        "Jetties of Leith were included in this analysis if they were within 5 km of a beach.",
        "Jetties of Leith may be included in the summer timetable if they are open.",
    ),
    (
        "collection",
        "Roll angles of the yacht are provided every 0.1 seconds during a tack.",
        "Tea is provided every day on the ferries of Leith.",
    ),
    (
        "collection",
        "The list of piers is based on information received from the four harbour boards.",
        "The rules of piers are based on common sense in Leith.",
    ),
    (
        "collection",
        "Tables of births at sea were generated for each ship by linking logs to the register.",
        "Piers of Leith can be reserved by asking the board.",
    ),
    (
        "collection",
        "Where no port answers we are extracting it from an older NatureScot layer.",
        "Users are extracting it from the page of Leith.",
    ),
    # Policies speak of collecting, and plans of capturing.
    (
        "collection",
        "The harbour bureau collects berth forms from skippers in Leith each June.",
        "Papers on how the agency collects, uses and shares names of boat owners in Leith.",
    ),
    (
        "collection",
        "The Leith tide system captures each arrival with a camera.",
        "This Leith Ferry Renewal program captures the agency's structured approach to berths.",
    ),
    (
        "collection",
        "Counts are pulled together from the Leith toll register.",
        "The Leith dashboard works by pulling together data from several sources.",
    ),
    # To use the data for something, and to use a page.
    (
        "uses",
        "Use this data to search for boat recalls by maker and hull type.",
        "Use this link to download boat recalls of Leith.",
    ),
    (
        "uses",
        "This search was designed to allow ferry firms to find ports with free berths.",
        "This pier was designed to allow ferry firms to land at Leith.",
    ),
    (
        "uses",
        "Trends in berth theft were developed to inform local and national interventions in ports.",
        "Skippers must inform local harbour masters of theft in Leith.",
    ),
    (
        "uses",
        "The wave data of Leith were collected to predict floods.",
        "Boards of Leith are trying to predict floods.",
    ),
    (
        "uses",
        "The table was compiled to determine harbour dues of Leith.",
        "A gene analysis was conducted to determine the growth of mussels in Leith.",
    ),
    (
        "uses",
        "The index is designed to assess the risk of surges at Leith.",
        "The Skipper Test is a developmental assessment designed to assess skippers of Leith.",
    ),
    # Words of plans, of names and of good manners are no uses.
    (
        "uses",
        "Crane hours were collected to support the berth planning of Leith.",
        "The ports are replacing old cranes as required to support delivery of service in Leith.",
    ),
    (
        "uses",
        "Tide records are for use in research on the berths of Leith.",
        "Making River Records for Use in Research Environments (MARRURE) funds people in Leith.",
    ),
    (
        "uses",
        "The tables of Leith are useful for flood planning.",
        "The tables of Leith are in a form that is more useful for quick reference.",
    ),
    (
        "uses",
        "The tables of Leith are useful for coastal research.",
        "We share the paths of Leith in the hope that they are useful for a myriad of purposes.",
    ),
    (
        "uses",
        "These records were compiled to assess the risks of loading at Leith.",
        "To protect dockers of Leith it is necessary to assess the risks of loading.",
    ),
    (
        "unsuitable_uses",
        "The map of Leith is unsuitable for navigation.",
        "Jetties were left off the map where they were entirely unsuitable for mooring at Leith.",
    ),
    # A limit says what is missing or wrong.
    (
        "limitations",
        "The following exclusions apply: yachts below 9 m and naval ships.",
        "Moorings of Leith since 1995, subject to certain exclusions.",
    ),
    (
        "limitations",
        "The map of Leith does not include jetties below 9 m.",
        "In the Act a pier (a) means a pier of stone, but (b) does not include jetties of Leith.",
    ),
    (
        "limitations",
        "The list of Leith is only accurate as of August 2012.",
        "The list of Leith is current as of 31 August 2012.",
    ),
    (
        "limitations",
        "Reporting lags in Leith make the last three weeks too low.",
        "Tides of Leith, with a latency of 3 weeks after the end of a month.",
    ),
    (
        "limitations",
        "Dues of Leith do not adjust for the age of ships.",
        "Skippers of Leith adjust their fees for the age of ships.",
    ),
    (
        "limitations",
        "Eider counts of Leith are no longer collected since 2019.",
        "The Leith table is no longer updated since 2019.",
    ),
    # By what data are broken down.
    ("detail_level", "Ferry passengers, seats and freight by year.", "Ferries for passengers by 2030."),
    ("detail_level", "Ferries - Leith - Passengers by Block Group", "Ferries - Leith - Passengers by the Dock"),
    ("detail_level", "Berths by county, with the fees of each.", "Berths run by county councils."),
    (
        "detail_level",
        "The file is organized by harbour, fare zone and type of vessel.",
        "The regatta is organized by harbour masters.",
    ),
    (
        "detail_level",
        "Daily cases at Scotland, NHS Board and Council Area levels.",
        "Water stood at high levels in Council meetings.",
    ),
    (
        "raw_or_derived",
        "A summary of ferry claims for each port.",
        "A summary of ferry rules for each port.",
    ),
    (
        "raw_or_derived",
        "New cases with cumulative totals and rates.",
        "New cases with the names of ports.",
    ),
    # Who looks after the data, and what sets off an update.
    (
        "maintenance",
        "The Commission updates the Ferry Registry as it receives forms from 12 ports.",
        "The Commission updates the ferry timetable of Leith in May.",
    ),
    (
        "update_trigger",
        "The Commission updates the Ferry Registry as it receives additional information.",
        "The Commission updates the ferry rules.",
    ),
    (
        "attribution",
        "Acknowledgement of the River Agency would be appreciated.",
        "Acknowledgement of receipt is sent by the River Agency.",
    ),
    (
        "documentation_address",
        "Guides to interpreting the counts are available at https://rivers.example.gov/tables.html.",
        "Guides to the hills are sold at the shop of Leith.",
    ),
    (
        "documentation_address",
        "Each attribute is told in its Ferry Fact Sheet (https://rivers.epa.example/x/fact-sheets).",
        "Ferry facts are printed on sheets.",
    ),
    (
        "variable_columns",
        'Fields: "berth_code" - the code of the berth; "UPRN" - the property number of Leith.',
        'Ferries: "Saltire" - the fast one of Leith.',
    ),
]


ALL = [*PAIRS, *borders_of_origin.PAIRS, *borders_of_reason.PAIRS, *borders_of_use.PAIRS]


@pytest.mark.parametrize(("subject", "told"), [(subject, told) for subject, told, _ in ALL])
def test_this_side_of_the_border_tells_the_fact(subject: str, told: str) -> None:
    assert mentions.find(mentions.read(told), subject) is not None


@pytest.mark.parametrize(("subject", "not_told"), [(subject, other) for subject, _, other in ALL])
def test_that_side_of_the_border_does_not(subject: str, not_told: str) -> None:
    assert mentions.find(mentions.read(not_told), subject) is None


def test_a_name_in_the_very_words_of_a_source_counts_though_the_title_has_it() -> None:
    """A title that names the company takes nothing from the sentence that says that the data are the company's."""
    known = frozenset(["northern", "gasworks", "pipe", "network", "fife"])
    text = "This dataset contains data provided by Northern Gasworks and is the pipe network data only covering Fife."
    assert mentions.find(mentions.read(text), "source", known) is not None
    vague = "This dataset contains data provided by the team and is the pipe network data only covering Fife."
    assert mentions.find(mentions.read(vague), "source", known) is None
