"""Where a sentence begins to tell a use or a limit of the data: pairs from both sides of each border, by kind."""

from __future__ import annotations

# subject, what tells it, and what only sounds like it.
PAIRS: list[tuple[str, str, str]] = [
    # What data are collected, given or used for.
    (
        "uses",
        "The programme collects data for analysis of yacht collisions to find their causes.",
        "The programme holds talks for skippers of yachts after collisions.",
    ),
    (
        "uses",
        "The survey gathers information from 90 piers to describe the practice of pilots.",
        "The survey gathers dust at 90 piers.",
    ),
    (
        "uses",
        "The base provides data for harbour masters of Fife to use to improve berths.",
        "Tea for harbour masters of Fife to drink.",
    ),
    (
        "uses",
        "The Office uses this information to generate monthly wreck reports.",
        "You need this information to open the Leith lock.",
    ),
    (
        "uses",
        "Tables and charts used in actuarial projections of pilot pensions.",
        "Terms used in the pilot law of Leith.",
    ),
    (
        "uses",
        "A set of benchmarks for consistently comparing piers of Fife and Angus.",
        "A set of ropes for piers of Fife and Angus.",
    ),
    (
        "uses",
        "The wreck rates are reported only for informational and safety improvement purposes of pilots.",
        "The wreck rates are reported only for pilots of Leith.",
    ),
    (
        "uses",
        "The survey is designed to provide national estimates of moorings and yachts.",
        "The pier is designed to provide shelter for yachts.",
    ),
    (
        "uses",
        "The code list is a taxonomy that allows pilots to group wrecks by hull.",
        "The gate is a lock that allows pilots to pass to Leith.",
    ),
    (
        "uses",
        "The berth table can be joined with the pier layer to map free berths in Oban.",
        "The club can be joined by skippers in Oban.",
    ),
    (
        "uses",
        "The map is designed as an aid to find owners of moorings in Bute.",
        "The pier is designed as a wall in Bute.",
    ),
    (
        "unsuitable_uses",
        "The layer cannot potentially be used for some overlays of Leith berths.",
        "The crane of Leith cannot potentially be moved.",
    ),
    # What a study, a project, a system, a law or a satellite is for.
    (
        "uses",
        "The table is intended to help skippers plan routes by Mull.",
        "The Pilot Act, which is intended to help skippers, was passed in Leith.",
    ),
    (
        "uses",
        "The wave table was created to monitor storms at Leith.",
        "The Saltire initiative is designed to help you thrive, and the network was established to monitor Leith.",
    ),
    (
        "uses",
        "The berth data were gathered to evaluate the fees of Leith.",
        "The goal of the study was to evaluate the fees of Leith.",
    ),
    (
        "uses",
        "The records of mud were collected to determine the depth of the Forth.",
        "The purpose of this study is to determine the depth of mud in the Forth.",
    ),
    (
        "uses",
        "Wreck lists are kept to investigate the causes of wrecks.",
        "The Office has the right to investigate reports of wrecks in Leith.",
    ),
    (
        "uses",
        "The depth data are used to predict silt at Leith.",
        "The paper has a new model to predict silt at Leith.",
    ),
    ("uses", "The map was made to study the flow of the Clyde.", "Aqua was launched to study the flow of the Clyde."),
    (
        "uses",
        "The tide data help skippers to plan.",
        "Sea therapies of Leith are based on concepts which are designed to help people understand waves.",
    ),
    # Methods and software.
    (
        "uses",
        "The berth counts are used to estimate dues at Leith.",
        "Shares from the sample have been used to estimate dues at Leith.",
    ),
    (
        "uses",
        "The depth data are used to provide safe routes by Mull.",
        "See the paper on how the depth data are generated and used to provide routes by Mull.",
    ),
    (
        "uses",
        "The depths may be used in hydraulic analysis of the Clyde.",
        "Give depths of the Clyde in a format that can be used in analysis software.",
    ),
    ("uses", "The layer allows for mapping of berths in Oban.", "A column was added to allow for mapping in Oban."),
    (
        "uses",
        "The gazetteer is kept to identify the moorings of Leith.",
        "In time a gazetteer will enable us to identify the moorings of Leith.",
    ),
    ("uses", "Use cases: planning of berths in Oban.", "Ports list their machine use cases and share them in Oban."),
    (
        "uses",
        "The depth table is for use in models of the Clyde.",
        "Cut the Clyde file to a size for use in a spreadsheet program.",
    ),
    (
        "uses",
        "The files of Leith were produced in support of dredging plans.",
        "Tests of Leith were done in support of various clients.",
    ),
    (
        "unsuitable_uses",
        "The map of Leith is not designed for navigation.",
        "They slept in a building or other place not designed for yachts of Leith.",
    ),
    (
        "unsuitable_uses",
        "The map of Leith is not appropriate for navigation.",
        "Names of pilots are not appropriate to post for public access.",
    ),
    (
        "uses",
        "The index is an assessment tool for piers of Fife.",
        "Answers of pilots in Fife come by an online assessment tool.",
    ),
    # What is missing, wrong or not comparable.
    (
        "limitations",
        "Small ferries do not appear in this table of Fife.",
        "Small ferries appear in this table of Fife.",
    ),
    (
        "limitations",
        "Polygons of Bute do not tessellate with those of Mull.",
        "Skippers of Bute do not sail with those of Mull.",
    ),
    (
        "limitations",
        "Berth records of HARBAS are subject to a small percentage of human error.",
        "Berth holders of HARBAS are subject to a small fee.",
    ),
    (
        "limitations",
        "Wave charts of Leith are subject to substantial uncertainty.",
        "Berths of Leith are subject to approval.",
    ),
    (
        "limitations",
        "For tugs the given data for miles sailed are incomplete.",
        "For tugs the given form for miles sailed is blue in Leith.",
    ),
    (
        "limitations",
        "Counts of Oban and Leith should not be combined without a check.",
        "Oil and water of Leith should not be combined.",
    ),
    (
        "limitations",
        "The sites of Fife were not evaluated for mud or rock.",
        "The skippers of Fife were not invited for tea.",
    ),
    (
        "limitations",
        "We have removed private piers of Saltire Ltd from this dataset.",
        "We have removed the old piers of Saltire Ltd in Leith.",
    ),
    (
        "limitations",
        "Grants of Oban and Leith should be treated with discretion.",
        "Guests of Oban and Leith should be treated with scones.",
    ),
    (
        "limitations",
        "The wreck file may contain multiple records for a collision.",
        "The wreck room may contain multiple exhibits.",
    ),
    (
        "limitations",
        "Many boards of Fife do not currently provide this date.",
        "Many boards of Fife provide this date.",
    ),
    ("limitations", "Many boards of Fife do not have up to date records of piers.", "Many boards of Fife have a pier."),
    ("limitations", "Yachts of Bute have poor address information.", "Skippers of Bute have a poor address in Oban."),
    # What sounds like a limit and is none.
    (
        "limitations",
        "Berths of Leith may not be counted in winter.",
        "A pier of Leith may or may not be associated with a berth.",
    ),
    ("limitations", "Depths of Leith are missing in winter.", "Sailors of Leith listed as missing in action."),
    (
        "limitations",
        "Counts of Leith are limited to ferries and tugs.",
        "Sailors of Leith exposed to a hazard (limited to certain disabilities).",
    ),
    (
        "limitations",
        "This is not a complete list of piers in Mull.",
        "This is not a complete list of eligibility requirements in Mull.",
    ),
    (
        "limitations",
        "The berth records of Mull have not been verified since 2010.",
        "Skippers of Mull whose identities have been verified can sail.",
    ),
    (
        "limitations",
        "Wreck rates of Leith are only reported for ferries.",
        "Wreck rates of Leith are solely reported for the information of pilots.",
    ),
    (
        "limitations",
        "There are gaps in the records of Mull.",
        "Boards of Mull narrow agency-identified gaps in pay by group.",
    ),
    (
        "limitations",
        "Depth records of Leith are few due to the nature of the mud.",
        "Sonars are popular in Leith due to their intuitive nature.",
    ),
]
