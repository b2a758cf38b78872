"""Detect the type of a file by its first bytes, and unpack compressed files."""

from __future__ import annotations

import gzip
import lzma
import re
import zipfile
import zlib
from typing import IO, BinaryIO, NamedTuple

from ckanext.aivision.content.anonymous_files import nameless
from ckanext.aivision.content.limits import ProfileLimits, Unprofiled
from ckanext.aivision.harvesters.parsing.decoding import Readable
from ckanext.aivision.scoring.observations.file_profile import Refusal

_PIECE = 256 * 1024  # bytes
_TABULAR = re.compile(r"\.(?:csv|tsv|tab|txt|psv|json|ndjson|jsonl|geojson|parquet|xlsx|xlsm|xls|ods)$", re.IGNORECASE)
# Files of the machine that packed: `__MACOSX/._levels.csv`.
_BESIDE = re.compile(r"(?:^|/)(?:__MACOSX/|\.)")
_SPREADSHEETS = {"xl/workbook.xml": "XLSX", "xl/workbook.bin": "XLS"}
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
# What a file is by its first bytes, if it is not a table.
_OTHERS: tuple[tuple[bytes, Refusal, str], ...] = (
    (b"%PDF", "not-a-table", "it is a PDF"),
    (b"\x89PNG", "not-a-table", "it is an image"),
    (b"\xff\xd8\xff", "not-a-table", "it is an image"),
    (b"Rar!", "not-a-table", "it is a RAR archive"),
    (b"7z\xbc\xaf", "not-a-table", "it is a 7z archive"),
    (b"SQLite format 3", "not-a-table", "it is an SQLite database"),
)
_PAGE = re.compile(rb"\s*(?:<!--.{0,500}?-->\s*)?<(?:!doctype html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_DAMAGE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError, KeyError, IndexError)


class Unpacked(NamedTuple):
    """A file as it can be read. form: `TEXT`, `JSON`, `PARQUET`, `XLSX`, `XLS` or `ODS`.

    packed: `ZIP` or `GZIP` where it was inside one; part: by which name; parts: of how many tables.
    whole: whether it is all there.
    """

    file: BinaryIO
    form: str
    whole: bool
    packed: str = ""
    part: str = ""
    parts: int = 1


def unpacked(file: BinaryIO, whole: bool, limits: ProfileLimits) -> Unpacked:
    """What the file is, or what is in it. Raises Unprofiled if it is nothing with rows and columns."""
    found = _inspect(file, whole, limits)
    if found.form == "GZIP":
        inner, complete = _extract_head(gzip.GzipFile(fileobj=file), whole, limits)
        return _inside(inner, complete, limits)._replace(packed="GZIP")
    if found.form == "ZIP":
        return _from_zip(file, limits)
    if not whole and found.form in ("PARQUET", "XLSX", "XLS", "ODS"):
        raise _too_large(limits)
    return found


def _too_large(limits: ProfileLimits) -> Unprofiled:
    message = f"it is larger than {limits.fetched:,} bytes, and files of its format must be read completely"
    return Unprofiled("too-large", message)


def _inspect(file: BinaryIO, whole: bool, limits: ProfileLimits) -> Unpacked:
    file.seek(0)
    head = file.read(4096)
    file.seek(0)
    if head.startswith(b"PK\x03\x04"):
        if not whole:
            raise _too_large(limits)
        return Unpacked(file, _kind_of_zip(file, limits), whole)
    if head.startswith(b"\x1f\x8b"):
        return Unpacked(file, "GZIP", whole)
    if head.startswith(b"PAR1"):
        return Unpacked(file, "PARQUET", whole)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return Unpacked(file, "XLS", whole)
    return Unpacked(file, _kind_of_text(head), whole)


def _kind_of_text(head: bytes) -> str:
    for beginning, refusal, told in _OTHERS:
        if head.startswith(beginning):
            raise Unprofiled(refusal, f"{told}, no table")
    if _PAGE.match(head):
        raise Unprofiled("page-instead-of-data", "it is a web page, not the data")
    # Without the byte order mark and the zero bytes of UTF-16.
    first = head.lstrip(b"\xef\xbb\xbf\xff\xfe").replace(b"\0", b"").lstrip()[:1]
    if first == b"<":
        raise Unprofiled("not-a-table", "it is XML, which has no rows and columns")
    return "JSON" if first in (b"{", b"[") else "TEXT"


def _kind_of_zip(file: BinaryIO, limits: ProfileLimits) -> str:
    try:
        archive = zipfile.ZipFile(file)
    except NotImplementedError:
        raise Unprofiled("damaged", "it needs a newer version of ZIP than can be read here") from None
    except _DAMAGE:
        raise Unprofiled("damaged", "it begins as a ZIP file but is damaged or truncated") from None
    names = {info.filename: info.file_size for info in archive.infolist()}
    kind = next((form for name, form in _SPREADSHEETS.items() if name in names), None)
    if kind is None and names.get("mimetype", 0) == len(_ODS):
        kind = "ODS" if _member(archive, "mimetype").read(len(_ODS)) == _ODS else None
    file.seek(0)
    if kind is None:
        return "ZIP"
    if sum(names.values()) > limits.workbook:
        message = f"it unpacks to more than {limits.workbook:,} bytes, and a workbook must be read completely"
        raise Unprofiled("too-large", message)
    return kind


def _from_zip(file: BinaryIO, limits: ProfileLimits) -> Unpacked:
    """The largest table in an archive."""
    archive = zipfile.ZipFile(file)
    tables = [
        info for info in archive.infolist() if _TABULAR.search(info.filename) and not _BESIDE.search(info.filename)
    ]
    if not tables:
        raise Unprofiled(
            "not-a-table", "no file in the ZIP archive has the name of a table (such as .csv, .json or .xlsx)"
        )
    info = max(tables, key=lambda found: found.file_size)
    if info.flag_bits & 1:
        raise Unprofiled("encrypted", "the ZIP archive needs a password")
    inner, complete = _extract_head(_member(archive, info.filename), True, limits)
    part = "".join(letter for letter in info.filename[-100:] if letter.isprintable())
    return _inside(inner, complete, limits)._replace(packed="ZIP", part=part, parts=len(tables))


def _member(archive: zipfile.ZipFile, name: str) -> IO[bytes]:
    try:
        return archive.open(name)
    except NotImplementedError:
        raise Unprofiled("damaged", "the ZIP archive uses an unknown compression method") from None
    except (*_DAMAGE, RuntimeError):
        raise Unprofiled("damaged", "a file in the ZIP archive cannot be unpacked") from None


def _extract_head(inner: Readable, whole: bool, limits: ProfileLimits) -> tuple[BinaryIO, bool]:
    """The first bytes of a packed file in a file of its own, and whether that is all of it.

    However small it was packed, no more than the limit is unpacked. whole: whether the packed file is all there.
    """
    out = nameless()
    left = limits.fetched
    try:
        while left and (piece := inner.read(min(_PIECE, left))):
            out.write(piece)
            left -= len(piece)
        complete = whole and (left > 0 or not inner.read(1))
    except _DAMAGE:
        if whole:
            raise Unprofiled("damaged", "it is compressed, and damaged or truncated") from None
        complete = False
    out.seek(0)
    return out, complete


def _inside(file: BinaryIO, whole: bool, limits: ProfileLimits) -> Unpacked:
    found = _inspect(file, whole, limits)
    if found.form in ("ZIP", "GZIP"):
        raise Unprofiled("not-a-table", "it is packed twice")
    if not whole and found.form in ("PARQUET", "XLSX", "XLS", "ODS"):
        raise _too_large(limits)
    return found
