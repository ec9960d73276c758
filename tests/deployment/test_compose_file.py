import json
from importlib.resources import files
from typing import Any

import pytest
from jsonschema.validators import validator_for

from tests.deployment.compose import (
    ROOT,
    MissingVariable,
    example_answers,
    read_compose,
)

APPLICATION = ("web", "worker", "beat", "migrate")
REQUIRED = ("SITE_URL", "POSTGRES_PASSWORD", "VALKEY_PASSWORD")


def services() -> dict[str, Any]:
    return read_compose()["services"]


def schema() -> Any:
    """The Compose Specification's own schema, as `check-jsonschema` ships it."""
    folder = files("check_jsonschema") / "builtin_schemas" / "vendor"
    return json.loads((folder / "compose-spec.json").read_text())


def complaints(content: Any) -> list[str]:
    validator = validator_for(schema())(schema())
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(content)]


def test_follows_the_compose_specification() -> None:
    assert complaints(read_compose()) == []


def test_a_misspelt_key_would_be_noticed() -> None:
    content = read_compose()
    content["services"]["web"]["helthcheck"] = {}
    assert any("helthcheck" in complaint for complaint in complaints(content))


def test_the_whole_application_is_there() -> None:
    replicas = {
        name: service.get("deploy", {}).get("replicas", 1) for name, service in services().items()
    }
    assert replicas == {
        "proxy": 1,
        "web": 2,
        "worker": 2,
        "beat": 1,
        "migrate": 1,
        "postgres": 1,
        "valkey": 1,
    }


@pytest.mark.parametrize("name", [*APPLICATION, "proxy", "postgres", "valkey"])
def test_each_service_gives_up_the_rights_it_does_not_need(name: str) -> None:
    service = services()[name]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["read_only"] is True
    assert "privileged" not in service


@pytest.mark.parametrize("name", ["proxy", "web", "worker", "beat", "postgres", "valkey"])
def test_each_lasting_service_has_a_health_check(name: str) -> None:
    assert services()[name]["healthcheck"]["test"][0] in ("CMD", "CMD-SHELL")


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_nothing_starts_on_an_older_database_schema(name: str) -> None:
    waits = services()[name]["depends_on"]
    assert waits["migrate"] == {"condition": "service_completed_successfully"}


def test_only_the_proxy_is_reached_from_outside() -> None:
    content = read_compose()
    published = [name for name, service in content["services"].items() if "ports" in service]
    assert published == ["proxy"]
    assert content["networks"]["data"] == {"internal": True}
    for name in ("postgres", "valkey"):
        assert content["services"][name]["networks"] == ["data"]


def test_volumes_are_named() -> None:
    content = read_compose()
    for service in content["services"].values():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert source in content["volumes"] or (ROOT / source).is_file(), volume


@pytest.mark.parametrize("missing", REQUIRED)
def test_a_missing_answer_stops_it_with_the_name_of_the_variable(missing: str) -> None:
    answers = dict.fromkeys(REQUIRED, "given") | {missing: ""}
    with pytest.raises(MissingVariable, match=missing):
        read_compose(answers)


def test_the_file_holds_no_secret() -> None:
    """Without its variables there is nothing left that opens a door."""
    secret_names = {"SECRET_KEY", "PRIVACY_KEY", "POSTGRES_PASSWORD", "VALKEY_PASSWORD"}
    for service in services().values():
        for name, value in service.get("environment", {}).items():
            if name in secret_names or name.endswith("_URL"):
                assert "${" in value, f"{name}={value}"


def test_the_application_gets_every_required_variable() -> None:
    for name in APPLICATION:
        assert services()[name]["env_file"] == ".env"
    assert set(REQUIRED) <= set(example_answers())


def test_the_proxy_lets_the_largest_document_through(settings: Any) -> None:
    text = (ROOT / "deploy" / "Caddyfile").read_text()
    limit = int(text.partition("max_size ")[2].partition("MB")[0]) * 1_000_000
    assert limit > settings.UPLOAD_MAX_BYTES + settings.DATA_UPLOAD_MAX_MEMORY_SIZE
