"""Records of ISO 19139 and of the FGDC, as short as they can be, for tests of how they are read."""

from __future__ import annotations

NAMESPACES = (
    'xmlns:gmd="http://www.isotc211.org/2005/gmd" xmlns:gco="http://www.isotc211.org/2005/gco" '
    'xmlns:gmx="http://www.isotc211.org/2005/gmx" xmlns:gml="http://www.opengis.net/gml/3.2" '
    'xmlns:srv="http://www.isotc211.org/2005/srv" xmlns:xlink="http://www.w3.org/1999/xlink"'
)


def text(name: str, written: str) -> str:
    """A property with a text."""
    return f"<gmd:{name}><gco:CharacterString>{written}</gco:CharacterString></gmd:{name}>"


def code(name: str, value: str) -> str:
    """A property with a value of a code list."""
    return f'<gmd:{name}><gmd:Code codeList="#Code" codeListValue="{value}"/></gmd:{name}>'


def dated(day: str, kind: str) -> str:
    """A date of a citation."""
    inner = f"<gmd:date><gco:Date>{day}</gco:Date></gmd:date>{code('dateType', kind)}"
    return f"<gmd:date><gmd:CI_Date>{inner}</gmd:CI_Date></gmd:date>"


def record(
    identifier: str = "river-1",
    title: str = "Levels of rivers",
    cited: str = "",
    inside: str = "",
    around: str = "",
    stamp: str = "2026-01-01",
) -> str:
    """A record. cited, inside, around: what else its citation, its identification and itself have."""
    citation = f"<gmd:citation><gmd:CI_Citation>{text('title', title)}{cited}</gmd:CI_Citation></gmd:citation>"
    data = f"<gmd:MD_DataIdentification>{citation}{inside}</gmd:MD_DataIdentification>"
    return (
        f"<gmd:MD_Metadata {NAMESPACES}>{text('fileIdentifier', identifier)}"
        f"<gmd:dateStamp><gco:Date>{stamp}</gco:Date></gmd:dateStamp>"
        f"<gmd:identificationInfo>{data}</gmd:identificationInfo>{around}</gmd:MD_Metadata>"
    )


def fgdc(title: str = "Depths of lakes", inside: str = "") -> str:
    """A record of the FGDC's standard. inside: what else its identification has."""
    citation = f"<citation><citeinfo><origin>Survey</origin><title>{title}</title></citeinfo></citation>"
    return f"<metadata><idinfo>{citation}{inside}</idinfo></metadata>"
