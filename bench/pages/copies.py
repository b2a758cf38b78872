"""A fixture: rows copied in SQL, so that snapshot and pages see as many public datasets as a national portal has.

Copied are rows of `package`, `aivision_evaluation`, `aivision_record` and `aivision_facets`, with ids, names and
identifiers of their own. Resources, tags, activities, organisations' memberships, the history and the documents of the
search index are not copied: neither a snapshot nor the comparison reads them. Each copy's point has another last digit
of its coverage, which rounds to the same, so that no cache answers for a copy; and copies have sources of their own,
four for each source, so that there are five times the cells of agency, publisher and source.
"""

from __future__ import annotations

import psycopg2
from psycopg2 import sql

# Copies of one dataset go into so many sources beside its own.
_SOURCES = 4
_ID = "md5({id} || '#' || n)::uuid::text"
_TABLES: dict[str, dict[str, str]] = {
    "package": {"id": _ID.format(id="t.id"), "name": "'copy-' || n || '-' || md5(t.id)"},
    "aivision_evaluation": {
        "package_id": _ID.format(id="t.package_id"),
        # [score, coverage, ...]: the coverage has three places at most.
        "point": r"regexp_replace(t.point, '^(\[[^,]*,\d+\.\d+)', '\1' || lpad(n::text, 5, '0'))",
    },
    "aivision_record": {
        "source": f"t.source || '-copies-' || n %% {_SOURCES}",
        "identifier": "t.identifier || '#' || n",
        "package_id": _ID.format(id="t.package_id"),
        # Else a harvest would hold copies for what another source has as well.
        "fingerprint": "NULL",
    },
    "aivision_facets": {"package_id": _ID.format(id="t.package_id")},
}
_PUBLIC = """
    SELECT count(*) FROM package p JOIN aivision_evaluation e ON e.package_id = p.id
    WHERE p.state = 'active' AND NOT p.private
"""
_CHOSEN = """
    CREATE TEMPORARY TABLE chosen AS
    SELECT id, (row_number() OVER (ORDER BY p.id)) AS place
    FROM package p JOIN aivision_evaluation e ON e.package_id = p.id WHERE p.state = 'active' AND NOT p.private
"""
# One copy of everything, but for the last one, which has only what is still wanted.
_COPY = """
    INSERT INTO {table} ({columns}) SELECT {values}
    FROM {table} t JOIN chosen c ON c.id = t.{key}, (SELECT %(n)s::int AS n) numbered WHERE c.place <= %(most)s
"""
_COLUMNS = """
    SELECT column_name FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name = %s AND is_generated = 'NEVER' AND is_identity = 'NO'
    ORDER BY ordinal_position
"""


def copy_until(database_url: str, wanted: int) -> int:
    """Copies public datasets until there are so many. Returns how many there are now."""
    connection = psycopg2.connect(database_url)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit = off")
            there = _number(cursor)
            cursor.execute(_CHOSEN)
            statements = [_statement(cursor, table) for table in _TABLES]
            for n in range(1, -(-wanted // there)):
                for statement in statements:
                    cursor.execute(statement, {"n": n, "most": min(there, wanted - n * there)})
                print(f"  copied {n} times", flush=True)
            found = _number(cursor)
        connection.autocommit = True
        with connection.cursor() as cursor:
            for table in _TABLES:
                cursor.execute(sql.SQL("VACUUM ANALYZE {}").format(sql.Identifier(table)))
        return found
    finally:
        connection.close()


def number_of(database_url: str) -> int:
    """How many public datasets with an evaluation there are."""
    connection = psycopg2.connect(database_url)
    try:
        with connection.cursor() as cursor:
            return _number(cursor)
    finally:
        connection.close()


def _number(cursor: psycopg2.extensions.cursor) -> int:
    cursor.execute(_PUBLIC)
    (found,) = cursor.fetchone() or (0,)
    return int(found)


def _statement(cursor: psycopg2.extensions.cursor, table: str) -> sql.Composed:
    cursor.execute(_COLUMNS, [table])
    columns = [row[0] for row in cursor.fetchall()]
    other = _TABLES[table]
    values = [sql.SQL(other[name]) if name in other else sql.Identifier("t", name) for name in columns]
    return sql.SQL(_COPY).format(
        table=sql.Identifier(table),
        columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
        values=sql.SQL(", ").join(values),
        key=sql.Identifier("id" if table == "package" else "package_id"),
    )
