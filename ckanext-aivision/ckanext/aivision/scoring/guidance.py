"""The published documents that criteria, lenses and gates cite: `config/guidance.yaml`."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from importlib import resources
from typing import Literal
from urllib.parse import urljoin

import msgspec

from ckanext.aivision.errors import UsageError


class Clause(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """title, asks: in our words. verified: how we know that it asks for this. url: relative to the document's."""

    title: str
    verified: Literal["text", "report", "unverified"]
    asks: str = ""
    url: str = ""
    date: str = ""


class Document(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """sure: how well it was read: the text itself, a report on it, or general knowledge."""

    title: str
    publisher: str
    date: str
    jurisdiction: str
    sure: Literal["full", "part", "known"]
    url: str
    clauses: dict[str, Clause]


class Citation(msgspec.Struct, frozen=True):
    """A code such as `DOC 2.1.2` with what it stands for. All but the code are empty for what we do not list."""

    code: str
    title: str = ""
    url: str = ""
    document: str = ""
    asks: str = ""

    def __str__(self) -> str:
        """`DOC 2.1.2 Variable-level metadata (https://...)`."""
        return f"{self.label} ({self.url})" if self.url else self.label

    @property
    def label(self) -> str:
        """The code and the title."""
        return f"{self.code} {self.title}" if self.title else self.code

    @property
    def note(self) -> str:
        """The document, and what the clause asks for where its title does not tell."""
        return f"{self.document}: {self.asks}" if self.asks else self.document

    def markdown(self) -> str:
        """A link with the code and the title."""
        return f"[{self.label}]({self.url.replace('(', '%28').replace(')', '%29')})" if self.url else self.label


@functools.cache
def load_guidance() -> dict[str, Document]:
    """The documents by the id that citations use. Raises UsageError if the file is not in their form."""
    path = resources.files("ckanext.aivision.config") / "guidance.yaml"
    try:
        return msgspec.yaml.decode(path.read_bytes(), type=dict[str, Document])
    except (OSError, msgspec.DecodeError) as error:
        raise UsageError(f"config/guidance.yaml: {' '.join(str(error).split())}") from error


@functools.cache
def cite(code: str) -> Citation:
    """What a code such as `DOC 2.1.2` stands for. Of one that we do not list, as in one's own lens, the code alone."""
    id, _, name = code.partition(" ")
    document = load_guidance().get(id)
    clause = document.clauses.get(name) if document is not None else None
    if document is None or clause is None:
        return Citation(code)
    return Citation(code, clause.title, urljoin(document.url, clause.url), document.title, clause.asks)


def cite_all(codes: Iterable[str]) -> dict[str, Citation]:
    """The citations by their codes, without those that we do not list."""
    return {code: found for code in codes if (found := cite(code)).url}
