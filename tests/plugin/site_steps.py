"""Work through a list of steps in a CKAN of its own: `python -m tests.plugin.site_steps INI STEPS RESULTS`.

CKAN loads its plugins once in a process, so a test that needs a site with others starts this. STEPS is a JSON file of
`[name, arguments...]`, RESULTS gets what each step gives:

    ["call", action, data]        what an action returns
    ["command", words...]         what `ckan aivision` prints, its exit status, and what it says beside
    ["rebuild"]                   nothing: the search index is rebuilt
    ["show"]                      all datasets by name, as package_show gives them from the database
    ["patch", field, value]       the errors of saving each dataset with another value, by name; `{}` if all were saved
    ["organizations"]             by name, the custom fields of each organization
    ["countries"]                 by name, the country that each evaluated dataset is evaluated for
    ["pages", paths...]           how pages answer a sysadmin: statuses by path
"""

from __future__ import annotations

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from ckan.cli import load_config
from ckan.config.middleware import make_app


class Steps:
    """The steps by name, within a request."""

    def __init__(self, application: Any) -> None:
        from ckan.plugins import toolkit

        self._application, self._toolkit = application, toolkit
        self._user = toolkit.get_action("get_site_user")({"ignore_auth": True}, {})["name"]

    def call(self, action: str, data: dict[str, Any]) -> Any:
        return self._toolkit.get_action(action)({"ignore_auth": True, "user": self._user}, data)

    def command(self, *words: str) -> dict[str, Any]:
        from click.testing import CliRunner

        from ckanext.aivision.cli.ckan.group import aivision

        done = CliRunner().invoke(aivision, words)
        return {"status": done.exit_code, "output": done.stdout, "beside": done.stderr}

    def rebuild(self) -> None:
        from ckan.lib.search import clear_all, rebuild

        clear_all()
        rebuild()

    def show(self) -> dict[str, Any]:
        import ckan.model as model

        # Until then a saved dataset has its extras in the order in which they were sent; the database keeps another.
        model.Session.expire_all()
        context = {"ignore_auth": True, "user": self._user, "use_cache": False}
        action = self._toolkit.get_action("package_show")
        return {name: action(dict(context), {"id": name}) for name in self._names()}

    def patch(self, field: str, value: str) -> dict[str, Any]:
        errors = {}
        for name in self._names():
            try:
                self.call("package_patch", {"id": name, field: value})
            except self._toolkit.ValidationError as error:
                errors[name] = error.error_dict
        return errors

    def organizations(self) -> dict[str, dict[str, str]]:
        data = {"all_fields": True, "include_extras": True}
        rows = self.call("organization_list", data)
        return {row["name"]: {extra["key"]: extra["value"] for extra in row["extras"]} for row in rows}

    def countries(self) -> dict[str, str]:
        import ckan.model as model
        import sqlalchemy as sa

        query = "SELECT p.name, e.country FROM aivision_evaluation e JOIN package p ON p.id = e.package_id"
        return dict(model.Session.execute(sa.text(query)).all())

    def pages(self, *paths: str) -> dict[str, int]:
        token = self.call("api_token_create", {"user": self._user, "name": "test"})["token"]
        client = self._application.test_client()

        def ask(path: str) -> int:
            return int(client.get(path, headers={"Authorization": token}).status_code)

        # In a thread of its own, as a server would: within this request everybody would be the same user.
        with ThreadPoolExecutor(1) as pool:
            return dict(zip(paths, pool.map(ask, paths), strict=True))

    def _names(self) -> list[str]:
        import ckan.model as model
        import sqlalchemy as sa

        query = "SELECT name FROM package WHERE state <> 'deleted' AND type = 'dataset' ORDER BY name"
        return list(model.Session.execute(sa.text(query)).scalars())


def main() -> None:
    """Runs the steps of the command line."""
    ini, steps, results = (Path(argument) for argument in sys.argv[1:])
    application = make_app(load_config(str(ini)))._wsgi_app
    with application.test_request_context():
        site = Steps(application)
        found = [getattr(site, name)(*arguments) for name, *arguments in json.loads(steps.read_text())]
    results.write_text(json.dumps(found, default=str))


if __name__ == "__main__":
    main()
