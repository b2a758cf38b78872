"""Where a sentence begins to tell why and from what data were made, and what is wrong with them: pairs, by kind."""

from __future__ import annotations

# subject, what tells it, and what only sounds like it.
PAIRS: list[tuple[str, str, str]] = [
    # Who uses the data, or may, and to what end.
    (
        "uses",
        "Harbour boards may use this information to raise the walls of Leith.",
        "Visitors may use this information to contact the walls office of Leith.",
    ),
    (
        "uses",
        "Tide data the agency uses to track changes in sandbanks off Fife.",
        "Gauges that the agency cleans to keep sandbanks off Fife.",
    ),
    (
        "uses",
        "Berth data that skippers can use to examine the effects of storms.",
        "Ropes that skippers can hold in the storms of Leith.",
    ),
    ("uses", "The survey was used to monitor oyster uptake in Fife.", "The trawler was used to carry oysters in Fife."),
    (
        "uses",
        "Wreck data play a key role in shaping lighthouse rules of Fife.",
        "Skippers play a key role in shaping lighthouse rules of Fife.",
    ),
    (
        "uses",
        "The purpose of publishing these data is to help oyster growers.",
        "The purpose of painting these piers is to help oyster growers.",
    ),
    ("uses", "The depth data makes it easier to plan dredging at Leith.", "A rope makes it easier to moor at Leith."),
    # Aims of tools and treatments, and reports that files belong to.
    (
        "uses",
        "The berth data are used by pilots to track yachts of Leith.",
        "Berthdesk is a web-based tool for the investment analysis of Leith piers.",
    ),
    (
        "uses",
        "The files support the assessment of oyster beds at Leith.",
        "The oyster files are in support of project report S2-L33 of the Leith board.",
    ),
    (
        "uses",
        "Massage statistics of Leith are designed to help sailors understand cramps.",
        "Massage means treatments, based on ideas from Leith, which are designed to help sailors understand cramps.",
    ),
    (
        "unsuitable_uses",
        "The Leith depths are for planning purposes only.",
        "The Leith depths are for informational purposes only.",
    ),
    # What is left out, revised or not to be compared.
    (
        "limitations",
        "Ferry counts of Leith are not to be compared with those of 1990.",
        "Ferries of Leith are compared.",
    ),
    (
        "limitations",
        "Tugs of Leith have also been removed from this dataset.",
        "Tugs of Leith have also been removed from this harbour.",
    ),
    (
        "limitations",
        "Late tolls lead to slight revisions in counts of Leith ferries.",
        "Late tolls lead to slight revisions of the ferry rule of Leith.",
    ),
    (
        "limitations",
        "Where harbours have not provided spatial data we buffered the pier.",
        "Harbours that have not provided payments lose the pier.",
    ),
    (
        "limitations",
        "There are no depth measurements for Leith in 1990.",
        "There are no mooring charges for Leith in 1990.",
    ),
    ("limitations", "The Leith table only has data for ferries.", "The Leith quay only has room for ferries."),
    # The area covered, who may see it, and gaps that somebody looks for.
    (
        "limitations",
        "The layer covers only the piers of Leith.",
        "The layer exclusively covers Leith.",
    ),
    (
        "limitations",
        "There are gaps in the pier records of Leith.",
        "The layer helps with identifying gaps in pier lighting of Leith.",
    ),
    # From what, how many, and who has to report.
    ("collection", "Pier counts of Leith based on toll records of 1990.", "Pier policies of Leith based on surveys."),
    (
        "collection",
        "The audit involved over 372 interviews of dockers in Leith.",
        "The audit involved over 372 dockers in Leith.",
    ),
    (
        "collection",
        "The board requires skippers to report any wreck data at Leith.",
        "The board requires skippers to moor at the pier of Leith.",
    ),
    (
        "collection",
        "Berths of Leith are entered by the responsible harbour officers.",
        "Berths of Leith are looked up by the number that is entered by the visitor.",
    ),
    (
        "collection",
        "The oyster board collects mooring data from dockers of Leith.",
        "The oyster board sells mooring ropes to dockers of Leith.",
    ),
    (
        "collection",
        "The index uses toll data of Leith to estimate yacht traffic.",
        "Users of Leith who can sail to estimate yacht traffic.",
    ),
    (
        "collection",
        "The table contains counts from Leith harbour claims.",
        "The table contains ferries from Leith harbour.",
    ),
]
