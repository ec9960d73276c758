"""Timing, and a table of ratios: on another machine the milliseconds differ, the ratios hardly."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from statistics import median
from time import perf_counter

from django.db import connection
from rich.console import Console
from rich.progress import track
from rich.table import Table

RUNS = 15


def milliseconds(act: Callable[[], object], runs: int = RUNS) -> float:
    """The median duration of `act`, which has been done once before."""
    act()
    durations = []
    for _ in range(runs):
        started = perf_counter()
        act()
        durations.append(perf_counter() - started)
    return median(durations) * 1000


def trivial_query() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def report(title: str, acts: Mapping[str, Callable[[], object]]) -> None:
    """Time each act and a trivial query, and print both their durations and their ratio."""
    trivial = milliseconds(trivial_query, runs=200)
    table = Table("", "ms", "× SELECT 1", title=title)
    for column in table.columns[1:]:
        column.justify = "right"
    table.add_row("SELECT 1", f"{trivial:.2f}", "1")
    for name, act in track(acts.items(), "Measuring…", total=len(acts), transient=True):
        took = milliseconds(act)
        table.add_row(name, f"{took:.1f}", f"{took / trivial:.0f}")
    Console().print(table)
