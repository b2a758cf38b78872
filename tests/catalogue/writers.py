"""Writers that change a catalogue at random, by every way in which something is written to it."""

from __future__ import annotations

import itertools
import json
import random
import threading
import uuid
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from tests.records import record

Act = Callable[..., Any]
# Records of a source that each harvest finds changed.
_CHANGED = 10
_MOST_HARVESTED = 15
_OF_RESOURCES = "resource_id IN (SELECT id FROM resource WHERE package_id = :id)"
# The number of rows of the last statement counts.
_BY_SQL = {
    "updated": ["UPDATE package SET title = 'By hand ' || random() WHERE id = :id"],
    "made private or public": ["UPDATE package SET private = NOT private WHERE id = :id"],
    "deleted or back": [
        "UPDATE package SET state = CASE state WHEN 'active' THEN 'deleted' ELSE 'active' END WHERE id = :id"
    ],
    "file renamed": ["UPDATE resource SET name = 'By hand ' || random() WHERE package_id = :id"],
    "purged": [
        f"DELETE FROM resource_view WHERE {_OF_RESOURCES}",
        "DELETE FROM resource WHERE package_id = :id",
        "DELETE FROM package_tag WHERE package_id = :id",
        "DELETE FROM member WHERE table_id = :id",
        "DELETE FROM package WHERE id = :id",
    ],
}


class Shared:
    """What the writers have in common: the datasets that any of them may write to, and how much is left to do."""

    def __init__(self, wanted: int, organizations: list[str], group: str) -> None:
        self.organizations, self.group = organizations, group
        self.done: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.failures: list[BaseException] = []
        self._ids: list[str] = []
        self._left, self._lock = wanted, threading.Lock()

    def add(self, ids: list[str]) -> None:
        with self._lock:
            self._ids += ids

    def pick(self, chance: random.Random) -> str:
        """Also of those that another writer has purged by now."""
        with self._lock:
            # Mostly a recent one, so that writers meet.
            return chance.choice(self._ids[-60:] if chance.random() < 0.7 else self._ids) if self._ids else "none"

    def count(self, what: str, number: int = 1) -> None:
        with self._lock:
            self.done[what] += number
            self._left -= number

    def stop(self) -> None:
        self._left = 0

    def is_done(self) -> bool:
        return self._left <= 0 or bool(self.failures)


