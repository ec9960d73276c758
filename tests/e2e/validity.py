"""The W3C's checker, run once on many pages: its virtual machine is slow to start."""

import json
import subprocess
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings

CHECKER = Path(settings.BASE_DIR) / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
# Its time goes into starting; and its schemas are deep.
MACHINE = ("-Xss4m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")


def errors_of(pages: dict[str, str], folder: Path) -> list[str]:
    """The errors of the pages, each after the name of its page; the same page is read once."""
    names: dict[str, str] = {}
    for html in dict.fromkeys(pages.values()):
        file = folder / f"{len(names)}.html"
        file.write_text(html, encoding="utf-8")
        names[file.name] = next(name for name, text in pages.items() if text == html)
    command = ["java", *MACHINE, "-jar", str(CHECKER), "--errors-only", "--format", "json"]
    result = subprocess.run(
        [*command, str(folder)], capture_output=True, text=True, timeout=300, check=False
    )
    report = json.loads(result.stderr)
    return [
        f"{names[Path(unquote(urlsplit(said['url']).path)).name]}: {said['message']}"
        f" {said.get('extract', '')}"
        for said in report["messages"]
    ]
