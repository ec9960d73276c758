"""Where the local machine keeps its data, its secrets and its ports: everything is in `var/`.

One exception: PostgreSQL refuses to run as root, so root lends it to `nobody`; when `nobody` cannot
enter the checkout (a private home), the cluster and the binaries live in a folder of their own.
"""

from __future__ import annotations

import hashlib
import json
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import sys
from pathlib import Path

from local.processes import LocalError

ROOT = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("VAR_DIR") or ROOT / "var").resolve()
SERVER_USER = "nobody"
# Not below a home, and not cleaned at boot as temporary folders are.
OUTSIDE = Path("/var/lib/tpe-campaign")
SECRET_NAMES = (
    "identity",
    "secret_key",
    "privacy_key",
    "database_admin_password",
    "database_password",
    "valkey_password",
    "catcher_token",
)


def server_user() -> str | None:
    """The account that must run PostgreSQL, or None for our own."""
    return SERVER_USER if os.geteuid() == 0 else None


def prepare_var() -> None:
    """Create `var/`; raise LocalError when it belongs to somebody else."""
    VAR.mkdir(parents=True, exist_ok=True)
    if not os.access(VAR, os.W_OK | os.X_OK) or VAR.stat().st_uid != os.geteuid():
        owner = pwd.getpwuid(VAR.stat().st_uid).pw_name
        raise LocalError(
            f"var/ belongs to {owner}: run this as {owner}, or delete var/ to start afresh."
        )
    # The servers' account passes through it; only the owner reads what people did and received.
    VAR.chmod(0o711)
    for name in ("log", "caught", "media"):
        (VAR / name).mkdir(mode=0o700, exist_ok=True)


def load_secrets() -> dict[str, str]:
    """Return this checkout's secrets, made at the first call and readable by their owner only."""
    path = VAR / "secrets.json"
    known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    missing = [name for name in SECRET_NAMES if name not in known]
    if missing:
        known |= {name: secrets.token_urlsafe(48) for name in missing}
        draft = path.with_suffix(".new")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(known, file, indent=1)
        draft.replace(path)
    return known


def free_port(preferred: int | None = None) -> int:
    """Return `preferred` if nobody listens there, else a port that was free a moment ago."""
    if preferred and is_free(preferred):
        return preferred
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_free(port: int) -> bool:
    """Tell whether `port` can be listened to on the loopback interface."""
    with socket.socket() as probe:
        # Without it a connection that lingers from the last run would count as busy.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def cluster_home(identity: str) -> Path:
    """The folder of the PostgreSQL cluster, existing and owned by who runs the server.

    `identity` is that of `var/`: a cluster left outside by a `var/` since deleted is dropped.
    """
    if server_user() is None or can_enter(VAR):
        home = VAR / "postgres"
        give_to_server(home)
        return home
    home = _outside_home()
    mark = OUTSIDE / f"{home.name}.identity"
    if mark.exists() and mark.read_text() != identity:
        shutil.rmtree(home, ignore_errors=True)
    OUTSIDE.mkdir(mode=0o755, parents=True, exist_ok=True)
    mark.write_text(identity)
    mark.chmod(0o600)
    give_to_server(home)
    return home


def readable_copy(tree: Path, *, probe: Path, version: str) -> Path:
    """Return `tree`, or a copy of it that the server's account can run.

    `probe` is a program of the tree that answers to --version.
    """
    if server_user() is None or _can_run(tree / probe):
        return tree
    return copy_for_all(tree, probe=probe, version=version)


def copy_for_all(tree: Path, *, probe: Path, version: str) -> Path:
    """Return a copy of `tree` that everybody can read, made if it is not there yet."""
    copy = OUTSIDE / f"{tree.name}-{version}-py{sys.version_info.major}{sys.version_info.minor}"
    if not _can_run(copy / tree.name / probe):
        shutil.rmtree(copy, ignore_errors=True)
        draft = copy.with_name(f"{copy.name}.{os.getpid()}")
        shutil.copytree(tree, draft / tree.name)
        libraries = tree.with_name(f"{tree.name}.libs")
        if libraries.is_dir():  # the programs look for it beside their package
            shutil.copytree(libraries, draft / libraries.name)
        _open_to_all(draft)
        try:
            draft.replace(copy)
        except OSError:  # somebody else has just made it
            shutil.rmtree(draft)
    return copy / tree.name


def can_enter(folder: Path) -> bool:
    """Tell whether everybody may pass through `folder` and all its parents."""
    return all(step.stat().st_mode & 0o001 for step in (folder, *folder.parents))


def remove_outside() -> None:
    """Delete the cluster that this checkout keeps outside `var/`, if any."""
    if os.geteuid() == 0:
        home = _outside_home()
        shutil.rmtree(home, ignore_errors=True)
        (OUTSIDE / f"{home.name}.identity").unlink(missing_ok=True)


def _outside_home() -> Path:
    return OUTSIDE / hashlib.sha256(bytes(VAR)).hexdigest()[:16]


def give_to_server(home: Path) -> None:
    """Create `home`, private to the account that runs PostgreSQL."""
    home.mkdir(mode=0o700, exist_ok=True)
    user = server_user()
    if user:
        account = pwd.getpwnam(user)
        os.chown(home, account.pw_uid, account.pw_gid)


def _can_run(program: Path) -> bool:
    try:
        result = subprocess.run(
            [program, "--version"],
            user=server_user(),
            cwd="/",
            capture_output=True,
            check=False,
            timeout=30,
        )
    except OSError:
        return False
    return result.returncode == 0


def _open_to_all(tree: Path) -> None:
    for path in (tree, *tree.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            runnable = path.is_dir() or mode & 0o100
            path.chmod(mode | (0o555 if runnable else 0o444))


if __name__ == "__main__":
    remove_outside()
