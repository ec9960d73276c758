import pkgutil

import pytest

from local import bench, benches
from local.benches.measure import report


def test_each_bench_of_the_list_has_its_module_and_each_module_its_line() -> None:
    modules = {module.name for module in pkgutil.iter_modules(benches.__path__)}
    assert modules - {"measure"} == set(bench.BENCHES)


@pytest.mark.parametrize("names", [[], ["lookup", "nothing"]])
def test_without_a_known_name_the_benches_are_listed(
    names: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert bench.main(names) == 1
    assert "lookup" in capsys.readouterr().out


@pytest.mark.django_db
def test_a_report_gives_each_duration_as_a_multiple_of_a_trivial_query(
    capsys: pytest.CaptureFixture[str],
) -> None:
    done = []
    report("a title", {"an act": lambda: done.append(1)})
    printed = capsys.readouterr().out
    assert len(done) > 1
    assert "a title" in printed
    assert "× SELECT 1" in printed
    assert "an act" in printed
