"""The suggested citation: as text, for BibTeX, and as CSL-JSON for reference managers such as Zotero."""

from __future__ import annotations

import msgspec

from ckanext.aivision.downloads.work_out import Taken, site

_TEX = {
    **{character: f"\\{character}" for character in "&%$#_{}"},
    **{"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"},
}


def text(taken: Taken) -> bytes:
    return f"{taken.citation}\n".encode()


def bibtex(taken: Taken) -> bytes:
    fields = {
        "author": "{" + _tex(site()) + "}",
        "title": "{" + _tex(taken.title) + "}",
        "year": f"{taken.moment:%Y}",
        "month": f"{taken.moment.month}",
        "version": _tex(f"rubric {taken.rubric}"),
        "note": _tex("; ".join([f"Figures as of {taken.moment_in_words}, rubric {taken.rubric}", *taken.only])),
        "url": taken.permalink.replace("{", "%7B").replace("}", "%7D"),
    }
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
    return f"@misc{{{_key(taken)},\n{lines}\n}}\n".encode()


def csl(taken: Taken) -> bytes:
    moment = taken.moment
    reference = {
        "id": _key(taken),
        "type": "dataset",
        "title": taken.title,
        "author": [{"literal": site()}],
        "issued": {"date-parts": [[moment.year, moment.month, moment.day]]},
        "version": f"rubric {taken.rubric}",
        "note": "; ".join([f"Figures as of {taken.moment_in_words}", *taken.only]),
        "URL": taken.permalink,
    }
    return msgspec.json.encode([reference])


def _key(taken: Taken) -> str:
    return taken.file_name("").rstrip(".")


def _tex(text: str) -> str:
    return "".join(_TEX.get(character, character) for character in text)
