"""The SQL that reads the changes of public datasets, and deletes old ones."""

from __future__ import annotations

import sqlalchemy as sa

from ckanext.aivision.model.dataset_types import DATASET_TYPES

_PUBLIC = f"coalesce(p.type, 'dataset') = {DATASET_TYPES} AND p.state = 'active' AND p.private IS NOT TRUE"
FEED = sa.text("SELECT id, pruned_xid, pruned_seq FROM aivision_feed")
NEW_FEED = sa.text(
    """
    INSERT INTO aivision_feed (id, pruned_xid, pruned_seq)
    SELECT :id, 0, 0 WHERE NOT EXISTS (SELECT FROM aivision_feed)
    """
)
# Two processes that begin at once must not each make a feed.
ONE_AT_A_TIME = sa.text("SELECT pg_advisory_xact_lock(hashtext('aivision-feed'))")
# newest: of a transaction that this server has not begun yet, where the database was restored into another server.
SPAN = sa.text(
    """
    SELECT txid_snapshot_xmin(txid_current_snapshot()) AS visible, txid_snapshot_xmax(txid_current_snapshot()) AS next,
        (SELECT max(xid) FROM aivision_change) AS newest
    """
)
PAGE = sa.text(
    f"""
    SELECT c.xid, c.seq, c.package_id, c.kind, c.changed, p.name, coalesce({_PUBLIC}, FALSE) AS public
    FROM aivision_change c LEFT JOIN package p ON p.id = c.package_id
    WHERE (c.xid, c.seq) > (:xid, :seq) AND c.xid < :visible AND (c.xid >= :begun OR {_PUBLIC})
    ORDER BY c.xid, c.seq LIMIT :most
    """
)
RENUMBER = sa.text("UPDATE aivision_change SET xid = txid_current()")
RENEW_FEED = sa.text("UPDATE aivision_feed SET id = :id, pruned_xid = 0, pruned_seq = 0")
# Of a public dataset the newest change stays, so that a new reader gets everything from the changes alone.
PRUNE = sa.text(
    f"""
    WITH newest AS (
        SELECT DISTINCT ON (c.package_id) c.package_id, c.xid, c.seq FROM aivision_change c
        JOIN package p ON p.id = c.package_id WHERE {_PUBLIC}
        ORDER BY c.package_id, c.xid DESC, c.seq DESC
    ), old AS (
        SELECT c.xid, c.seq, n.package_id IS NULL AS gone
        FROM aivision_change c LEFT JOIN newest n ON n.package_id = c.package_id
        WHERE c.changed < :before AND c.xid < txid_snapshot_xmin(txid_current_snapshot())
            AND (n.package_id IS NULL OR (c.xid, c.seq) < (n.xid, n.seq))
    ), pruned AS (
        DELETE FROM aivision_change c USING old WHERE c.xid = old.xid AND c.seq = old.seq
        RETURNING c.xid, c.seq, old.gone
    )
    SELECT count(*) AS pruned, max(ARRAY[xid, seq]) FILTER (WHERE gone) AS last FROM pruned
    """
)
NOTE_PRUNED = sa.text(
    """
    UPDATE aivision_feed SET pruned_at = :now,
        pruned_xid = CASE WHEN :xid > pruned_xid THEN :xid ELSE pruned_xid END,
        pruned_seq = CASE WHEN (:xid, :seq) > (pruned_xid, pruned_seq) THEN :seq ELSE pruned_seq END
    """
)
PRUNED_AT = sa.text("SELECT pruned_at FROM aivision_feed")