class Writer:
    """One writer, in a thread of its own."""

    def __init__(self, application: Any, shared: Shared, seed: int, folder: Path) -> None:
        self._application, self._shared, self._folder = application, shared, folder
        self._chance, self._numbers = random.Random(seed), itertools.count()
        self._records: dict[int, dict[str, Any]] = {}
        self._name = f"writer-{seed}-{uuid.uuid4().hex[:6]}"

    def run(self) -> None:
        ways = [(self.create, 20), (self.patch, 22), (self.delete, 8), (self.purge, 10), (self.toggle, 8)]
        ways += [(self.bulk, 4), (self.draft, 4), (self.add_resource, 5), (self.rename, 1), (self.put_in_group, 3)]
        ways += [(self.write_by_sql, 25), (self.write_and_roll_back, 2), (self.harvest, 8)]
        steps, weights = zip(*ways, strict=True)
        try:
            while not self._shared.is_done():
                (step,) = self._chance.choices(steps, weights)
                with self._application.test_request_context():
                    self._try(step)
        except BaseException as error:
            self._shared.failures.append(error)
            raise

    def _try(self, step: Callable[[Act], None]) -> None:
        import ckan.model as model
        from ckan.plugins import toolkit

        user = toolkit.get_action("get_site_user")({"ignore_auth": True}, {})["name"]

        def act(action: str, **data: Any) -> Any:
            return toolkit.get_action(action)({"ignore_auth": True, "user": user}, data)

        try:
            step(act)
        except (toolkit.ObjectNotFound, toolkit.ValidationError, sa.exc.SQLAlchemyError) as error:
            # Another writer was faster: with the same dataset, at the same time.
            self._shared.refused[type(error).__name__] += 1
        finally:
            model.Session.rollback()
            model.Session.remove()

    def create(self, act: Act, **more: Any) -> str:
        package = {
            "name": f"levels-{uuid.uuid4().hex[:12]}",
            "title": f"River levels {self._chance.random()}",
            "owner_org": self._chance.choice(self._shared.organizations),
            "country": "GB",
            "license_id": "OGL-UK-3.0",
            "private": self._chance.random() < 0.2,
            "tags": [{"name": f"tag {self._chance.randrange(20)}"}],
            "resources": [{"url": "https://rivers.example.gov/levels.csv", "format": "CSV"}],
            **more,
        }
        id: str = act("package_create", **package)["id"]
        self._shared.add([id])
        self._shared.count("created")
        return id

    def patch(self, act: Act) -> None:
        tags = [{"name": f"tag {self._chance.randrange(20)}"} for _ in range(2)]
        act("package_patch", id=self._shared.pick(self._chance), notes=f"Metres {self._chance.random()}", tags=tags)
        self._shared.count("updated")

    def delete(self, act: Act) -> None:
        act("package_delete", id=self._shared.pick(self._chance))
        self._shared.count("deleted")

    def purge(self, act: Act) -> None:
        act("dataset_purge", id=self._shared.pick(self._chance))
        self._shared.count("purged")

    def toggle(self, act: Act) -> None:
        act("package_patch", id=self._shared.pick(self._chance), private=self._chance.random() < 0.5)
        self._shared.count("made private or public")

    def bulk(self, act: Act) -> None:
        office = self._chance.choice(self._shared.organizations)
        ids = [self._shared.pick(self._chance) for _ in range(3)]
        action = self._chance.choice(["bulk_update_private", "bulk_update_public", "bulk_update_delete"])
        act(action, datasets=ids, org_id=office)
        self._shared.count(action)

    def draft(self, act: Act) -> None:
        id = self.create(act, state="draft")
        if self._chance.random() < 0.5:
            act("package_patch", id=id, state="active")
            self._shared.count("published")

    def add_resource(self, act: Act) -> None:
        act("resource_create", package_id=self._shared.pick(self._chance), url="https://rivers.example.gov/about.html")
        self._shared.count("resource added")

    def rename(self, act: Act) -> None:
        office = self._chance.choice(self._shared.organizations)
        act("organization_patch", id=office, title=f"River office {self._chance.random()}")
        self._shared.count("organization renamed")

    def put_in_group(self, act: Act) -> None:
        action = self._chance.choice(["member_create", "member_delete"])
        capacity = {"capacity": "public"} if action == "member_create" else {}
        member = {"object": self._shared.pick(self._chance), "object_type": "package", **capacity}
        act(action, id=self._shared.group, **member)
        self._shared.count(action)

    def write_by_sql(self, act: Act) -> None:
        """As an operator does, several in one transaction: CKAN hears nothing of it."""
        import ckan.model as model

        done: Counter[str] = Counter()
        with model.meta.engine.begin() as connection:
            for _ in range(self._chance.randrange(1, 8)):
                id, what = self._shared.pick(self._chance), self._chance.choice(list(_BY_SQL))
                for statement in _BY_SQL[what]:
                    rows = connection.execute(sa.text(statement), {"id": id}).rowcount
                done[f"{what} by SQL"] += rows
        for what, number in done.items():
            self._shared.count(what, number)

    def write_and_roll_back(self, act: Act) -> None:
        import ckan.model as model

        with model.meta.engine.connect() as connection:
            id = self._shared.pick(self._chance)
            connection.execute(sa.text("UPDATE package SET notes = 'Nothing' WHERE id = :id"), {"id": id})
            connection.rollback()

    def harvest(self, act: Act) -> None:
        """A run that has new, changed and gone records; what is gone is deleted at once."""
        from ckanext.aivision.catalogue.ckan.harvest_job import harvest_into_ckan
        from ckanext.aivision.harvesters.sources.source import resolve

        for number in list(self._records):
            if self._chance.random() < _CHANGED / len(self._records):
                self._records[number]["description"] = (
                    f"Levels in metres above the gauge's zero, {self._chance.random()}."
                )
        for number in self._chance.sample(sorted(self._records), min(3, len(self._records) // 3)):
            del self._records[number]
        for _ in range(self._chance.randrange(1, _MOST_HARVESTED)):
            number = next(self._numbers)
            self._records[number] = record(number, identifier=f"{self._name}-{number}")
        path = self._folder / f"{self._name}.json"
        path.write_text(json.dumps({"dataset": list(self._records.values())}))
        run = harvest_into_ckan(resolve(str(path), "dcat-us", None, "US"), confirm_removal=True)
        counts = run.counts
        self._shared.count("harvested", counts.new + counts.changed + counts.gone)
