"""What the machine itself must offer: Node, Pango, a browser, Java.

Root on a Debian-like system gets the missing package installed; anybody else gets its name.
Standard library only: it runs before anything is installed.
"""

from __future__ import annotations

import ctypes.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

NODE_MINIMUM = 20
BROWSER_NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
)
MAC_BROWSERS = (
    Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
    Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
)
PANGO_LIBRARIES = ("pango-1.0", "pangoft2-1.0", "harfbuzz", "harfbuzz-subset")

# Package names by package manager, as a person would type them after "install".
PACKAGES = {
    "node": {"apt-get": "nodejs npm", "dnf": "nodejs npm", "brew": "node"},
    "pango": {
        "apt-get": "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0",
        "dnf": "pango",
        "brew": "pango",
    },
    "browser": {"apt-get": "chromium", "dnf": "chromium", "brew": "--cask chromium"},
    "java": {
        "apt-get": "default-jre-headless",
        "dnf": "java-latest-openjdk-headless",
        "brew": "openjdk",
    },
}
LABELS = {
    "node": f"Node.js {NODE_MINIMUM} or newer, with npm",
    "pango": "the Pango library (it lays out the PDF sheets)",
    "browser": "Chrome or Chromium (the browser tests drive it)",
    "java": "a Java runtime (the HTML validator needs it)",
}


class Missing(Exception):
    """Something the project needs is not on this machine; the message says what to install."""


def find_browser() -> Path | None:
    """Return the first installed Chrome or Chromium; the CHROMIUM variable wins."""
    wanted = os.environ.get("CHROMIUM")
    if wanted:
        return Path(wanted) if Path(wanted).is_file() else None
    for name in BROWSER_NAMES:
        found = shutil.which(name)
        if found:
            return Path(found)
    return next((path for path in MAC_BROWSERS if path.is_file()), None)


def has_node() -> bool:
    if not shutil.which("npm"):
        return False
    version = re.match(r"v(\d+)", _first_line("node", "--version"))
    return version is not None and int(version[1]) >= NODE_MINIMUM


def has_pango() -> bool:
    return all(ctypes.util.find_library(name) for name in PANGO_LIBRARIES)


def has_browser() -> bool:
    return find_browser() is not None


def has_java() -> bool:
    # macOS ships a `java` that only asks to install Java: it must actually run.
    return bool(_first_line("java", "-version"))


CHECKS: dict[str, Callable[[], bool]] = {
    "node": has_node,
    "pango": has_pango,
    "browser": has_browser,
    "java": has_java,
}


def ensure(need: str) -> None:
    """Return when `need` is met, installing it where that takes no question; else raise Missing."""
    if CHECKS[need]():
        return
    # A distribution's Node may be older than we need, so that one stays the person's choice.
    if need != "node" and os.geteuid() == 0 and shutil.which("apt-get"):
        install_with_apt(PACKAGES[need]["apt-get"].split())
        if CHECKS[need]():
            return
    raise Missing(explain(need))


def install_with_apt(packages: list[str]) -> None:
    """Install Debian packages without questions, refreshing the package lists once."""
    print(f"Installing {' '.join(packages)} with apt…", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    for command in (["apt-get", "update", "-qq"], install):
        result = subprocess.run(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,  # whoever asked looks whether the thing is there now
        )
        if result.returncode:
            print(result.stdout + result.stderr, file=sys.stderr)
            return


def explain(need: str) -> str:
    """Say what is missing and the command that installs it here."""
    lines = [f"Missing on this machine: {LABELS[need]}."]
    if need == "node" and (found := _first_line("node", "--version")):
        lines.append(f"(The one found is {found}.)")
    for manager, names in PACKAGES[need].items():
        if shutil.which(manager):
            sudo = "" if manager == "brew" else "sudo "
            lines.append(f"Install it with:  {sudo}{manager} install {names}")
            break
    else:
        for manager, names in PACKAGES[need].items():
            lines.append(f"  {manager}: {names}")
    lines.append("then run the same command again.")
    return "\n".join(lines)


def _first_line(*command: str) -> str:
    try:
        result = subprocess.run(command, capture_output=True, text=True, check=True, timeout=30)
    except (OSError, subprocess.SubprocessError):
        return ""
    return (result.stdout or result.stderr).strip()


def main(needs: list[str]) -> int:
    """Check each named need; print every missing one and return 1 if any is."""
    missing = []
    for need in needs:
        try:
            ensure(need)
        except Missing as problem:
            missing.append(str(problem))
    print("\n\n".join(missing), file=sys.stderr, end="\n" if missing else "")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
