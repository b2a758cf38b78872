"""The recipe for a page in CONTRIBUTING.md, followed in a copy of the package: a view, a template, and two lines."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from tests.recipes import PACKAGE, add_page, copy_checkout, run_python
from tests.records import record

# A site of its own, since CKAN loads plugins once in a process.
SITE = """
import json, sys
import ckanext.aivision
from ckan.cli import load_config
from ckan.config.middleware import make_app
application = make_app(load_config(sys.argv[1]))._wsgi_app
answers = {path: application.test_client().get(path) for path in ("/grades", "/dataset/")}
pages = {path: [answer.status_code, answer.get_data(as_text=True)] for path, answer in answers.items()}
print(json.dumps({"code": ckanext.aivision.__file__, "pages": pages}))
"""


def test_the_page_shows_its_figures_and_every_page_has_its_tab(
    stack: Any, tmp_path: Path, harvested: Any, source: Any
) -> None:
    name = source()
    harvested(name, [record(1, identifier=f"{name}-1")])
    copy_checkout(tmp_path / "copy")
    add_page(tmp_path / "copy")
    done = run_python(tmp_path / "copy", "-c", SITE, stack.ini)
    assert done.returncode == 0, done.stderr
    site = json.loads(done.stdout.splitlines()[-1])
    assert site["code"] == str(tmp_path / "copy" / PACKAGE / "__init__.py")
    status, page = site["pages"]["/grades"]
    rows = re.findall(r"<tr><td>([A-E])</td><td>(\d+)</td></tr>", page)
    assert status == 200
    assert rows == sorted(rows)
    assert sum(int(count) for _, count in rows) > 0
    assert re.search(r'<a href="/grades"[^>]*>Grades</a>', site["pages"]["/dataset/"][1])
