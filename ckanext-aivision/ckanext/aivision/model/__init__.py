"""Our tables, as SQLAlchemy Core tables: they are read and written by the row, never as objects of a session.

`migration/aivision/versions` makes them; a test holds the two against each other.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from ckanext.aivision.model.dataset_types import dataset_type as dataset_type
from ckanext.aivision.model.metadata import metadata as metadata
from ckanext.aivision.model.stewards import corrected as corrected
from ckanext.aivision.model.stewards import correction as correction
from ckanext.aivision.model.stewards import digest as digest
from ckanext.aivision.model.stewards import former_name as former_name
from ckanext.aivision.model.stewards import inspection as inspection

# What is harvested. `source`: harvesters.sources.source.Source; `state`: harvesters.sources.source_state.SourceState;
# `active`, `gone`: how many records of each the ledger has, counted at the end of each run.
source = sa.Table(
    "aivision_source",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("source", JSONB, nullable=False),
    sa.Column("owner_org", sa.Text),
    sa.Column("schedule", sa.Text, nullable=False),
    sa.Column("priority", sa.Integer, nullable=False),
    sa.Column("state", JSONB, nullable=False),
    sa.Column("active", sa.Integer, nullable=False),
    sa.Column("gone", sa.Integer, nullable=False),
    sa.Column("last_run", sa.Text),
    sa.Column("last_started", sa.DateTime),
    sa.Column("created", sa.DateTime, nullable=False),
)

# heartbeat: moved on while the run's process lives. worker: its host and process.
run = sa.Table(
    "aivision_run",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("started", sa.DateTime, nullable=False),
    sa.Column("finished", sa.DateTime),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("account", JSONB, nullable=False),
    sa.Column("heartbeat", sa.DateTime),
    sa.Column("worker", sa.Text, nullable=False),
    sa.Column("cancel_requested", sa.Boolean, nullable=False),
)

# The latest preview of each source. `state`: queued, running, or as of a run; `asked`: when it was queued; `records`:
# catalogue.ckan.dry_run_store.Previewed as JSON text, for the reason of `dataset` below.
preview = sa.Table(
    "aivision_preview",
    metadata,
    sa.Column("source", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("asked", sa.DateTime, nullable=False),
    sa.Column("started", sa.DateTime),
    sa.Column("finished", sa.DateTime),
    sa.Column("heartbeat", sa.DateTime),
    sa.Column("account", JSONB, nullable=False),
    sa.Column("records", sa.Text, nullable=False),
)

problem = sa.Table(
    "aivision_problem",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
    sa.Column("run_id", sa.Text, nullable=False),
    sa.Column("identifier", sa.Text),
    sa.Column("location", sa.Text, nullable=False),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("severity", sa.Text, nullable=False),
    sa.Column("message", sa.Text, nullable=False),
    sa.Column("seen", sa.Text, nullable=False),
    sa.Column("raw", sa.Text),
)

# The ledger: what each source has given. `dataset` is the whole record.Dataset as JSON text (JSONB would not take
# U+0000); `indexed` is false between the commit of a batch and its arrival in Solr. `state` is active; gone, while the
# source no longer has it; or deleted. `missing_in`: the run that would have removed it, had it not asked first.
record = sa.Table(
    "aivision_record",
    metadata,
    sa.Column("source", sa.Text, primary_key=True),
    sa.Column("identifier", sa.Text(collation="C"), primary_key=True),
    sa.Column("content_hash", sa.Text, nullable=False),
    sa.Column("package_id", sa.Text, nullable=False),
    sa.Column("dataset", sa.Text, nullable=False),
    sa.Column("indexed", sa.Boolean, nullable=False),
    sa.Column("last_changed", sa.DateTime, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("gone_since", sa.DateTime),
    sa.Column("missing_in", sa.Text),
    sa.Column("fingerprint", sa.Text),
)

# What an evaluation looked at beside the metadata, out of its JSON text: it stands there after the results. The
# database works it out once: reading half a million long texts again takes it a quarter of a minute.
LOOKED_AT = """replace(replace(substring(evaluation from '\\]\\],\\[((?:"[a-z]+",?)+)\\]'), '"', ''), ',', ' ')"""

# `evaluation` is without its version and its date, which change more often than what it says. `point`: what a tally
# counts of it, at the depth of the metadata; NULL where it was stored before points were kept. `gains`: what can be
# mended (scoring.scores.mendable); NULL where it was stored before gains were kept.
evaluation = sa.Table(
    "aivision_evaluation",
    metadata,
    sa.Column("package_id", sa.Text, primary_key=True),
    sa.Column("country", sa.Text, nullable=False),
    sa.Column("publisher", sa.Text, nullable=False),
    sa.Column("score", sa.Double),
    sa.Column("coverage", sa.Double, nullable=False),
    sa.Column("grade", sa.Text, nullable=False),
    sa.Column("rubric_version", sa.Text, nullable=False),
    sa.Column("reference_date", sa.Date, nullable=False),
    sa.Column("evaluation", sa.Text, nullable=False),
    sa.Column("point", sa.Text),
    sa.Column("looked_at", sa.Text, sa.Computed(LOOKED_AT, persisted=True)),
    sa.Column("gains", sa.Text),
)

# The points of each dataset's series (compare.tallies.points), one for each day on which its evaluation changed.
# record: the digest of the record that was evaluated, while it is kept. recomputed: made later, under a newer rubric.
history = sa.Table(
    "aivision_history",
    metadata,
    sa.Column("package_id", sa.Text, primary_key=True),
    sa.Column("rubric_version", sa.Text, primary_key=True),
    sa.Column("reference_date", sa.Date, primary_key=True),
    sa.Column("country", sa.Text, nullable=False),
    sa.Column("publisher", sa.Text, nullable=False),
    sa.Column("public", sa.Boolean, nullable=False),
    sa.Column("point", sa.Text, nullable=False),
    sa.Column("record", sa.LargeBinary),
    sa.Column("recomputed", sa.Boolean, nullable=False),
)

# Records that a point was made of, by the digest of their content; compressed, and without the source's own record.
past_record = sa.Table(
    "aivision_past_record",
    metadata,
    sa.Column("digest", sa.LargeBinary, primary_key=True),
    sa.Column("record", sa.LargeBinary, nullable=False),
)

# The tallies as they were on days gone by; level: `publisher`, or `country` for all of its publishers; `sample
# publisher` and `sample country` are those of made-up samples. lacking:
# datasets that there were on the day and that are not in the tally, as their records of then are not kept.
trend = sa.Table(
    "aivision_trend",
    metadata,
    sa.Column("rubric_version", sa.Text, primary_key=True),
    sa.Column("country", sa.Text, primary_key=True),
    sa.Column("level", sa.Text, primary_key=True),
    sa.Column("publisher", sa.Text, primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("publishers", sa.Integer, nullable=False),
    sa.Column("lacking", sa.Integer, nullable=False),
    sa.Column("recomputed", sa.Boolean, nullable=False),
    sa.Column("tally", sa.Text, nullable=False),
)

# Runs of `ckan aivision rescore`, with the columns of a run of a harvest.
rescore = sa.Table(
    "aivision_rescore",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("rubric_version", sa.Text, nullable=False),
    sa.Column("reference_date", sa.Date, nullable=False),
    sa.Column("started", sa.DateTime, nullable=False),
    sa.Column("finished", sa.DateTime),
    sa.Column("heartbeat", sa.DateTime, nullable=False),
    sa.Column("worker", sa.Text, nullable=False),
    sa.Column("cancel_requested", sa.Boolean, nullable=False),
    sa.Column("account", JSONB, nullable=False),
)

# What publishers are told ahead of a rescore: the new version of the rubric and the day from which it is used.
announcement = sa.Table(
    "aivision_announcement",
    metadata,
    sa.Column("rubric_version", sa.Text, primary_key=True),
    sa.Column("starts_on", sa.Date, nullable=False),
    sa.Column("made", sa.DateTime, nullable=False),
)

# The grade that each dataset would have under the announced version. gate: the id of the gate that limits it, or empty.
# criteria: the ids of those that move the score most in the direction of the grade.
announced_grade = sa.Table(
    "aivision_announced_grade",
    metadata,
    sa.Column("package_id", sa.Text, primary_key=True),
    sa.Column("rubric_version", sa.Text, nullable=False),
    sa.Column("grade", sa.Text, nullable=False),
    sa.Column("score", sa.Double),
    sa.Column("gate", sa.Text, nullable=False),
    sa.Column("criteria", JSONB, nullable=False),
)

# Datasets whose evaluation is stored and whose facets in the index are still those of the one before.
unindexed = sa.Table("aivision_unindexed", metadata, sa.Column("package_id", sa.Text, primary_key=True))

# What each public dataset is of, for snapshots: compare.table.facets.Facets as JSON. version: of the tables that they
# come from. edited, changed: the package's metadata_modified and the ledger's last_changed as they were then.
facets = sa.Table(
    "aivision_facets",
    metadata,
    sa.Column("package_id", sa.Text, primary_key=True),
    sa.Column("version", sa.Text, nullable=False),
    sa.Column("edited", sa.DateTime),
    sa.Column("changed", sa.DateTime),
    sa.Column("facets", sa.Text, nullable=False),
)

# What the people who look after a dataset say against the result of a criterion. user_id: who said it.
objection = sa.Table(
    "aivision_objection",
    metadata,
    sa.Column("package_id", sa.Text, primary_key=True),
    sa.Column("criterion", sa.Text, primary_key=True),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("user_id", sa.Text, nullable=False),
    sa.Column("made", sa.DateTime, nullable=False),
)

# What links answer. id: SHA-256 of the address in hexadecimal digits, for an address may be longer than an index takes.
# link: the whole scoring.observations.observations.Link as JSON; the columns beside it are what is looked for by.
link = sa.Table(
    "aivision_link",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("checked_at", sa.DateTime, nullable=False),
    sa.Column("due", sa.DateTime),
    sa.Column("link", sa.Text, nullable=False),
)

# What a resource's file holds: scoring.observations.file_profile.FileProfile as JSON text. address: SHA-256 of the URL
# that it was fetched from. If the resource has another URL by now, the profile is of another file.
file_profile = sa.Table(
    "aivision_file_profile",
    metadata,
    sa.Column("resource_id", sa.Text, primary_key=True),
    sa.Column("package_id", sa.Text, nullable=False),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("profiled_at", sa.DateTime, nullable=False),
    sa.Column("profile", sa.Text, nullable=False),
)

# Changes of public datasets, written by triggers (migration 0013). xid: of the transaction; with seq it is the position
# in the order that readers follow. kind: created, updated or deleted, as far as the public can see.
change = sa.Table(
    "aivision_change",
    metadata,
    sa.Column("xid", sa.BigInteger, primary_key=True),
    sa.Column("seq", sa.BigInteger, primary_key=True),
    sa.Column("package_id", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("changed", sa.DateTime, nullable=False),
)

# One row. id: of this series of changes, in every cursor. pruned_xid, pruned_seq: the last position of which a reader
# can have missed something, as it was deleted. pruned_at: when changes were last pruned.
feed = sa.Table(
    "aivision_feed",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("pruned_xid", sa.BigInteger, nullable=False),
    sa.Column("pruned_seq", sa.BigInteger, nullable=False),
    sa.Column("pruned_at", sa.DateTime),
)

# Documents about public datasets as they were written last. form: the standard and the syntax. revision: of the dataset
# and of what wrote the document (catalogue.tables.revisions); if it is another by now, the document is not true any
# more. node: the dataset's IRI in it. body: without what stands once around all datasets of a document.
document = sa.Table(
    "aivision_document",
    metadata,
    sa.Column("package_id", sa.Text, primary_key=True),
    sa.Column("form", sa.Text, primary_key=True),
    sa.Column("revision", sa.Text, nullable=False),
    sa.Column("node", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
)

from ckanext.aivision.model import audit as audit  # noqa: E402 - its tables are of this metadata
from ckanext.aivision.model import bulk_edits as bulk_edits  # noqa: E402
