"""Benchmarks keep their results in one form, with what they were measured on."""

from __future__ import annotations

import json
import platform
from pathlib import Path

import pytest
from bench import rdf, results


def test_a_result_says_on_which_machine_and_with_which_versions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(results, "FOLDER", tmp_path)
    row = results.Row(name="read", ours=40, peer=2, ratio=20, goal=20, unit="1/s", note="40 read by us, 40 by them")
    (told,) = json.loads(results.record("x", [row], ["rdflib"]).read_text())
    assert {**told, "note": ""} == {**row, "note": ""}
    assert told["note"].startswith(row["note"])
    assert all(word in told["note"] for word in ("cores", f"Python {platform.python_version()}", "rdflib 7"))


def test_the_benchmark_of_rdf_reads_as_many_data_sets_as_its_peer(real_corpus: Path, tmp_path: Path) -> None:
    path = tmp_path / "catalogue.jsonld"
    path.write_bytes(rdf.catalogue(real_corpus, 2))
    row = rdf.compare("JSON-LD", path, "json-ld", runs=1)
    assert "476 datasets read by us, 476 by them" in row["note"]
    assert row["ratio"] == pytest.approx(row["ours"] / row["peer"], rel=0.1)
