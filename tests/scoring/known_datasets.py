"""Records of datasets that everybody in the field knows, good and bad, in our own words after what is published."""

from __future__ import annotations

from typing import Any

CC0 = "https://creativecommons.org/publicdomain/zero/1.0/"
OGL = "http://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
EU_THEME = "http://publications.europa.eu/resource/authority/data-theme/"


def dataset(title: str, description: str, *files: dict[str, str], **more: Any) -> dict[str, Any]:
    """A dataset of DCAT-US 1.1."""
    return {
        "title": title,
        "description": description,
        "identifier": more.pop("identifier", title.lower().replace(" ", "-")),
        "accessLevel": "public",
        "bureauCode": ["006:07"],
        "programCode": ["006:000"],
        "distribution": list(files),
    } | more


def file(url: str, media_type: str, title: str) -> dict[str, str]:
    return {"downloadURL": url, "mediaType": media_type, "title": title}


def office(name: str, parent: str, address: str) -> dict[str, Any]:
    """Publisher and contact."""
    return {
        "publisher": {"name": name, "subOrganizationOf": {"name": parent}},
        "contactPoint": {"fn": f"{name} data desk", "hasEmail": f"mailto:{address}"},
    }


def dates(issued: str, modified: str, every: str, covered: str) -> dict[str, str]:
    """When it was published and last changed, its rhythm, and the period that the data cover (ISO 8601)."""
    return {"issued": issued, "modified": modified, "accrualPeriodicity": every, "temporal": covered}


def subject(theme: str, place: str, *keywords: str) -> dict[str, Any]:
    """What and where the data are about. theme: a code of the EU's list."""
    return {"theme": [f"{EU_THEME}{theme}"], "spatial": place, "keyword": list(keywords)}


