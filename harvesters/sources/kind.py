"""What a folder of `harvesters/protocols/` declares of its protocol."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class Kind(NamedTuple):
    """A protocol that sources use, as its folder's `__init__.py` declares it.

    name: for `--kind` and for the tables; it never changes, because catalogues store it.
    title: for people. reads: what it reads, in one line of the docs.
    profile: of its records if neither the source nor the record names another: a key of config/profiles.yaml.
    country: ISO 3166-1 alpha-2 of its sources, if it is of one country only.
    order: lists show the kinds in this order, and documents are tried in it; kinds that are alike to others come later.
    is_api: whether it is asked page by page over HTTP; others are documents.
    requests_per_hour: that such an API allows if the source names no other number; 0 for any.
    accept: the media types that its documents are asked for in; empty for any.
    profiles_of_hosts: host -> profile, for hosts whose records can carry something else.
    is_general: its documents look like those of many kinds: if somebody has named the kind of a source, no document is
    recognised as one of a general kind, and none of a general kind as another.
    has_documents: whether a file can be of this kind; if not, only an address is.
    rows: records that a page of such an API has at most.
    """

    name: str
    title: str
    reads: str
    profile: str
    country: str = ""
    order: int = 50
    is_api: bool = False
    requests_per_hour: int = 0
    accept: str = ""
    profiles_of_hosts: Mapping[str, str] = MappingProxyType({})
    is_general: bool = False
    has_documents: bool = True
    rows: int = 1000
