"""Where a sentence begins to tell a source, or how data came about: pairs from both sides of each border, by kind."""

from __future__ import annotations

# subject, what tells it, and what only sounds like it.
PAIRS: list[tuple[str, str, str]] = [
    # Those who report, many of a kind: they are the source, and that they report is how the data came about.
    (
        "source",
        "Most harbour boards keep a record of their moorings, slips and cranes.",
        "Most harbour boards keep a crane for moorings and slips.",
    ),
    (
        "source",
        "Two boards (Oban and Leith) provide the Tide Office their berth data independently.",
        "Two boards (Oban and Leith) provide the skippers with berths independently.",
    ),
    (
        "source",
        "All authorities of Fife and the Isle of Bute submit annual reports of dredging in March.",
        "All authorities of Fife and the Isle of Bute close for dredging in March.",
    ),
    (
        "collection",
        "Every year the councils of Fife and Angus enter their mooring applications and update the berth schedules.",
        "Every year the councils of Fife and Angus enter the regatta and win the berth prize.",
    ),
    (
        "collection",
        "Slipway data supplied by harbour boards in Fife as polygons.",
        "Slipway repairs supplied by harbour boards in Fife as usual.",
    ),
    (
        "collection",
        "The moorings layer joins berth plans supplied by port authorities and yacht clubs of Mull.",
        "Coal is supplied by port authorities and yacht clubs of Mull.",
    ),
    (
        "collection",
        "Each local authority creates mooring layers of its own piers in Argyll.",
        "Each local authority creates jobs on its own piers in Argyll.",
    ),
    (
        "collection",
        "All wrecks are reported by salvors and the Department of Ports of Fife to the Office on form W12.",
        "All wrecks can be reported by phone to the Office of Fife.",
    ),
    (
        "collection",
        "The Pilotage Act requires registered pilots to provide the Office with a list of ships.",
        "The Pilotage Act requires registered pilots to provide tea with a slice of lemon.",
    ),
    ("source", "The Pilotage Act requires pilots to provide the Office with a list of ships.", "Pilots like Oban."),
    # What is handed from one to the other.
    (
        "collection",
        "Since May 2021 the Office has received this data direct from ferry firms on the BOAT system.",
        "Since May 2021 the Office has received this prize from ferry firms.",
    ),
    (
        "collection",
        "Berth sheets are entered into the Fee module of the Leith Harbour Management Information System by wardens.",
        "Boats are entered into the Leith Harbour race by wardens.",
    ),
    (
        "source",
        "Berth sheets are entered into the Fee module of the Leith Harbour and Pier Management Information System.",
        "Yachts are entered into the Leith Harbour and Pier race.",
    ),
    ("collection", "Old berth sheets of 1998 were manually entered into HARBAS.", "Old boats of 1998 entered Leith."),
    (
        "source",
        "Hull prices were licensed to the Office from Saltire Yachts Ltd in 2018.",
        "Skippers of Saltire Yachts Ltd were licensed by the Office in 2018.",
    ),
    # Surveys, audits and answers.
    (
        "source",
        "The map shows the Slipway Survey current year results for Leith.",
        "The map shows that dredging of Leith results in deeper berths.",
    ),
    (
        "source",
        "A Mooring Land Audit is produced by the board of Bute.",
        "A mooring rope is produced by the board of Bute.",
    ),
    (
        "collection",
        "The table is made up of answers to question 9 of the yacht club form.",
        "The fleet of Leith is made up of nine yachts and a tug.",
    ),
    (
        "collection",
        "Dockers surveyed include riggers, pilots and crane drivers of Leith.",
        "Dockers of Leith include riggers, pilots and crane drivers.",
    ),
    (
        "source",
        "Drownings are those reported on death certificates of Fife.",
        "Drownings are rare on the beaches of Fife.",
    ),
    # How figures were worked out, without a method being named.
    (
        "collection",
        "Wave height was calculated for every catchment of Skye and accumulated to the river mouth.",
        "Fees were paid for every catchment of Skye and the river mouth.",
    ),
    (
        "collection",
        "Each pier of Fife has been scored 1 to 9 by depth and shelter.",
        "Each pier of Fife has been painted white by the board.",
    ),
    (
        "collection",
        "Shelter is inferred by measuring the time that waves of Mull take to calm.",
        "Shelter of Mull is offered by opening the old pier.",
    ),
    (
        "collection",
        "Berth indexes combine tide information with a single crane indicator of Leith.",
        "Berth holders of Leith combine tea with a single scone.",
    ),
    (
        "collection",
        "These results are based on the 2015 Fetch study template and WaveStudy 1.3.2.",
        "These prizes are given on the 2015 regatta in Oban.",
    ),
    (
        "collection",
        "Grid cells are based on subdivision of the Admiralty quarter sheets.",
        "Crews are based on Mull and on the Admiralty pier.",
    ),
    (
        "collection",
        "The zone is based upon ferry times and drive time analysis of Skye.",
        "The club is based upon the old pier of Skye.",
    ),
    (
        "collection",
        "Forecasts of PM2.5 levels from the Saltire smoke model.",
        "Forecasts of PM2.5 levels from Saltire are on the door.",
    ),
    (
        "collection",
        "The tables use the KELPIE register as a data source and give estimates for Skye.",
        "The tables of Skye use the KELPIE colours.",
    ),
    (
        "collection",
        "Harbour layers of Bute were flattened and clipped where piers overlap.",
        "Harbour walls of Bute were flattened by a storm.",
    ),
    # Measured or made while something ran.
    (
        "collection",
        "Contains all probe messages generated during the Forth field testing programme.",
        "Contains all the noise of the Forth.",
    ),
    (
        "collection",
        "Buses in Oban monitored for benzene and toluene in 2010.",
        "Buses in Oban were washed for the fair in 2010.",
    ),
    (
        "collection",
        "Saltire Ltd perform hydraulic modelling simulations of the Clyde.",
        "Saltire Ltd perform sea shanties on the Clyde.",
    ),
    (
        "collection",
        "The laboratory of Leith tested five models of life jackets.",
        "The laboratory of Leith sold five models of life jackets.",
    ),
    (
        "collection",
        "The Office has linked data from wreck surveys with pilot records of Leith.",
        "The Office has linked arms with pilots of Leith.",
    ),
    (
        "collection",
        "SEANET conducts active, port-based surveillance of oil spills.",
        "SEANET conducts active, port-based sales of oil.",
    ),
    (
        "collection",
        "Planning technicians then update the mooring layer in ArcMap once Leith agrees.",
        "Planning technicians then meet in Leith once a year.",
    ),
    # What an instrument measured, by its name alone.
    ("source", "HEBRIDES Waveform Analyzer average field, 10 minutes", "HEBRIDES average field, 10 minutes"),
    (
        "source",
        "Sequences generated by commercial or academic laboratories of Fife.",
        "Steam generated by commercial or academic boilers of Fife.",
    ),
    # Data from something named, with words, brackets and abbreviations between.
    (
        "source",
        "Information from the [Standard Harbour Code Register](https://ports.example/codes).",
        "Information from this publication is in Ports of Fife.",
    ),
    (
        "source",
        "Data on herring and mackerel landed at small piers from the Long-Term Catch Data Set (LTCD).",
        "Data on herring and mackerel landed at small piers of Fife and Angus.",
    ),
    (
        "source",
        "The table uses the Board's Transformed Tidal Statistical Information System (T-TSIS) data for Skye.",
        "The table uses the Board's colours for Skye.",
    ),
    (
        "source",
        "Grid cells are based on subdivision of the Admiralty quarter sheet maps.",
        "Fees are based on the length of the hull in Leith.",
    ),
    # What sounds like a source or a method and is none.
    (
        "source",
        "Deaths at sea are based on data of the Mull coastguard.",
        "Figures for 2020 are based on provisional data.",
    ),
    (
        "source",
        "Data used to create this layer are from the Mull coastguard.",
        "Data used to create this web service are available at Mull.",
    ),
    (
        "source",
        "The table has records from harbour offices of Bute.",
        "The folder has records from operating a harbour kiosk in Bute.",
    ),
    (
        "source",
        "The data are from toll surveys of 2019.",
        "Effects on dockers of Leith were hard to discern from these surveys.",
    ),
    (
        "source",
        "Tide records originate from the Mull gauge.",
        "The outfalls of Mull start at the coast, originating from canneries.",
    ),
    ("source", "An aggregation of berth returns of 36 ports.", "Skippers Aggregation Group Performance, Leith"),
    (
        "source",
        "Fees were compiled using berth data of Leith.",
        "You are looking for berths of Leith or using this data to build an app.",
    ),
    (
        "collection",
        "Berths are assigned to the port that reported them.",
        "A number or symbol assigned to the skipper of Leith.",
    ),
    (
        "collection",
        "Depths were sampled by divers at Leith.",
        "Depth series of Leith delineated by port, mode and year.",
    ),
    (
        "collection",
        "The depths were mapped using sonar in 2018.",
        "Skippers are cautioned against using these depths of Leith.",
    ),
    (
        "collection",
        "Depths of Leith are adjusted to the tide of 1990.",
        "Fees of Leith are not tide-adjusted to account for storms.",
    ),
    (
        "collection",
        "Zones were determined by wave height at Leith.",
        "A docker, as determined by the Commissioner of Ports of Leith, may retire.",
    ),
    (
        "collection",
        "Depths were generated by divers using ropes at Leith.",
        "The depths of Leith were not generated or funded by the Office.",
    ),
    (
        "collection",
        "Depth is captured by divers of the Leith club.",
        "Depth in Leith is captured by the option type of the form.",
    ),
]