GOOD: dict[str, dict[str, Any]] = {
    "PUMS": dataset(
        "American Community Survey Public Use Microdata Sample, 2019 to 2023",
        "Records of persons and housing units from the American Community Survey, which asks about 3.5 million "
        "addresses a year by internet, mail, telephone and interview. One record stands for one person or housing "
        "unit; 80 replicate weights let users estimate standard errors. Data swapping and top-coding keep persons "
        "from being identified. Prisons and nursing homes are covered by imputation. Economists use the sample to "
        "study commuting and wages.",
        file("https://www2.census.gov/acs/pums/2023/5-Year/csv_pus.zip", "application/zip", "Person records, CSV"),
        license=CC0,
        **dates("2025-01-23", "2026-01-22", "R/P1Y", "2019-01-01/2023-12-31"),
        **subject("SOCI", "-179.2,18.9,-66.9,71.4", "microdata", "income", "housing"),
        describedBy="https://www2.census.gov/acs/pums/dictionary/PUMS_Data_Dictionary_2019-2023.csv",
        describedByType="text/csv",
        **office("U.S. Census Bureau", "Department of Commerce", "acso.users.support@census.gov"),
    ),
    "GHCN-daily": dataset(
        "Global Historical Climatology Network daily, version 3",
        "Daily temperature, precipitation and snow depth of over 100,000 land stations in 180 countries, integrated "
        "from about 30 sources. Each value has flags of measurement, quality and source. Station density is low in "
        "Africa and before 1950. Meteorologists use the series to detect droughts. No personal data are held.",
        file("https://noaa-ghcn-pds.s3.amazonaws.com/csv/by_year/2025.csv", "text/csv", "Daily values of 2025, CSV"),
        identifier="https://doi.org/10.7289/V5D21VHZ",
        license=CC0,
        **dates("2012-06-01", "2026-11-28", "R/P1D", "1763-01-01/.."),
        **subject("ENVI", "-180,-90,180,90", "temperature", "precipitation", "weather stations"),
        describedBy="https://www.ncei.noaa.gov/pub/data/ghcn/daily/readme.txt",
        **office("National Centers for Environmental Information", "Department of Commerce", "ncei.info@noaa.gov"),
    ),
    "Price Paid": dataset(
        "Price Paid Data of residential property in England and Wales",
        "Sales of residential property at full market value lodged with HM Land Registry since 1 January 1995. One "
        "record stands for one sale. Sales under right to buy and gifts are excluded. Compiled from applications to "
        "the register. The names of buyers and sellers are left out. Published on the 20th working day of the month.",
        file("https://publicdata.landregistry.gov.uk/pp-complete.csv", "text/csv", "Prices paid since 1995, CSV"),
        license=OGL,
        **dates("2013-06-01", "2026-11-27", "R/P1M", "1995-01-01/.."),
        **subject("ECON", "-6.4,49.9,1.8,55.8", "house prices", "property sales", "land registry"),
        references=["https://www.gov.uk/guidance/about-the-price-paid-data"],
        **office("HM Land Registry", "Department for Levelling Up", "data.services@landregistry.gov.uk"),
    ),
    "National Household Travel Survey": dataset(
        "National Household Travel Survey, 2022",
        "Trips of 7,893 American households on one assigned day, with purpose, mode, length and time. One record "
        "stands for one trip. Collected on the web and by telephone from a sample of addresses; weights correct for "
        "non-response. Households without a telephone are covered poorly. Locations are left out to protect "
        "respondents. Planners use the trips to forecast congestion.",
        file("https://nhts.ornl.gov/assets/2022/download/csv.zip", "application/zip", "Trips by person, CSV in ZIP"),
        license=CC0,
        **dates("2023-11-30", "2024-11-01", "R/P2Y", "2022-01-18/2023-01-18"),
        **subject("TRAN", "United States", "travel behavior", "commuting", "households"),
        describedBy="https://nhts.ornl.gov/assets/2022/doc/codebook.csv",
        **office("Federal Highway Administration", "Department of Transportation", "nhts@dot.gov"),
    ),
    "OS Open Names": dataset(
        "OS Open Names: places, roads and postcodes of Great Britain",
        "Three million names of places, roads and postcodes of England, Scotland and Wales, each with its position in "
        "the British National Grid. Derived from the National Geographic Database of Ordnance Survey. Names of farms "
        "are not included. Developers use the names to find addresses on maps. No personal data are held.",
        file(
            "https://api.os.uk/downloads/v1/products/OpenNames/downloads/opname_csv_gb.zip",
            "application/zip",
            "Names of Great Britain, CSV in a ZIP",
        ),
        license=OGL,
        **dates("2014-10-01", "2026-10-06", "R/P3M", "2014-10-01/2026-10-06"),
        **subject("REGI", "-8.7,49.8,1.8,60.9", "place names", "gazetteer", "postcodes"),
        references=["https://docs.os.uk/os-downloads/products/os-open-names"],
        **office("Ordnance Survey", "Department for Science, Innovation and Technology", "customerservices@os.uk"),
    ),
    "USGS earthquakes": dataset(
        "Earthquakes of the past 30 days, worldwide feed",
        "Earthquakes recorded by the Advanced National Seismic System and its partners, with time, position, depth and "
        "magnitude. Determined from the arrival times at seismometers; the standard error of each magnitude is given. "
        "Events below magnitude 4 outside the United States are missing. Engineers use the feed to assess shaking.",
        file(
            "https://earthquake.usgs.gov/earthquakes/feed/v1.0/summary/all_month.geojson",
            "application/geo+json",
            "Earthquakes of 30 days, GeoJSON",
        ),
        license=CC0,
        **dates("2012-08-01", "2026-11-29", "R/P1D", "2026-10-30/2026-11-29"),
        **subject("ENVI", "-180,-90,180,90", "earthquakes", "seismology", "magnitude"),
        references=["https://earthquake.usgs.gov/data/comcat/documentation/event-terms.php"],
        **office("U.S. Geological Survey", "Department of the Interior", "eq_questions@usgs.gov"),
    ),
}
BAD: dict[str, dict[str, Any]] = {
    "plan in a PDF": dataset(
        "Strategic Plan 2014 to 2018",
        "Strategic plan of the agency for the fiscal years 2014 to 2018, with its goals and objectives.",
        file("https://agency.gov/plan.pdf", "application/pdf", "Strategic plan 2014-2018, PDF"),
        license=CC0,
        modified="2014-03-01",
        keyword=["strategy", "goals"],
        **office("Office of Planning", "Department", "planning@agency.gov"),
    ),
    "name of a file": dataset("tbl_export_final2", "NULL", identifier="x", keyword=["data"], modified="2009-01-01"),
    "persons without protection": dataset(
        "Registered persons of the county with names and addresses",
        "Names, home addresses and dates of birth of registered persons in Fairfax, exported from the case system "
        "every day. The file holds personal data of named individuals, with no protection applied.",
        file("https://county.gov/registry.csv", "text/csv", "Registry with names, CSV"),
        license=CC0,
        **dates("2020-01-01", "2026-11-28", "R/P1D", "2020-01-01/.."),
        **subject("JUST", "-77.5,38.8,-77.0,39.1", "persons", "addresses", "photographs"),
        describedBy="https://county.gov/registry/columns.csv",
        **office("County Clerk", "County of Fairfax", "clerk@county.gov"),
    ),
    "home page of a portal": dataset(
        "Open Data Portal",
        "The portal is a one-stop shop for open data and gives access to a wide range of datasets.",
        file("https://data.agency.gov/", "text/csv", "All data, CSV"),
        license=CC0,
        modified="2026-11-01",
        keyword=["open data", "portal"],
        **office("Office of Information", "Department", "data@agency.gov"),
    ),
    "scanned pages": dataset(
        "Scanned inspection sheets",
        "Scans of inspection sheets of the harbour, 1974 to 1981, in no order.",
        file("https://harbour.gov.uk/scans/sheets.zip", "application/zip", "Scanned images"),
        modified="2011-05-02",
        keyword=["harbour"],
    ),
    "restricted without a word": dataset(
        "Benefit claims by household",
        "Claims of households by week, benefit and district, as entered by caseworkers in Leeds since 2009.",
        accessLevel="restricted public",
        modified="2020-06-01",
        keyword=["benefits", "claims"],
        **office("Benefits Office", "Department", "claims@agency.gov"),
    ),
}
