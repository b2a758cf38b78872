"""Whether the packages and servers are of versions that this software works with."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib import metadata

import ckan.model as model
import requests
import sqlalchemy as sa
from ckan.lib.redis import connect_to_redis
from ckan.plugins import toolkit
from packaging.requirements import Requirement

from ckanext.aivision import __version__
from ckanext.aivision.services.doctor.finding import Finding, error, ok

_PACKAGE = "ckanext-aivision"
_CHECK = "versions"
# The oldest that CKAN 2.12 takes.
_OLDEST_POSTGRESQL, _OLDEST_SOLR = 12, 9
_LONGEST_ANSWER = 10  # seconds


def check_packages() -> Iterator[Finding]:
    """Compares the installed packages with those that setup.py asks for."""
    wrong = []
    for line in metadata.requires(_PACKAGE) or []:
        requirement = Requirement(line)
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": "plugin"}):
            continue
        try:
            version = metadata.version(requirement.name)
        except metadata.PackageNotFoundError:
            wrong.append(f"{requirement.name} is missing")
            continue
        if not requirement.specifier.contains(version, prereleases=True):
            wrong.append(f"{requirement.name} is {version}, and {requirement.specifier} is needed")
    if wrong:
        advice = f'run `pip install --upgrade "{_PACKAGE}[plugin]"` in the environment of CKAN'
        yield error(_CHECK, "; ".join(wrong), advice)
        return
    python = ".".join(map(str, sys.version_info[:3]))
    yield ok(_CHECK, f"{_PACKAGE} {__version__}, CKAN {metadata.version('ckan')}, Python {python}")


def check_servers() -> Iterator[Finding]:
    """Asks the three servers for their versions."""
    database = model.Session.execute(sa.text("SHOW server_version_num")).scalar()
    postgresql = int(database) // 10000
    redis = str(connect_to_redis().info("server")["redis_version"])
    solr = _solr_version()
    if postgresql < _OLDEST_POSTGRESQL:
        advice = f"move the database to PostgreSQL {_OLDEST_POSTGRESQL} or later"
        yield error(_CHECK, f"the database is PostgreSQL {postgresql}", advice)
    if int(solr.split(".")[0]) < _OLDEST_SOLR:
        advice = f"install Solr {_OLDEST_SOLR} with CKAN's schema, and run `ckan search-index rebuild`"
        yield error(_CHECK, f"the search index is Solr {solr}", advice)
    yield ok(_CHECK, f"PostgreSQL {postgresql}, Solr {solr}, Redis or Valkey {redis}")


def _solr_version() -> str:
    config = toolkit.config
    user, password = config.get("solr_user"), config.get("solr_password")
    answer = requests.get(
        f"{config['solr_url'].rstrip('/')}/admin/system?wt=json",
        auth=(user, password) if user and password else None,
        timeout=_LONGEST_ANSWER,
    )
    answer.raise_for_status()
    return str(answer.json()["lucene"]["solr-spec-version"])
