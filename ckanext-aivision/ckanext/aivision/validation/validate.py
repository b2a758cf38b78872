"""Validate a source: its original records are checked, before any mapping."""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Iterator
from pathlib import Path

import msgspec

from ckanext.aivision.errors import SourceError, UsageError
from ckanext.aivision.harvesters.documents import directory
from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.mapping.table import describe_value
from ckanext.aivision.harvesters.mapping.values import label
from ckanext.aivision.harvesters.parsing import rdf_text, unpacking
from ckanext.aivision.harvesters.parsing.decoding import Opened
from ckanext.aivision.harvesters.parsing.entries import Entry
from ckanext.aivision.harvesters.parsing.head import Head
from ckanext.aivision.harvesters.protocols.open_document import Document
from ckanext.aivision.harvesters.protocols.recognition import api_of, recognise_document
from ckanext.aivision.harvesters.sources.kind_registry import KINDS
from ckanext.aivision.harvesters.sources.source import Source
from ckanext.aivision.validation.findings import Checked
from ckanext.aivision.validation.json_document import JsonDocument, Part, is_by_schema, part_of, standards_of
from ckanext.aivision.validation.json_schema import report_repairs, schemas
from ckanext.aivision.validation.public_addresses import find_unfit_addresses
from ckanext.aivision.validation.standards import Standard, default

_NAMING = ("@id", "identifier")


class Validation:
    """One reading of a source. Iterate once.

    remarks: what is to be told of its documents as wholes; known at the end.
    """

    def __init__(self, source: Source, session: Session, chosen: Standard | None = None) -> None:
        """chosen: the standard to check by; told by each document itself where None."""
        self.source, self._session, self._chosen = source, session, chosen
        self.remarks: list[str] = []

    def __iter__(self) -> Generator[Checked, None, None]:
        """Yields each record, and what stands around records, as soon as it has been checked.

        Raises SourceError if a document cannot be read (any further), UsageError where no standard is for it.
        """
        source = self.source
        if source.is_remote:
            if api := api_of(msgspec.structs.replace(source, kind="")):
                what = f"this is an API ({KINDS[api].title}), for which there is no official schema"
                raise UsageError(f"{source.name}: {what}; name the address of its DCAT")
            accept = KINDS[self._chosen.kind].accept if self._chosen is not None else ""
            with self._session.stream(source.url, accept=accept) as body:
                yield from self._document(body, source.name)
        elif not (folder := Path(source.url)).is_dir():
            with unpacking.open_file(source.url) as file:
                yield from self._document(file, source.name)
        elif directory.is_harvested(folder):
            yield from self._harvested(folder)
        else:
            yield from self._directory(folder)

    def _directory(self, folder: Path) -> Iterator[Checked]:
        failed: dict[str, str] = {}
        for path in directory.saved_files(folder):
            try:
                with unpacking.open_file(str(path)) as file:
                    for checked in self._document(file, str(path)):
                        yield _placed(checked, path.name, self.source.name)
            except (SourceError, UsageError) as error:
                failed[path.name] = str(error)
        if failed:
            others = f"; the others: {', '.join(list(failed)[1:6])}" if len(failed) > 1 else ""
            first = next(iter(failed.values()))
            raise SourceError(
                f"{folder}: {len(failed):,} of its files could not be checked to the end. {first}{others}"
            )

    def _harvested(self, folder: Path) -> Iterator[Checked]:
        """The records that a harvest has written, as their source gave them."""
        kind = directory.of_account(self.source).kind
        if kind not in KINDS or not is_by_schema(kind):
            raise UsageError(f"{folder}: records of the kind {kind or 'unknown'}, for which there is no JSON Schema")
        with unpacking.open_file(str(folder / directory.HARVESTED)) as file:
            for record in directory.harvested_records(file, self.source):
                entry = Entry(record.where, record.raw, fault="".join(found.message for found in record.problems))
                yield self._checked(part_of(entry, self._chosen, kind), self.source.name)

    def _document(self, opened: Opened, name: str) -> Iterator[Checked]:
        document = Document(opened, name, name)
        if self._is_graph(document.head):
            # pySHACL takes a while to load.
            from ckanext.aivision.validation.shapes import checked_graph

            form = rdf_text.stated_format(document.head, name)
            graph = rdf_text.document(rdf_text.whole(document.file, name), form, document.url, name)
            yield from checked_graph(graph, self._chosen)
            return
        document_of_json = JsonDocument(name, self._chosen)
        with contextlib.closing(document_of_json.parts(document)) as parts:
            for part in parts:
                yield self._checked(part, name)
        self.remarks += [f"{name}: {remark}" for remark in document_of_json.remarks]

    def _is_graph(self, head: Head) -> bool:
        """Whether a document is checked by shapes: by the chosen standard's language, or by that of its own kind's."""
        standard = self._chosen
        if standard is None and (found := recognise_document(head)) is not None:
            standard = default(standards_of(found.protocol.kind.name))
        return standard is not None and standard.language == "shacl"

    def _checked(self, part: Part, name: str) -> Checked:
        found = list(report_repairs(part.problems))
        unread = any(problem.severity == "error" for problem in part.problems)
        if not unread:
            found += schemas(part.standard.name).errors(part.part, part.value, part.where)
            found += find_unfit_addresses(part.value, part.where, {one.where for one in found})
        identifier = label(part.value.get("identifier"), _NAMING) if isinstance(part.value, dict) else None
        return Checked(name, part.standard.name, part.part, part.where, describe_value(identifier or ""), tuple(found))


def _placed(checked: Checked, name: str, source: str) -> Checked:
    """A record of one of a directory's files: its places with the file's name, its source that of the directory."""
    found = tuple(msgspec.structs.replace(one, where=f"{name}: {one.where}") for one in checked.findings)
    return msgspec.structs.replace(checked, source=source, where=f"{name}: {checked.where}", findings=found)
