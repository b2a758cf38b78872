"""Pages about what is made of all datasets: snapshots and dumps."""

from __future__ import annotations

from docs.generator import MADE

from ckanext.aivision.compare.table.columns import columns
from ckanext.aivision.scoring.registry import DIMENSIONS
from ckanext.aivision.scoring.rubric import load
from ckanext.aivision.snapshot.dump.describe import table_columns
from ckanext.aivision.snapshot.dump.dump_files import EVALUATIONS
from ckanext.aivision.snapshot.dump.dump_files import kinds as dump_kinds
from ckanext.aivision.snapshot.files import KEPT_DAYS, KEPT_WHOLE


def snapshot() -> str:
    """What a snapshot holds, how long it is kept, and the columns of its table."""
    head = _SNAPSHOT.format(whole=KEPT_WHOLE, days=KEPT_DAYS)
    rows = (
        f"| `{column.name}` | `{column.type}` | {column.text.replace('|', chr(92) + '|')} |"
        for column in columns(load().criteria, DIMENSIONS)
    )
    return "\n".join(["# Snapshots\n", MADE, head, "| column | type | what it holds |\n| --- | --- | --- |", *rows, ""])


_SNAPSHOT = """The figures that pages, actions and commands show come from a snapshot: all public datasets at one
moment. The job worker makes it; `ckan aivision snapshot` makes one now. Each snapshot is a folder below
`ckan.storage_path`, named after its moment (UTC): `aivision/snapshots/20261130T140500Z`.

| file | what it holds |
| --- | --- |
| `manifest.json` | the moment, the versions of the software and of the rubric, how many datasets there are |
| `figures.json` | the comparison of all datasets |
| `lens-NAME.json` | the same with the groups of a lens |
| `frameworks.json` | the same through all lenses side by side |
| `datasets.parquet` | one row for each dataset, with the columns below |
| `groups.parquet`, `sums.npy` | sums over datasets that no filter tells apart, for figures within a request |
| `members.npy`, `ids.npy` | which of these each dataset is in, and the ids |
| `exemplars.parquet` | what datasets show of the criteria that they pass, for the examples to copy |
| `exemplar-datasets.parquet` | the rows of `datasets.parquet` of the datasets that have some |
| `candidates.bin` | what records showed of them, which the next snapshot need not read again |
| `coverage.json` | which agencies, levels of government and sources each country has |
| `trends.parquet`, `trend-sources.parquet` | series over time: a row for each day with a change |

The last {whole} snapshots are kept whole. Of older ones only the last of each day is kept: its `datasets.parquet` for
{days} days, its figures for good, so that figures cited with their date can still be found (`?as_of=2026-11-30`). A
folder that is there is complete: it takes its place only once everything is written.

## Read the table

Any program that reads Parquet can open `datasets.parquet`. With [DuckDB](https://duckdb.org/):

```python
import duckdb

query = \"\"\"
    SELECT country, licence_class, count(*) AS datasets, round(avg(score), 1) AS score
    FROM 'datasets.parquet'
    WHERE NOT sample AND list_contains(themes, 'health') AND year >= 2020
    GROUP BY country, licence_class
    ORDER BY country, datasets DESC
\"\"\"
print(duckdb.sql(query))
```

With [pandas](https://pandas.pydata.org/) and PyArrow:

```python
import pandas

datasets = pandas.read_parquet("datasets.parquet", columns=["country", "grade", "licence_open"])
print(datasets.groupby("country")["licence_open"].agg(["count", "mean"]))
```

`count` is the number of datasets for which the answer is known. Rows are ordered by `country`, `sample`, `agency`,
`publisher`, `source` and `id`. A mean over rows counts each dataset once, so the largest agencies decide it; the
comparison counts each agency once.

## Columns

A column that is empty (NULL) in a row says that the value is not known, or that the question does not apply;
`not_applicable` lists the latter. Texts and lists are never NULL: what is not known is an empty text or list. Names
and titles are as the records have them: escape them before they go into a page, and put an apostrophe before a
leading `=`, `+`, `-` or `@` before they go into a spreadsheet.
"""


def dumps() -> str:
    """The files of a dump, and the columns of its tables."""
    parts = ["# Dumps\n", MADE, _DUMPS, "| file | what is in it |\n| --- | --- |"]
    parts += [f"| `{kind.name}` | {kind.text} |" for kind in dump_kinds()]
    parts.append(_DUMP_FILES)
    for name, found in table_columns().items():
        if name == EVALUATIONS:
            continue
        parts.append(f"## Columns of {name}\n\n| column | type | what it holds |\n| --- | --- | --- |")
        parts += [f"| `{column.name}` | `{column.type}` | {column.text} |" for column in found]
        parts.append("")
    return "\n".join([*parts, _DUMP_EVALUATIONS])


_DUMPS = """A dump is all public datasets with their evaluations, as files. The job worker makes one each day, and
`ckan aivision dump` makes one now. All files of a dump are of the same moment: they are read in one transaction. A dump
is whole or not there. [How to use one](../api.md#dumps); [settings](settings.md#ckanextaivisiondumps).

`/dumps/latest/NAME` is a file of the newest dump, `/dumps/2026-11-30/NAME` one of a day's. `id` is the same in all
files, and the datasets are in its order, but for the evaluations, which have the order of a snapshot.
"""


_DUMP_FILES = """| `dcat.ttl`, `croissant.jsonld`, `schema-org.jsonld` | what the dump says of itself |
| `manifest.json` | the moment, the versions of the software and of the rubric, the files with rows, bytes and SHA-256 |
| `SHA256SUMS` | the checksums, for `sha256sum --check` |

A line of `datasets.ndjson.gz` is a package of CKAN's API, and any program that reads packages reads it, such as
`aivision score`. Its member `aivision_evaluation` is that of `aivision_score_show`, without `next_grade`. A dataset's
record in `records.parquet` is the one that was evaluated: evaluated again, it has the same results if nothing but
metadata was looked at. In a column of `records.parquet`, what a record does not say is NULL or a list without items.
"""


_DUMP_EVALUATIONS = """## Columns of evaluations.parquet

Those of a [snapshot](snapshot.md#columns).
"""
