"""How long one fetch may take and how large it may be: time-outs, retries, redirects, sizes."""

from __future__ import annotations

import msgspec


class Limits(msgspec.Struct, frozen=True):
    """What one fetch may take: seconds and bytes. ratio: how many times its size a body may decompress to."""

    connect: float = 10
    read: float = 60
    total: float = 3600
    body: int = 4 * 2**30
    page: int = 256 * 2**20
    ratio: int = 200
    ratio_from: int = 64 * 2**20
    redirects: int = 5
    retries: int = 4
    longest_wait: float = 120
