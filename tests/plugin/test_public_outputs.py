"""What CKAN gives out of a harvest: no credentials, nothing of our own network, nothing of a cut document."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

SECRET = "s3cretS3CRET0123456789"
ADDRESSES = (f"https://user:{SECRET}@town.gov/a.csv", f"https://town.gov/b.csv?api_key={SECRET}")


def test_no_output_of_the_catalogue_holds_credentials(ckan: Any, harvested: Any, latest: Any) -> None:
    from ckanext.aivision.catalogue.sources import ledger, problems

    name = f"rivers-{uuid.uuid4().hex[:8]}"
    distributions = [{"downloadURL": address, "mediaType": "text/csv"} for address in ADDRESSES]
    record = {"identifier": name, "title": "Levels", "landingPage": ADDRESSES[0], "distribution": distributions}
    run = harvested(name, [record, {"identifier": ADDRESSES[1], "description": ADDRESSES[0]}])
    assert (run.counts.new, run.counts.refused) == (1, 1)
    (row,) = ckan.get_action("aivision_record_list")({"ignore_auth": True}, {"source": name})
    package = ckan.get_action("package_show")({"ignore_auth": True}, {"id": row["package_id"]})
    assert [resource["url"] for resource in package["resources"]] == [
        "https://***@town.gov/a.csv",
        "https://town.gov/b.csv?api_key=***",
    ]
    raw = ledger.source_record(row["package_id"]) or b""
    met = list(problems.every(latest(name)["id"]))
    assert "credentials-masked" in {problem["code"] for problem in met}
    dcat = ckan.get_action("dcat_dataset_show")({"ignore_auth": True}, {"id": row["package_id"], "format": "ttl"})
    assert SECRET not in repr((package, raw, met, dcat, latest(name)))


def test_a_run_does_not_say_where_a_private_host_is(ckan: Any, latest: Any, serve: Callable[..., str]) -> None:
    from ckanext.aivision.catalogue.ckan.harvest_job import harvest_into_ckan
    from ckanext.aivision.harvesters.sources.source import Source

    address = serve(lambda request: None).replace("127.0.0.1", "localhost")
    name = f"rivers-{uuid.uuid4().hex[:8]}"
    run = harvest_into_ckan(Source(name=name, url=f"{address}/data.json"))
    assert run.state == "incomplete"
    assert "is not on the public Internet" in run.message
    assert not [word for word in ("127.0.0.1", "::1", "allow-host", "allow_hosts") if word in repr(latest(name))]


def test_lines_that_may_have_been_cut_change_nothing_in_the_catalogue(ckan: Any, tmp_path: Path) -> None:
    from ckanext.aivision.catalogue.ckan.harvest_job import harvest_into_ckan
    from ckanext.aivision.harvesters.sources.source import Source

    name, path = f"rivers-{uuid.uuid4().hex[:8]}", tmp_path / "catalogue.nt"
    source = Source(name=name, url=str(path), kind="dcat-rdf", profile="dcat-ap", country="GB")
    dcat, dct = "http://www.w3.org/ns/dcat#", "http://purl.org/dc/terms/"
    lines = [
        line
        for number in range(3)
        for line in (
            f"<https://town.gov.uk/{name}/{number}> a <{dcat}Dataset> .\n".replace(
                " a ", " <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "
            ),
            f"<https://town.gov.uk/{name}/{number}> <{dct}title> {json.dumps(f'Levels {number}')} .\n",
            f"<https://town.gov.uk/{name}/{number}> <{dct}description> {json.dumps('Levels of the river')} .\n",
        )
    ]
    path.write_text("".join(lines))
    assert harvest_into_ckan(source).counts.new == 3
    path.write_text("".join(lines[:8]))
    run = harvest_into_ckan(source)
    assert (run.state, run.counts.changed, run.counts.gone) == ("incomplete", 0, 0)
    path.write_text("".join(lines[:6]))
    run = harvest_into_ckan(source)
    assert (run.state, run.counts.changed, run.counts.gone) == ("needs-confirmation", 0, 0)
    assert harvest_into_ckan(source, confirm_removal=True).counts.gone == 1
