"""`make bench BENCH=lookup`: timings on throw-away servers, beside a trivial query's."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from local.processes import Family, LocalError, StopRequested
from local.run import manage
from local.state import ROOT, prepare_var
from local.test import make_folder, test_environment


@dataclass(frozen=True)
class Bench:
    """A module of `local/benches/` and the management commands that fill its database."""

    about: str
    commands: tuple[tuple[str, ...], ...]


BENCHES = {
    "board": Bench(
        "the live questions of a webinar, asked again every few seconds",
        (("load_territory",), ("load_organisations",), ("load_campaign",)),
    ),
    "calendar": Bench(
        "a month of the calendar with 50 and with 1 000 actions",
        (("load_territory",), ("load_organisations",), ("load_campaign",)),
    ),
    "capture": Bench(
        "a tablet's record, alone and by thousands, beside a bare view",
        (("load_territory",), ("load_organisations",)),
    ),
    "flyers": Bench(
        "a batch of 500 flyers, beside bare WeasyPrint",
        (("load_territory",), ("load_organisations",), ("load_campaign",)),
    ),
    "lookup": Bench("suggestions for a place, a trade, an agreement", (("load_territory",),)),
    "lists": Bench(
        "the list of contacts and its search, at 5 000 and at 500 000 people",
        (("load_territory",), ("load_organisations",)),
    ),
    "tablet": Bench(
        "saving on a tablet four times slower, without network",
        (("load_territory",), ("load_organisations",)),
    ),
    "imports": Bench(
        "a list of 100 000 people, in and out again",
        (("load_territory",), ("load_organisations",)),
    ),
}


def main(names: list[str]) -> int:
    """Run the named benches, each on a fresh database; nothing stays behind."""
    unknown = [name for name in names if name not in BENCHES]
    if unknown or not names:
        print("Benches: BENCH=NAME of")
        print("\n".join(f"  {name:10} {bench.about}" for name, bench in BENCHES.items()))
        return 1
    prepare_var()
    try:
        return max(run(name, BENCHES[name]) for name in names)
    except StopRequested:
        return 130
    except LocalError as problem:
        print(problem, file=sys.stderr)
        return 1


def run(name: str, bench: Bench) -> int:
    folder = make_folder()
    with Family(log_folder=folder, remove=folder) as family:
        print(f"{name}: preparing a database…", flush=True)
        environment = test_environment(family, folder)
        for command in (("migrate", "--noinput"), *bench.commands):
            family.run(command[0], manage(*command), environment=environment, folder=ROOT)
        module = [sys.executable, "-m", f"local.benches.{name}"]
        measuring = family.start(
            name, module, environment=environment, folder=ROOT, foreground=True
        )
        return family.wait(measuring)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
