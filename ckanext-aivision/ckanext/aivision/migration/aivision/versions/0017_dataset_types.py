"""The types of packages that are datasets: a list that the site's setting fills, and that triggers read."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_ONE = "coalesce(\\1.type, ''dataset'') = ''dataset''"
_LISTED = "coalesce(\\1.type, ''dataset'') = ANY(ARRAY(SELECT name FROM aivision_dataset_type))"
# The conditions of the functions that migration 0013 made, with a row's name in place of `\1`.
_REPLACE = """
    DO $do$
    DECLARE
        found oid;
    BEGIN
        FOR found IN
            SELECT p.oid FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
            WHERE n.nspname = current_schema() AND p.proname LIKE 'aivision\\_note\\_%'
        LOOP
            EXECUTE regexp_replace(pg_get_functiondef(found), '{before}', '{after}', 'g');
        END LOOP;
    END
    $do$
"""
_PUBLIC = "p.state = 'active' AND p.private IS NOT TRUE"
# A type that is added or removed shows or hides all its packages at once.
_NOTE_TYPES = f"""
    CREATE FUNCTION aivision_note_types() RETURNS trigger LANGUAGE plpgsql AS $body$
    BEGIN
        IF to_regclass('aivision_change') IS NULL THEN RETURN NULL; END IF;
        IF TG_OP = 'INSERT' THEN
            INSERT INTO aivision_change (package_id, kind)
            SELECT p.id, 'created' FROM package p JOIN new_rows n ON n.name = coalesce(p.type, 'dataset')
            WHERE {_PUBLIC} ORDER BY p.id;
        ELSE
            INSERT INTO aivision_change (package_id, kind)
            SELECT p.id, 'deleted' FROM package p JOIN old_rows o ON o.name = coalesce(p.type, 'dataset')
            WHERE {_PUBLIC} ORDER BY p.id;
        END IF;
        RETURN NULL;
    END
    $body$
"""
_SEEN = {"INSERT": "NEW TABLE AS new_rows", "DELETE": "OLD TABLE AS old_rows"}


def upgrade() -> None:
    op.create_table("aivision_dataset_type", sa.Column("name", sa.Text, primary_key=True))
    op.execute("INSERT INTO aivision_dataset_type VALUES ('dataset')")
    op.execute(_REPLACE.format(before=_pattern(_ONE), after=_LISTED))
    op.execute(_NOTE_TYPES)
    for operation, rows in _SEEN.items():
        op.execute(
            f"CREATE TRIGGER aivision_changes_{operation.lower()} AFTER {operation} ON aivision_dataset_type "
            f"REFERENCING {rows} FOR EACH STATEMENT EXECUTE FUNCTION aivision_note_types()"
        )


def downgrade() -> None:
    op.execute(_REPLACE.format(before=_pattern(_LISTED), after=_ONE))
    op.drop_table("aivision_dataset_type")
    op.execute("DROP FUNCTION aivision_note_types()")


def _pattern(condition: str) -> str:
    """A regular expression of PostgreSQL that finds a condition, with any row's name in place of `\\1`."""
    escaped = "".join(f"\\{sign}" if sign in "().*+?[]" else sign for sign in condition)
    return escaped.replace("\\1\\.", "(\\w+)\\.")
