import io
import socket
from collections.abc import Iterator

import pytest
from rich.console import Console

from local import run
from local.processes import LocalError


@pytest.fixture
def busy_port() -> Iterator[int]:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


@pytest.fixture
def console(monkeypatch: pytest.MonkeyPatch) -> Console:
    monkeypatch.delenv("PORT", raising=False)
    return Console(record=True, file=io.StringIO(), width=200)


def test_a_busy_port_is_replaced_and_said(
    console: Console, busy_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "DEFAULT_PORT", busy_port)
    ports = run.choose_ports(console)
    assert ports.web > busy_port
    assert f"Port {busy_port} is busy: using {ports.web} instead" in console.export_text()


def test_a_busy_port_that_was_asked_for_is_refused(
    console: Console, busy_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORT", str(busy_port))
    with pytest.raises(LocalError, match=f"Port {busy_port} is busy"):
        run.choose_ports(console)


@pytest.mark.parametrize("wanted", ["http", "0", "65536", "-1"])
def test_a_port_that_is_none_is_refused(
    console: Console, wanted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORT", wanted)
    with pytest.raises(LocalError, match=f"PORT={wanted} is not a port number"):
        run.choose_ports(console)


def test_the_servers_of_one_run_never_share_a_port(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = run.free_port()
    monkeypatch.setattr(run, "DEFAULT_PORT", free)
    monkeypatch.setattr(run, "CATCHER_PORT", free)
    ports = run.choose_ports(console)
    assert len({ports.web, ports.catcher, ports.smtp}) == 3
