"""`make test`: pytest on throw-away servers. Arguments go to pytest."""

from __future__ import annotations

import os
import secrets
import sys
import tempfile
from pathlib import Path

from local.processes import Family, LocalError, StopRequested
from local.services import Cluster, start_postgres, start_valkey
from local.state import ROOT, can_enter, give_to_server, prepare_var
from local.system import find_browser

# In the order of `tests/conftest.py`: who starts last is waited for.
DEFAULT_ARGUMENTS = ["-n", "3", "--dist", "loadfile", "--no-loadscope-reorder"]


def main(arguments: list[str]) -> int:
    """Run pytest and return its exit code; nothing stays behind, running or on disk."""
    prepare_var()
    folder = make_folder()
    try:
        with Family(log_folder=folder, remove=folder) as family:
            environment = test_environment(family, folder)
            command = [sys.executable, "-m", "pytest", *(arguments or DEFAULT_ARGUMENTS)]
            pytest = family.start(
                "pytest", command, environment=environment, folder=ROOT, foreground=True
            )
            return family.wait(pytest)
    except StopRequested:
        return 130
    except LocalError as problem:
        print(problem, file=sys.stderr)
        return 1


def make_folder() -> Path:
    """A temporary folder that the servers' account can enter."""
    default = Path(tempfile.gettempdir())
    parent = default if os.geteuid() or can_enter(default) else Path("/var/tmp")
    folder = Path(tempfile.mkdtemp(prefix="tpe-campaign-test-", dir=parent))
    folder.chmod(0o711)
    return folder


def test_environment(family: Family, folder: Path) -> dict[str, str]:
    """Start the servers; return the variables that point the settings at them."""
    home = folder / "postgres"
    give_to_server(home)
    cluster = Cluster(
        home=home,
        admin_password=secrets.token_urlsafe(),
        owner_password=secrets.token_urlsafe(),
        throw_away=True,
    )
    browser = find_browser()
    return {
        **os.environ,
        "ENV_FILE": "",
        "DJANGO_SETTINGS_MODULE": "tpe_campaign.settings",
        "DATABASE_URL": start_postgres(family, cluster),
        "REDIS_URL": start_valkey(family, password=secrets.token_urlsafe()),
        "SECRET_KEY": "only-for-tests-" + secrets.token_urlsafe(),
        "PRIVACY_KEY": "only-for-tests-" + secrets.token_urlsafe(),
        "SITE_URL": "http://testserver",
        "EMAIL_URL": "smtp://127.0.0.1:9",
        "MEDIA_ROOT": str(folder / "media"),
        "STATIC_ROOT": str(folder / "static"),
        **({"CHROMIUM": str(browser)} if browser else {}),
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
