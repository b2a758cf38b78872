"""docker/kubernetes, against the schemas of Kubernetes and its restricted security standard. No cluster is needed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

DOCKER = Path(__file__).parents[2] / "docker"
FOLDER = DOCKER / "kubernetes"
VERSIONS = ("1.28", "1.31", "1.34")
KUSTOMIZATION = yaml.safe_load((FOLDER / "kustomization.yaml").read_text())
RESOURCES = [
    resource for name in KUSTOMIZATION["resources"] for resource in yaml.safe_load_all((FOLDER / name).read_text())
]
NAMES = [f"{resource['kind']} {resource['metadata']['name']}" for resource in RESOURCES]


def pods() -> Iterator[tuple[str, dict[str, Any]]]:
    """Each pod's name and specification."""
    for resource in RESOURCES:
        spec = resource["spec"]
        for key in ("jobTemplate", "template"):
            if key in spec:
                spec = spec[key].get("spec", spec[key])
                if key == "jobTemplate":
                    spec = spec["template"]["spec"]
                yield resource["metadata"]["name"], spec
                break


PODS = dict(pods())


@pytest.mark.long
@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("resource", RESOURCES, ids=NAMES)
def test_each_resource_follows_the_schema_of_its_kind(resource: dict[str, Any], version: str) -> None:
    kubernetes_validate.validate(resource, version, strict=True)


def test_the_schema_would_refuse_a_misspelt_key() -> None:
    wrong = next(resource for resource in RESOURCES if resource["kind"] == "Deployment")
    wrong = {**wrong, "spec": {**wrong["spec"], "replica": 2}}
    with pytest.raises(kubernetes_validate.ValidationError, match="replica"):
        kubernetes_validate.validate(wrong, VERSIONS[-1], strict=True)


def test_there_are_the_site_the_workers_the_cron_job_and_the_migration() -> None:
    assert set(PODS) == {
        "aivision-init",
        "aivision-web",
        "aivision-worker",
        "aivision-short-worker",
        "aivision-run-due",
    }
    assert {path.name for path in FOLDER.glob("*.yaml")} == {*KUSTOMIZATION["resources"], "kustomization.yaml"}


@pytest.mark.parametrize("name", PODS)
def test_pods_have_no_rights_that_they_do_not_need(name: str) -> None:
    pod = PODS[name]
    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["runAsUser"] != 0
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    for container in pod["containers"]:
        rights = container["securityContext"]
        assert rights["allowPrivilegeEscalation"] is False
        assert rights["readOnlyRootFilesystem"] is True
        assert rights["capabilities"] == {"drop": ["ALL"]}
        assert container["resources"]["limits"]["memory"]


@pytest.mark.parametrize("name", PODS)
def test_every_volume_that_is_mounted_is_there_and_secrets_come_by_file(name: str) -> None:
    pod = PODS[name]
    volumes = {volume["name"] for volume in pod["volumes"]}
    (container,) = pod["containers"]
    mounts = {mount["name"]: mount["mountPath"] for mount in container["volumeMounts"]}
    assert set(mounts) == volumes
    assert "env" not in container
    files = [line.split("=") for line in (FOLDER / "settings.env").read_text().splitlines() if "_FILE=" in line]
    assert len(files) == 3
    assert {str(Path(path).parent) for _, path in files} == {mounts["secrets"]}
    assert not re.search(r"(PASSWORD|SECRET|TOKEN)=", (FOLDER / "settings.env").read_text())


def test_containers_run_commands_that_the_image_has_with_the_memory_that_compose_gives_them() -> None:
    commands = set(re.findall(r'^    "([a-z-]+)": \w+,$', (DOCKER / "container.py").read_text(), re.MULTILINE))
    compose = yaml.safe_load((DOCKER / "compose.yaml").read_text())["services"]
    for pod in PODS.values():
        (container,) = pod["containers"]
        (command,) = container["args"]
        assert command in commands
        probes = [
            container[probe] for probe in ("startupProbe", "readinessProbe", "livenessProbe") if probe in container
        ]
        assert {probe["exec"]["command"][-1] for probe in probes} <= commands
        service = compose["cron" if command == "run-due" else command]
        memory = service["deploy"]["resources"]["limits"]["memory"]
        assert container["resources"]["limits"]["memory"] == memory.replace("g", "Gi")


def test_the_settings_are_those_that_the_image_reads() -> None:
    documented = (DOCKER / "container.py").read_text().split('"""')[1]
    names = [line.split("=")[0] for line in (FOLDER / "settings.env").read_text().splitlines()]
    assert [name for name in names if name.removesuffix("_FILE") not in documented] == []


def test_services_and_rules_of_the_network_select_pods_that_there_are() -> None:
    labels = [
        resource["spec"]["template"]["metadata"]["labels"] for resource in RESOURCES if resource["kind"] == "Deployment"
    ]
    for resource in RESOURCES:
        selector = resource["spec"].get("podSelector", resource["spec"].get("selector", {}))
        wanted = selector.get("matchLabels", selector) if isinstance(selector, dict) else {}
        if resource["kind"] in ("Service", "NetworkPolicy", "PodDisruptionBudget", "Deployment"):
            assert any(wanted.items() <= found.items() for found in labels), resource["metadata"]["name"]


def test_the_image_is_of_this_version() -> None:
    from ckanext.aivision import __version__

    assert KUSTOMIZATION["images"] == [{"name": "ckanext-aivision", "newTag": __version__}]
    assert {container["image"] for pod in PODS.values() for container in pod["containers"]} == {"ckanext-aivision"}
