"""No command gives out a credential that stands in a record's address, or sends it to anyone."""

from __future__ import annotations

import http.server
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import account, call, stored

Handler = Callable[[http.server.BaseHTTPRequestHandler], None]
SECRET = "s3cretS3CRET0123456789"


def dcat_us(address: str) -> dict[str, Any]:
    return {
        "identifier": address,
        "title": "River levels",
        "description": f"Levels of the river; see {address}",
        "landingPage": address,
        "license": address,
        "describedBy": address,
        "conformsTo": address,
        "references": [address],
        "distribution": [{"downloadURL": address, "mediaType": "text/csv", "describedBy": address}],
    }


def ckan(address: str) -> dict[str, Any]:
    resources = [{"url": address, "format": "CSV", "name": address}]
    return {"id": "p", "name": "p", "title": "Levels", "url": address, "resources": resources, "owner_org": None}


def turtle(address: str) -> str:
    return (
        "@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .\n"
        f'<{address}> a dcat:Dataset ; dct:title "Levels" ; dcat:landingPage <{address}> ;\n'
        f"  dct:license <{address}> ; dcat:distribution [ a dcat:Distribution ; dcat:downloadURL <{address}> ] .\n"
        f"<{address}&untitled> a dcat:Dataset ; dcat:landingPage <{address}> .\n"
    )


ADDRESSES = (f"https://user:{SECRET}@town.gov/a.csv?x=1", f"https://town.gov/a.csv?api_key={SECRET}")
DOCUMENTS: dict[str, Callable[[str], str]] = {
    "data.json": lambda address: json.dumps({"dataset": [dcat_us(address), {"identifier": address}]}),
    "package.json": lambda address: json.dumps([ckan(address), {**ckan(address), "title": "", "name": ""}]),
    "lines.ndjson": lambda address: f'{json.dumps(ckan(address))}\n{{"id": "{address}", nonsense\n',
    "catalogue.ttl": turtle,
}


@pytest.mark.long
@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_output_holds_the_credentials_of_a_record(name: str, address: str, tmp_path: Path) -> None:
    source, folder = tmp_path / name, tmp_path / "out"
    source.write_text(DOCUMENTS[name](address))
    outputs = [call("harvest", source, "--into", folder), call("sources", "check", source)]
    outputs += [call("score", source, "--format", form) for form in ("table", "json", "csv", "sarif", "html", "junit")]
    assert not [done for done in outputs if SECRET in done.out + done.err]
    assert not [path.name for path in folder.iterdir() if SECRET in path.read_text()]
    assert "***" in (folder / "datasets.ndjson").read_text()
    assert "credentials-masked" in {problem["code"] for problem in stored(folder, "problems")}


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_whose_secret_was_replaced_is_no_change(address: str, tmp_path: Path) -> None:
    source, folder = tmp_path / "data.json", tmp_path / "out"
    source.write_text(json.dumps({"dataset": [dcat_us(address)]}))
    call("harvest", source, "--into", folder)
    source.write_text(json.dumps({"dataset": [dcat_us(address.replace(SECRET, SECRET[::-1]))]}))
    call("harvest", source, "--into", folder)
    assert account(folder)["counts"]["unchanged"] == 1


def test_the_address_of_a_source_is_kept_without_its_credentials(
    serve: Callable[[Handler], str], tmp_path: Path
) -> None:
    def answer(request: http.server.BaseHTTPRequestHandler) -> None:
        body = json.dumps({"dataset": [{"identifier": "a", "title": "Levels"}]}).encode()
        request.send_response(200)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    address = serve(answer).replace("//", f"//user:{SECRET}@")
    for query in (f"?api_key={SECRET}", f"?sig={SECRET}"):
        folder = tmp_path / query[1:4]
        done = call("harvest", f"{address}/data.json{query}", "--allow-host", "127.0.0.1", "--into", folder)
        assert done.status == 0
        assert not [path.name for path in folder.iterdir() if SECRET in path.read_text()]


def test_a_link_check_and_a_profile_do_not_send_credentials(serve: Callable[[Handler], str], tmp_path: Path) -> None:
    asked: list[str] = []

    def answer(request: http.server.BaseHTTPRequestHandler) -> None:
        asked.append(request.path)
        request.send_response(404)
        request.send_header("Content-Length", "0")
        request.end_headers()

    base, source = serve(answer), tmp_path / "data.json"
    addresses = [base.replace("//", f"//user:{SECRET}@") + "/a.csv", f"{base}/b.csv?api_key={SECRET}"]
    records = [{**dcat_us(address), "identifier": str(number)} for number, address in enumerate(addresses)]
    source.write_text(json.dumps({"dataset": records}))
    for depth in ("links", "content"):
        done = call("score", source, "--depth", depth, "--allow-host", "127.0.0.1", "--format", "json")
        assert done.status == 0, done
        assert SECRET not in done.out + done.err
        assert depth == "content" or "not checked: the address contains credentials" in done.out
    assert asked == []
