"""Changes of public datasets, noted by triggers: whatever writes to CKAN's tables, nothing passes them by."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

# What anybody can see, and is evaluated.
_PUBLIC = "coalesce({row}.type, 'dataset') = 'dataset' AND {row}.state = 'active' AND {row}.private IS NOT TRUE"
# Where our tables were dropped by hand, CKAN's are still written.
_GUARD = "IF to_regclass('aivision_change') IS NULL THEN RETURN NULL; END IF;"
_NOW = "transaction_timestamp() AT TIME ZONE 'utc'"
_NOTED = "SELECT c.package_id FROM aivision_change c WHERE c.xid = txid_current()"

# A dataset that becomes public and private again within one transaction was never public to anybody: its entries of
# this transaction go, and it gets no tombstone.
_OF_PACKAGES = f"""
    CREATE OR REPLACE FUNCTION aivision_note_packages() RETURNS trigger LANGUAGE plpgsql AS $body$
    DECLARE
        withdrawn text[];
    BEGIN
        {_GUARD}
        IF TG_OP = 'INSERT' THEN
            INSERT INTO aivision_change (package_id, kind)
            SELECT n.id, 'created' FROM new_rows n WHERE {_PUBLIC.format(row="n")} ORDER BY n.id;
            RETURN NULL;
        ELSIF TG_OP = 'DELETE' THEN
            withdrawn := ARRAY(SELECT o.id FROM old_rows o WHERE {_PUBLIC.format(row="o")} ORDER BY o.id);
        ELSE
            INSERT INTO aivision_change (package_id, kind)
            SELECT moved.id, CASE WHEN moved.was THEN 'updated' ELSE 'created' END
            FROM (
                SELECT n.id, {_PUBLIC.format(row="o")} AS was FROM new_rows n JOIN old_rows o ON o.id = n.id
                WHERE {_PUBLIC.format(row="n")}
            ) moved
            WHERE NOT moved.was OR moved.id NOT IN ({_NOTED})
            ORDER BY moved.id;
            withdrawn := ARRAY(
                SELECT n.id FROM new_rows n JOIN old_rows o ON o.id = n.id
                WHERE ({_PUBLIC.format(row="o")}) AND NOT ({_PUBLIC.format(row="n")}) ORDER BY n.id
            );
        END IF;
        IF cardinality(withdrawn) > 0 THEN
            WITH unseen AS (
                SELECT c.package_id, max(c.seq) AS seq FROM aivision_change c
                WHERE c.xid = txid_current() AND c.kind = 'created' AND c.package_id = ANY(withdrawn)
                GROUP BY c.package_id
            ), dropped AS (
                DELETE FROM aivision_change c USING unseen u
                WHERE c.xid = txid_current() AND c.package_id = u.package_id AND c.seq >= u.seq
            )
            INSERT INTO aivision_change (package_id, kind)
            SELECT w.id, 'deleted' FROM unnest(withdrawn) AS w(id)
            WHERE NOT EXISTS (SELECT FROM unseen u WHERE u.package_id = w.id);
        END IF;
        RETURN NULL;
    END
    $body$
"""


def _touching(name: str, ids: dict[str, str]) -> str:
    """A function that notes the public datasets as updated which rows of another table belong to.

    ids: by operation, a query of ids of packages among the rows.
    """
    branches = " ".join(f"WHEN '{operation}' THEN touched := ARRAY({query});" for operation, query in ids.items())
    return f"""
        CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $body$
        DECLARE
            touched text[];
        BEGIN
            {_GUARD}
            CASE TG_OP {branches} END CASE;
            IF cardinality(touched) > 0 THEN
                INSERT INTO aivision_change (package_id, kind)
                SELECT p.id, 'updated' FROM package p
                WHERE p.id = ANY(touched) AND {_PUBLIC.format(row="p")} AND p.id NOT IN ({_NOTED})
                ORDER BY p.id;
            END IF;
            RETURN NULL;
        END
        $body$
    """


def _of_rows(query: str) -> dict[str, str]:
    """A query over `rows`, for each operation on a table."""
    old, new = query.format(rows="old_rows"), query.format(rows="new_rows")
    return {"INSERT": new, "UPDATE": f"{old} UNION {new}", "DELETE": old}


_BY_PACKAGE = "SELECT r.package_id FROM {rows} r"
# That of its organization is a column of the package.
_OF_GROUPS = "SELECT r.table_id FROM {rows} r WHERE r.table_name = 'package' AND r.capacity <> 'organization'"
_OF_RELATIONS = "SELECT r.subject_package_id FROM {rows} r UNION SELECT r.object_package_id FROM {rows} r"
# What a package shows of its organization and groups.
_SHOWN = """
    WITH other AS (
        SELECT n.id FROM new_rows n JOIN old_rows o ON o.id = n.id WHERE to_jsonb(o) IS DISTINCT FROM to_jsonb(n)
    )
    SELECT p.id FROM package p JOIN other ON p.owner_org = other.id
    UNION SELECT m.table_id FROM member m JOIN other ON m.group_id = other.id
    WHERE m.table_name = 'package' AND m.state = 'active'
