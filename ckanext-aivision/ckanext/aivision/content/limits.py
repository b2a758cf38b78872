"""The limits for profiling one file, and the error for exceeding them."""

from __future__ import annotations

import msgspec

from ckanext.aivision.errors import AivisionError
from ckanext.aivision.scoring.observations.file_profile import Refusal

MEBIBYTE = 2**20


class ProfileLimits(msgspec.Struct, frozen=True):
    """fetched: bytes of a file that are fetched, and that a packed one is unpacked to. workbook: bytes that a
    spreadsheet's parts may come to when unpacked. rows, columns: that are read, and that a table may have.
    name: characters of a column's name. memory: bytes that DuckDB may use; the whole process may use some more.
    seconds: until the process that reads the file is killed, and as much again to fetch it.
    """

    fetched: int = 50 * MEBIBYTE
    workbook: int = 512 * MEBIBYTE
    rows: int = 1_000_000
    columns: int = 2_000
    name: int = 300
    memory: int = 768 * MEBIBYTE
    seconds: float = 120

    @property
    def address_space(self) -> int:
        """Bytes of address space of the process that reads: Python, the libraries, DuckDB's memory and a workbook."""
        return 2 * self.memory + 1024 * MEBIBYTE


class Unprofiled(AivisionError):
    """A file that cannot be profiled. The text says why, and quotes nothing from the file."""

    def __init__(self, refusal: Refusal, reason: str) -> None:
        super().__init__(reason)
        self.refusal = refusal
