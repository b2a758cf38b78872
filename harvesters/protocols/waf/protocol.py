"""How a folder on the web is recognised and read."""

from __future__ import annotations

from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.parsing.head import Head
from ckanext.aivision.harvesters.protocols.api_pages import ApiPages
from ckanext.aivision.harvesters.protocols.protocol import Protocol
from ckanext.aivision.harvesters.protocols.waf import KIND
from ckanext.aivision.harvesters.protocols.waf.listing import is_listing, items
from ckanext.aivision.harvesters.sources.source import Source


class Waf(Protocol):
    """A page that lists files. What is saved of one is the files, which are documents of their own kinds."""

    no_standard = "this is a list of files; use `aivision score`"

    def serves(self, source: Source, head: Head, session: Session) -> bool:
        """A web page that says it is a list of files, and has metadata files or folders in it."""
        if head.first != "<" or not is_listing(head.text):
            return False
        return bool(items([head.text], head.address, head.address.rpartition("/")[0] + "/"))

    def pages(self) -> type[ApiPages]:
        from ckanext.aivision.harvesters.protocols.waf.folder_pages import FolderPages

        return FolderPages


PROTOCOL = Waf(KIND)
