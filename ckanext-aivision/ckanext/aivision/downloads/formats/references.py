"""The suggested citation: as text, for BibTeX, and as CSL-JSON for reference managers such as Zotero."""

from __future__ import annotations

import msgspec

from ckanext.aivision.downloads.work_out import Taken, site
from ckanext.aivision.serialise.sharing.tex import escape_tex, escape_tex_address


def text(taken: Taken) -> bytes:
    return f"{taken.citation}\n".encode()


def bibtex(taken: Taken) -> bytes:
    fields = {
        "author": "{" + escape_tex(site()) + "}",
        "title": "{" + escape_tex(taken.title) + "}",
        "year": f"{taken.moment:%Y}",
        "month": f"{taken.moment.month}",
        "version": escape_tex(f"rubric {taken.rubric}"),
        "note": escape_tex("; ".join([f"Figures as of {taken.moment_in_words}, rubric {taken.rubric}", *taken.only])),
        "url": escape_tex_address(taken.permalink),
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
