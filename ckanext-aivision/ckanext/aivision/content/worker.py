"""The process that reads one file: limited by the system, killed after a timeout, and it reveals no values.

    python -I -m ckanext.aivision.content.worker DESCRIPTOR

The file is an open one that it inherits; what may be taken comes on standard input, the profile goes to standard
output, both as JSON.
"""

from __future__ import annotations

import os
import resource
import sys
from typing import TYPE_CHECKING, BinaryIO

import msgspec

from ckanext.aivision.content.limits import MEBIBYTE, ProfileLimits, Unprofiled
from ckanext.aivision.scoring.observations.file_profile import FileProfile, Refusal

if TYPE_CHECKING:
    import duckdb

    from ckanext.aivision.content.table import Table

NO_MEMORY = "reading it takes more memory than is allowed for one file"
_MORE_CPU = 5  # seconds, by which the parent process has ended this one
_LARGEST_FILE = 1024 * MEBIBYTE


class Task(msgspec.Struct, frozen=True):
    """url: as the metadata write it. whole: whether the file is all there. size: its bytes."""

    url: str
    whole: bool
    size: int
    limits: ProfileLimits


def bounded(limits: ProfileLimits) -> None:
    """Takes from this process what it will not need."""
    seconds = int(limits.seconds) + _MORE_CPU
    resource.setrlimit(resource.RLIMIT_AS, (limits.address_space, limits.address_space))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_LARGEST_FILE, _LARGEST_FILE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def profile(file: BinaryIO, task: Task) -> FileProfile:
    """The profile of an open file, or why there is none. What a library says of the file is never told: it may quote
    from it."""
    # Within the bounds, and after them: the libraries take memory too.
    import duckdb

    try:
        return _profile(file, task)
    except Unprofiled as refused:
        return _refused(task, refused.refusal, str(refused))
    except duckdb.Error as error:
        return _refused(task, *_of_database(error))
    except MemoryError:
        return _refused(task, "out-of-memory", NO_MEMORY)


def _refused(task: Task, refusal: Refusal, reason: str) -> FileProfile:
    return FileProfile(url=task.url, refusal=refusal, reason=reason, bytes_read=task.size, whole=task.whole)


def _of_database(error: duckdb.Error) -> tuple[Refusal, str]:
    import duckdb

    if isinstance(error, duckdb.OutOfMemoryException):
        return "out-of-memory", NO_MEMORY
    if "line size" in str(error).lower() or "maximum_object_size" in str(error):
        return "line-too-long", "a line is longer than 2 MB, perhaps because a quote is not closed"
    return "damaged", "it cannot be read as a table"


def _profile(file: BinaryIO, task: Task) -> FileProfile:
    from ckanext.aivision.content.readers.delimited import read_delimited
    from ckanext.aivision.content.readers.encoding import Encoding, encoding_of
    from ckanext.aivision.content.readers.json_records import read_records
    from ckanext.aivision.content.readers.unpack import unpacked
    from ckanext.aivision.content.readers.workbook import largest_sheet
    from ckanext.aivision.content.table import connected, from_parquet

    found = unpacked(file, task.whole, task.limits)
    known = FileProfile(
        url=task.url,
        packed=found.packed,
        part=found.part,
        parts=found.parts,
        bytes_read=task.size,
        whole=task.whole and found.whole,
    )
    told = msgspec.structs.replace
    if found.form == "PARQUET":
        connection = connected([found.file], task.limits)
        return _measured(connection, from_parquet(connection, found.file, task.limits), told(known, format="PARQUET"))
    if found.form in ("XLSX", "XLS", "ODS"):
        sheet = largest_sheet(found.file, task.limits)
        read = read_delimited(sheet.file, Encoding("utf-8", "its bytes"), True, task.limits, (",",))
        known = told(
            known,
            format=found.form,
            part=sheet.name,
            parts=sheet.parts,
            error_cells=sheet.errors,
            formula_cells=sheet.formulas,
        )
        return _measured(read.connection, read.table, known)
    encoding = encoding_of(found.file)
    known = told(known, encoding=encoding.name, encoding_from=encoding.told_by)
    if found.form == "JSON":
        records = read_records(found.file, encoding, found.whole, task.limits)
        part = known.part or records.part
        return _measured(records.connection, records.table, told(known, format=records.form, part=part))
    read = read_delimited(found.file, encoding, found.whole, task.limits)
    # Nothing stands between the cells of one column.
    delimiter = read.delimiter if len(read.table.names) > 1 else ""
    form = "TSV" if delimiter == "\t" else "CSV"
    return _measured(read.connection, read.table, told(known, format=form, delimiter=delimiter))


def _measured(connection: duckdb.DuckDBPyConnection, table: Table, known: FileProfile) -> FileProfile:
    from ckanext.aivision.content.measure import columns_of, keys_of

    if not table.rows:
        raise Unprofiled("no-records", "there are no rows below the header")
    columns = columns_of(connection, table)
    # A spreadsheet saved as CSV often has columns of nothing at all to the right of its table.
    kept = [column for column in columns if column.type != "empty" or not column.name.startswith("column ")]
    if not kept:
        raise Unprofiled("no-records", "its rows are empty")
    return msgspec.structs.replace(
        known,
        whole=known.whole and not table.cut,
        rows=table.rows,
        uneven=table.uneven,
        header=table.header,
        columns=kept,
        keys=keys_of(connection, table, columns),
    )


def main() -> None:
    task = msgspec.json.decode(sys.stdin.buffer.read(), type=Task)
    bounded(task.limits)
    with os.fdopen(int(sys.argv[1]), "rb") as file:
        sys.stdout.buffer.write(msgspec.json.encode(profile(file, task)))
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
