"""Sentences as publishers write them, each by its construction: what tells a fact, and what only sounds like one."""

from __future__ import annotations

import pytest

from ckanext.aivision.scoring.facts.text import mentions

TOLD: list[tuple[str, str]] = [
    ("source", "Rental data from Flatfinder, the largest letting agent in Fife."),
    ("source", "Ferry returns, as submitted to the Harbour Authority at Oban."),
    ("source", "The Clean Rivers Act requires every brewery to submit its discharges each June."),
    ("source", "Tax parcel data of Otter County was used as basis for these zones."),
    ("source", "The algorithm takes two inputs; inputs include the geoid and the Helios terrain model."),
    ("source", "The layer is an amalgamation of Lothian and Borders septic tank lists."),
    ("source", "Noise is shown for 93 block groups, with Census derived household boundaries."),
    ("source", "Tremors as recorded in the Hebrides Earthquake Database."),
    ("source", "The bundle has calibrated Dustfinder Spectrometer (DFS) level 2 spectra of Vesta."),
    ("source", "Irradiance was logged and obtained with a Kipp pyranometer at Mongu."),
    ("source", "The maps show predictions of ozone from the Auk downscaling model."),
    ("collection", "Points have been buffered by 25 m to make polygons of the Tay moorings."),
    ("collection", "Fluxes are averaged over 16 days and binned in 2 degree boxes."),
    ("collection", "The audit is carried out annually by wardens of the Cairngorms park."),
    ("collection", "Buoys that continuously measure chlorophyll lie off Skye and Mull."),
    ("collection", "Specimens of 40 trout were weighed and photographed at Loch Leven."),
    ("collection", "It has been prepared in line with Planning Advice Note 65 and the Fife code."),
    ("limitations", "Due to a camera failure on the Tay Bridge, counts for 3 May are zero."),
    ("limitations", "The layer lists just the primary harbour of each island in Orkney."),
    ("limitations", "Yields of barley were not published for Bute because of the 2019 floods."),
    ("limitations", "Lerwick and Kirkwall are more up-to-date than others in the north."),
    ("limitations", "Totals may be different from those of the Fisheries Yearbook."),
    ("limitations", "The small area model cannot detect effects of local measures in Leith."),
    ("limitations", "There are small gaps between polygons of Angus and Perth."),
    ("uses", "Spectra were obtained primarily for validation of the Heron satellite."),
    ("uses", "Tide tables are used by pilots and harbour masters of Leith to plan arrivals."),
    ("uses", "The register gives locations of bins, helping to support litter picking in Dundee."),
    ("uses", "The audit is an important source of information for the monitoring of the Fife plan."),
    ("uses", "These data allow for improved understanding of puffin breeding on Fair Isle."),
    ("unsuitable_uses", "The index of Glasgow zones is not a measure of how wealthy households are."),
    ("biases", "Prisoners and patients of the State Hospital at Carstairs are not included."),
]
NOT_TOLD: list[tuple[str, str]] = [
    ("source", "Download data from this page, or request Orkney tables from the desk."),
    ("source", "Data from January to March 2021 for Orkney and Shetland."),
    ("source", "Orkney ferries are not included in the Harbour Database."),
    ("source", "The Geological Survey is a bureau in Reston, Virginia."),
    ("collection", "Orkney tables can be filtered, merged and converted in the viewer."),
    ("collection", "Council tax is collected in Orkney and Shetland."),
    # That nothing is added to the data any more is another question than what is wrong with them.
    ("limitations", "The Kelp Survey was discontinued in March 2021 in favour of Seaweed Watch."),
    ("limitations", "Deaths due to heart failure in Orkney and Shetland."),
    ("limitations", "Orkney grants are only available to crofters."),
    ("limitations", "The files do not identify individuals in Orkney or Shetland."),
    ("uses", "Drugs used by clinicians in Orkney to treat gout."),
    ("uses", "Grants provide an opportunity to restore Orkney harbours."),
    ("unsuitable_uses", "Orkney is not a tool."),
]


@pytest.mark.parametrize(("subject", "sentence"), TOLD)
def test_a_sentence_that_tells_a_fact_is_recognised(subject: str, sentence: str) -> None:
    assert mentions.find(mentions.read(sentence), subject) is not None


@pytest.mark.parametrize(("subject", "sentence"), NOT_TOLD)
def test_a_sentence_that_only_sounds_like_one_is_not(subject: str, sentence: str) -> None:
    assert mentions.find(mentions.read(sentence), subject) is None