"""
_OTHER_RECORD = """
    SELECT n.package_id FROM new_rows n JOIN old_rows o ON o.source = n.source AND o.identifier = n.identifier
    WHERE o.content_hash IS DISTINCT FROM n.content_hash
"""
# Function -> the tables that call it, with the operations.
_ALL = ("INSERT", "UPDATE", "DELETE")
_TRIGGERS: dict[str, tuple[str, dict[str, tuple[str, ...]]]] = {
    "aivision_note_packages": (_OF_PACKAGES, {"package": _ALL}),
    "aivision_note_rows": (
        _touching("aivision_note_rows", _of_rows(_BY_PACKAGE)),
        {"resource": _ALL, "package_tag": _ALL},
    ),
    "aivision_note_members": (_touching("aivision_note_members", _of_rows(_OF_GROUPS)), {"member": _ALL}),
    "aivision_note_relations": (
        _touching("aivision_note_relations", _of_rows(_OF_RELATIONS)),
        {"package_relationship": _ALL},
    ),
    "aivision_note_groups": (_touching("aivision_note_groups", {"UPDATE": _SHOWN}), {'"group"': ("UPDATE",)}),
    "aivision_note_records": (
        _touching(
            "aivision_note_records",
            {"INSERT": _BY_PACKAGE.format(rows="new_rows"), "UPDATE": _OTHER_RECORD},
        ),
        {"aivision_record": ("INSERT", "UPDATE")},
    ),
}
_SEEN = {
    "INSERT": "NEW TABLE AS new_rows",
    "UPDATE": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "DELETE": "OLD TABLE AS old_rows",
}
_FIRST = f"""
    INSERT INTO aivision_change (package_id, kind, changed)
    SELECT p.id, 'created', coalesce(p.metadata_modified, {_NOW}) FROM package p
    WHERE {_PUBLIC.format(row="p")} ORDER BY p.metadata_modified, p.id
"""


def upgrade() -> None:
    op.create_table(
        "aivision_change",
        sa.Column("xid", sa.BigInteger, primary_key=True, server_default=sa.text("txid_current()")),
        sa.Column("seq", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("package_id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column(
            "changed",
            sa.DateTime,
            nullable=False,
            server_default=sa.text(f"({_NOW})"),
        ),
    )
    op.create_table(
        "aivision_feed",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("pruned_xid", sa.BigInteger, nullable=False),
        sa.Column("pruned_seq", sa.BigInteger, nullable=False),
        sa.Column("pruned_at", sa.DateTime),
    )
    for function, (definition, tables) in _TRIGGERS.items():
        op.execute(definition)
        for table, operations in tables.items():
            for operation in operations:
                op.execute(
                    f"CREATE TRIGGER aivision_changes_{operation.lower()} AFTER {operation} ON {table} "
                    f"REFERENCING {_SEEN[operation]} FOR EACH STATEMENT EXECUTE FUNCTION {function}()"
                )
    op.execute(_FIRST)


def downgrade() -> None:
    for function, (_, tables) in _TRIGGERS.items():
        for table, operations in tables.items():
            for operation in operations:
                op.execute(f"DROP TRIGGER IF EXISTS aivision_changes_{operation.lower()} ON {table}")
        op.execute(f"DROP FUNCTION IF EXISTS {function}()")
    op.drop_table("aivision_feed")
    op.drop_table("aivision_change")
