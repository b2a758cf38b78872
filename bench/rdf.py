"""Reading a DCAT catalogue in RDF: our records against rdflib's graph and ckanext-dcat's dicts, on the same files.

    python -m bench.rdf [--copies N] [--runs N] [--corpus DIR]

The input is real: the catalogues of three councils in the corpus, repeated with new addresses and identifiers, in three
serialisations. It lies in a temporary directory. Both sides run in turn, each to its last record; imports do not count.
"""

from __future__ import annotations

import argparse
import gc
import gzip
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pyoxigraph
from bench.results import Row, record

from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.open_source import open_source
from ckanext.aivision.harvesters.sources.source import resolve

GOAL = 20
CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"
# Serialisation -> pyoxigraph's name of it, and rdflib's.
FORMS = {
    "JSON-LD": (pyoxigraph.RdfFormat.JSON_LD, "json-ld"),
    "Turtle": (pyoxigraph.RdfFormat.TURTLE, "ttl"),
    "RDF/XML": (pyoxigraph.RdfFormat.RDF_XML, "xml"),
}


def catalogue(corpus: Path, copies: int) -> bytes:
    """One catalogue in JSON-LD with all datasets of the corpus' folder `dcat`, `copies` times."""
    found = [json.loads(gzip.decompress(path.read_bytes())) for path in sorted((corpus / "dcat").glob("*.jsonld.gz"))]
    datasets = [
        {**item, "@id": f"{item['@id']}#{number}", "dct:identifier": f"{item.get('dct:identifier')}&copy={number}"}
        for number in range(copies)
        for whole in found
        for item in whole["dcat:dataset"]
    ]
    return json.dumps({**found[0], "dcat:dataset": datasets}).encode()


def ours(path: Path, _: str) -> int:
    with Session() as session:
        return sum(harvested.dataset is not None for harvested in open_source(resolve(str(path)), session))


def theirs(path: Path, form: str) -> int:
    from ckanext.dcat.processors import RDFParser

    parser = RDFParser(profiles=["euro_dcat_ap_3"])
    parser.parse(path.read_text(encoding="utf-8"), _format=form)
    return sum(1 for _ in parser.datasets())


def timed(read: Callable[[Path, str], int], path: Path, form: str) -> tuple[int, float]:
    """Datasets read, and seconds of the processor: both sides use one core, and what else runs does not count."""
    gc.collect()
    start = time.process_time()
    count = read(path, form)
    return count, time.process_time() - start


def compare(name: str, path: Path, form: str, runs: int) -> Row:
    """Both sides in turn, so that what else the machine does falls on both."""
    timed(ours, path, form)
    results = [(timed(ours, path, form), timed(theirs, path, form)) for _ in range(runs)]
    (our_count, _), (their_count, _) = results[0]
    fast = our_count / statistics.median(mine for (_, mine), _ in results)
    slow = their_count / statistics.median(other for _, (_, other) in results)
    return Row(
        name=f"read a DCAT catalogue in {name}",
        ours=round(fast),
        peer=round(slow),
        ratio=round(fast / slow, 1),
        goal=GOAL,
        unit="datasets per second of one core",
        note=f"rdflib with ckanext-dcat (euro_dcat_ap_3); {our_count:,} datasets read by us, {their_count:,} by them; "
        f"{path.stat().st_size / 1e6:.1f} MB; medians of {runs} runs in turn",
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--copies", type=int, default=12)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    options = parser.parse_args()
    if not options.corpus.is_dir():
        sys.exit(f"no corpus of real metadata at {options.corpus}: give its place with --corpus")
    rows = []
    with tempfile.TemporaryDirectory(prefix="aivision-bench-") as folder:
        linked = catalogue(options.corpus, options.copies)
        for name, (form, theirs_name) in FORMS.items():
            path = Path(folder) / f"catalogue.{form.file_extension}"
            triples = (quad.triple for quad in pyoxigraph.parse(linked, pyoxigraph.RdfFormat.JSON_LD))
            path.write_bytes(linked if name == "JSON-LD" else pyoxigraph.serialize(triples, format=form) or b"")
            rows.append(compare(name, path, theirs_name, options.runs))
            print(f"{name:8} {rows[-1]['ours']:>8,} {rows[-1]['peer']:>6,} {rows[-1]['ratio']:>5} times", flush=True)
    print(record("rdf", rows, ("pyoxigraph", "rdflib", "ckanext-dcat")))


if __name__ == "__main__":
    main()
