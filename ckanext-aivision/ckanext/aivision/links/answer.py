"""What one check of an address asks, and the answer."""

from __future__ import annotations

from typing import Literal

import msgspec

from ckanext.aivision.scoring.observations.observations import Fault


class Target(msgspec.Struct, frozen=True):
    """An address to check. gives_data: whether the metadata say that a file of data is there, and no page."""

    url: str
    gives_data: bool = False


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to one check; the fields are those of `Link`. retry_after: seconds that the server asks us to wait."""

    fault: Fault = ""
    detail: str = ""
    status: int | None = None
    location: str | None = None
    media_type: str | None = None
    form: Literal["", "html", "other"] = ""
    byte_size: int | None = None
    etag: str = ""
    last_modified: str = ""
    checksum: str | None = None
    retry_after: float | None = None
