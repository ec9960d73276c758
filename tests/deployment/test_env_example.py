import ast

from tests.deployment.compose import (
    ROOT,
    VARIABLE,
    documented_variables,
    example,
    example_answers,
)

READERS = ("tpe_campaign/settings.py", "tpe_campaign/env.py")
# Answered by Compose itself, or by the operator for Compose alone.
ONLY_COMPOSE = {"POSTGRES_PASSWORD", "VALKEY_PASSWORD", "IMAGE_TAG"}
SECRETS = ("SECRET_KEY", "PRIVACY_KEY", "POSTGRES_PASSWORD", "VALKEY_PASSWORD")


def variables_read(path: str) -> set[str]:
    """The names in `env.str("NAME", …)` and the like."""
    return {
        node.args[0].value
        for node in ast.walk(ast.parse((ROOT / path).read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "env"
        and node.func.attr != "read_env"
        and isinstance(node.args[0], ast.Constant)
    }


def test_every_variable_that_the_settings_read_is_documented_and_no_other() -> None:
    read = set().union(*(variables_read(path) for path in READERS))
    assert documented_variables() == read | ONLY_COMPOSE


def test_every_variable_that_compose_asks_for_is_documented() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    asked = {match["name"] for match in VARIABLE.finditer(text) if match["name"]}
    assert asked >= ONLY_COMPOSE
    assert asked <= documented_variables()


def test_each_variable_has_its_comment() -> None:
    previous = ""
    for line in example().splitlines():
        if "=" in line.split(" ", 2)[-1] and line.removeprefix("# ").split("=")[0].isupper():
            assert previous.startswith("# "), f"no comment above {line}"
        previous = line


def test_the_example_holds_no_secret() -> None:
    answers = example_answers()
    assert {name: answers[name] for name in SECRETS} == dict.fromkeys(SECRETS, "")
