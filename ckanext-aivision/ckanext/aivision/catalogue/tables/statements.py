"""The SQL that stores a batch. A statement takes its rows as one JSON array (`rows`): a table costs one round trip.

What each does for one dataset, CKAN's `package_create` and `package_update` do too (ckan.lib.dictization.model_save).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

import msgspec
import sqlalchemy as sa


def execute(
    connection: sa.Connection, statement: sa.TextClause, rows: Iterable[dict[str, Any]], ids: list[str] | None = None
) -> sa.CursorResult[Any]:
    """Runs a statement with its rows, and with the ids that it looks at where it takes any (`ids`)."""
    values: dict[str, Any] = {"rows": msgspec.json.encode(rows, enc_hook=date_as_text).decode()}
    if ids is not None:
        values["ids"] = ids
    return connection.execute(statement, values)


def date_as_text(value: Any) -> str:
    """A date of a class of its own, such as one of a clock that somebody's tests have stopped. Raises TypeError."""
    if isinstance(value, datetime.date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")


def from_rows(columns: str) -> str:
    """The rows of a statement as a table `r`. columns: their names and types."""
    return f"FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r({columns})"


# Somebody gave a package a group or a relationship.
_ENTANGLED = """
    (EXISTS (
        SELECT FROM member m JOIN "group" g ON g.id = m.group_id
        WHERE m.table_id = p.id AND m.state = 'active' AND NOT g.is_organization
    ) OR EXISTS (
        SELECT FROM package_relationship r WHERE p.id IN (r.subject_package_id, r.object_package_id)
    ))
"""
# What there is already of the packages that are to be written.
EXISTING = sa.text(
    f"""
    SELECT p.id, p.name, p.metadata_created, p.creator_user_id, {_ENTANGLED} AS entangled
    FROM package p WHERE p.id = ANY(:ids) OR p.name = ANY(:names)
    """
)
EXISTING_RESOURCES = sa.text("SELECT id, created FROM resource WHERE package_id = ANY(:ids)")

# Packages as they were harvested: an edit since then has moved metadata_modified past the ledger's time.
STORED = sa.text(
    f"""
    SELECT p.id, p.name, p.title, p.version, p.url, p.notes, p.license_id, p.type, p.owner_org, p.creator_user_id,
        p.metadata_created, p.metadata_modified, p.private, p.state, p.extras,
        e.evaluation, e.rubric_version, e.reference_date
    FROM package p LEFT JOIN aivision_evaluation e ON e.package_id = p.id
    WHERE p.id = ANY(:ids) AND NOT {_ENTANGLED} AND EXISTS (
        SELECT FROM aivision_record l WHERE l.package_id = p.id AND p.metadata_modified <= l.last_changed
    )
    """
)
STORED_RESOURCES = sa.text(
    "SELECT * FROM resource WHERE package_id = ANY(:ids) AND state = 'active' ORDER BY package_id, position"
)
STORED_TAGS = sa.text(
    """
    SELECT p.package_id, t.id, t.name FROM package_tag p JOIN tag t ON t.id = p.tag_id
    WHERE p.package_id = ANY(:ids) AND p.state = 'active'
    """
)

TAGS = sa.text(
    f"""
    INSERT INTO tag (id, name) SELECT r.id, r.name {from_rows("id text, name text")}
    WHERE NOT EXISTS (SELECT FROM tag t WHERE t.name = r.name AND t.vocabulary_id IS NULL)
    ON CONFLICT DO NOTHING
    """
)
TAG_IDS = sa.text(
    "SELECT min(id) AS id, name FROM tag WHERE vocabulary_id IS NULL AND name = ANY(:names) GROUP BY name"
)

PACKAGES = sa.text(
    f"""
    INSERT INTO package (
        id, name, title, version, url, notes, license_id, type, owner_org, creator_user_id,
        metadata_created, metadata_modified, private, state, extras
    )
    SELECT r.* {
        from_rows(
            "id text, name text, title text, version text, url text, notes text, license_id text, type text,"
            "owner_org text, creator_user_id text, metadata_created timestamp, metadata_modified timestamp,"
            "private boolean, state text, extras jsonb"
        )
    }
    ON CONFLICT (id) DO UPDATE SET
        title = excluded.title, version = excluded.version, url = excluded.url, notes = excluded.notes,
        license_id = excluded.license_id, owner_org = excluded.owner_org, extras = excluded.extras,
        metadata_modified = excluded.metadata_modified, private = excluded.private, state = excluded.state,
        author = NULL, author_email = NULL, maintainer = NULL, maintainer_email = NULL
    """
)

# A resource that is no longer there is marked, so that extensions can clear up after it, and goes at the next change.
RESOURCES_PURGED = sa.text(
    "DELETE FROM resource WHERE package_id = ANY(:ids) AND state = 'deleted' AND id <> ALL(:kept)"
)
RESOURCES_DELETED = sa.text("UPDATE resource SET state = 'deleted' WHERE package_id = ANY(:ids) AND id <> ALL(:kept)")
RESOURCES = sa.text(
    f"""
    INSERT INTO resource (
        id, package_id, url, format, description, hash, position, name, mimetype, size, created, metadata_modified,
        state, extras
    )
    SELECT r.id, r.package_id, r.url, r.format, r.description, r.hash, r.position, r.name, r.mimetype, r.size,
        r.created, r.metadata_modified, r.state, nullif(CAST(r.extras AS text), '{{}}')
    {
        from_rows(
            "id text, package_id text, url text, format text, description text, hash text, position integer, name text,"
            "mimetype text, size bigint, created timestamp, metadata_modified timestamp, state text, extras jsonb"
        )
    }
    ON CONFLICT (id) DO UPDATE SET
        url = excluded.url, format = excluded.format, description = excluded.description, hash = excluded.hash,
        position = excluded.position, name = excluded.name, mimetype = excluded.mimetype, size = excluded.size,
        metadata_modified = excluded.metadata_modified, state = excluded.state, extras = excluded.extras
    """
)

_PAIR = "id text, package_id text, tag_id text"
PACKAGE_TAGS_DELETED = sa.text(
    f"""
    UPDATE package_tag p SET state = 'deleted' WHERE p.package_id = ANY(:ids) AND p.state = 'active'
        AND NOT EXISTS (SELECT {from_rows(_PAIR)} WHERE r.package_id = p.package_id AND r.tag_id = p.tag_id)
    """
)
PACKAGE_TAGS_REVIVED = sa.text(
    f"""
    UPDATE package_tag p SET state = 'active' {from_rows(_PAIR)}
    WHERE p.package_id = ANY(:ids) AND r.package_id = p.package_id AND r.tag_id = p.tag_id AND p.state <> 'active'
    """
)
# What the packages have is read first, by their ids: the planner knows nothing of tables that a run has just filled,
# and would look through all that hold the same tag, or all of an organisation's, for every row.
PACKAGE_TAGS = sa.text(
    f"""
    WITH had AS MATERIALIZED (SELECT package_id, tag_id FROM package_tag WHERE package_id = ANY(:ids))
    INSERT INTO package_tag (id, package_id, tag_id, state)
    SELECT r.id, r.package_id, r.tag_id, 'active' {from_rows(_PAIR)}
    WHERE NOT EXISTS (SELECT FROM had WHERE had.package_id = r.package_id AND had.tag_id = r.tag_id)
    ON CONFLICT (id) DO NOTHING
    """
)

_MEMBER = "id text, package_id text, group_id text"
MEMBERS_DELETED = sa.text(
    f"""
    UPDATE member m SET state = 'deleted' {from_rows(_MEMBER)}
    WHERE m.table_id = r.package_id AND m.capacity = 'organization' AND m.group_id <> r.group_id
        AND m.table_id = ANY(:ids)
    """
)
MEMBERS = sa.text(
    f"""
    WITH had AS MATERIALIZED (
        SELECT table_id, group_id FROM member
        WHERE table_id = ANY(:ids) AND capacity = 'organization' AND state = 'active'
    )
    INSERT INTO member (id, table_name, table_id, capacity, group_id, state)
    SELECT r.id, 'package', r.package_id, 'organization', r.group_id, 'active' {from_rows(_MEMBER)}
    WHERE NOT EXISTS (SELECT FROM had WHERE had.table_id = r.package_id AND had.group_id = r.group_id)
    ON CONFLICT (id) DO UPDATE SET state = 'active'
    """
)

ORGANIZATION_IDS = sa.text('SELECT id, name FROM "group" WHERE is_organization AND name = ANY(:names)')
ORGANIZATIONS = sa.text(
    f"""
    INSERT INTO "group" (
        id, name, title, type, description, image_url, created, is_organization, approval_status, state, extras
    )
    SELECT r.* {
        from_rows(
            "id text, name text, title text, type text, description text, image_url text, created timestamp,"
            "is_organization boolean, approval_status text, state text, extras jsonb"
        )
    }
    ON CONFLICT DO NOTHING
    """
)
ORGANIZATION_ADMINS = sa.text(
    f"""
    INSERT INTO member (id, table_name, table_id, capacity, group_id, state)
    SELECT r.id, 'user', r.user_id, 'admin', r.group_id, 'active'
    {from_rows("id text, user_id text, group_id text")}
    ON CONFLICT DO NOTHING
    """
)

ACTIVITIES = sa.text(
    f"""
    INSERT INTO activity (id, timestamp, user_id, object_id, activity_type, data, permission_labels)
    SELECT r.id, r.timestamp, r.user_id, r.object_id, r.activity_type, r.data, r.permission_labels
    {
        from_rows(
            "id text, timestamp timestamp, user_id text, object_id text, activity_type text, data text,"
            "permission_labels text[]"
        )
    }
    """
)

LEDGER = sa.text(
    f"""
    INSERT INTO aivision_record (
        source, identifier, content_hash, package_id, dataset, indexed, last_changed, fingerprint
    )
    SELECT r.source, r.identifier, r.content_hash, r.package_id, r.dataset, FALSE, r.last_changed, r.fingerprint
    {
        from_rows(
            "source text, identifier text, content_hash text, package_id text, dataset text, last_changed timestamp,"
            "fingerprint text"
        )
    }
    ON CONFLICT (source, identifier) DO UPDATE SET
        content_hash = excluded.content_hash, package_id = excluded.package_id, dataset = excluded.dataset,
        indexed = FALSE, last_changed = excluded.last_changed, fingerprint = excluded.fingerprint,
        state = 'active', gone_since = NULL, missing_in = NULL
    """
)
INDEXED = sa.text("UPDATE aivision_record SET indexed = TRUE WHERE package_id = ANY(:ids) AND NOT indexed")
UNINDEXED = sa.text("SELECT package_id FROM aivision_record WHERE source = :source AND NOT indexed")

EVALUATIONS = sa.text(
    f"""
    INSERT INTO aivision_evaluation (
        package_id, country, publisher, score, coverage, grade, rubric_version, reference_date, evaluation, point, gains
    )
    SELECT r.* {
        from_rows(
            "package_id text, country text, publisher text, score float, coverage float, grade text,"
            "rubric_version text, reference_date date, evaluation text, point text, gains text"
        )
    }
    ON CONFLICT (package_id) DO UPDATE SET
        country = excluded.country, publisher = excluded.publisher, score = excluded.score,
        coverage = excluded.coverage, grade = excluded.grade, rubric_version = excluded.rubric_version,
        reference_date = excluded.reference_date, evaluation = excluded.evaluation, point = excluded.point,
        gains = excluded.gains
    """
)
# Where the text stays what it was.
EVALUATED = sa.text(
    f"""
    UPDATE aivision_evaluation e SET
        country = r.country, publisher = r.publisher, score = r.score, coverage = r.coverage, grade = r.grade,
        rubric_version = r.rubric_version, reference_date = r.reference_date, point = r.point, gains = r.gains
    {
        from_rows(
            "package_id text, country text, publisher text, score float, coverage float, grade text,"
            "rubric_version text, reference_date date, point text, gains text"
        )
    }
    WHERE e.package_id = r.package_id
    """
)
PROBLEMS = sa.text(
    f"""
    INSERT INTO aivision_problem (run_id, identifier, location, code, severity, message, seen, raw)
    SELECT r.* {
        from_rows(
            "run_id text, identifier text, location text, code text, severity text, message text, seen text, raw text"
        )
    }
    """
)
