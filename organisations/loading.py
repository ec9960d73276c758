"""The organisations every campaign starts with: created where missing, never altered."""

from pathlib import Path
from time import perf_counter

from django.db import transaction

from organisations.enums import Kind
from organisations.models import Organisation
from territory.enums import Zone
from territory.loading import DATA, Change, LoadReport
from territory.models import CollectiveAgreement, Departement, Region
from territory.reference_files import Layout, Problems, read_rows

FEDERATIONS = Path(__file__).parent / "data" / "federations.csv"
LABELS = {
    Kind.CONFEDERATION: ("confédération", "confédérations"),
    Kind.REGION: ("comité régional", "comités régionaux"),
    Kind.UD: ("union départementale", "unions départementales"),
    Kind.FD: ("fédération", "fédérations"),
}


@transaction.atomic
def load_organisations() -> LoadReport:
    """Create the confederation, 18 regional committees, 101 UDs and the federations.

    An organisation that exists, known by its slug or its territory, is left as staff made it:
    name, parent, agreements. Needs `load_territory` first.
    """
    started = perf_counter()
    report = LoadReport()
    report.changes[LABELS[Kind.CONFEDERATION]] = _create_missing(
        [Organisation(kind=Kind.CONFEDERATION, slug="confederation", name="Confédération")]
    )
    report.changes[LABELS[Kind.REGION]] = _create_missing(_regional_committees())
    report.changes[LABELS[Kind.UD]] = _create_missing(_departmental_unions())
    report.changes[LABELS[Kind.FD]] = _load_federations()
    report.seconds = perf_counter() - started
    return report


def _create_missing(wanted: list[Organisation]) -> Change:
    """Insert what collides with nothing: neither slug nor one-per-territory constraint."""
    before = Organisation.objects.count()
    Organisation.objects.bulk_create(wanted, ignore_conflicts=True)
    new = Organisation.objects.count() - before
    return Change(new=new, unchanged=len(wanted) - new)


def _regional_committees() -> list[Organisation]:
    confederation = Organisation.objects.get(kind=Kind.CONFEDERATION)
    return [
        Organisation(
            kind=Kind.REGION,
            slug=f"cr-{region.code}",
            name=f"Comité régional {region.name}",
            region=region,
            parent=confederation,
        )
        for region in Region.objects.exclude(zone=Zone.COM)
    ]


def _departmental_unions() -> list[Organisation]:
    committees = {
        committee.region_id: committee
        for committee in Organisation.objects.filter(kind=Kind.REGION)
    }
    return [
        Organisation(
            kind=Kind.UD,
            slug=f"ud-{departement.code.lower()}",
            name=f"UD {departement.code} – {departement.name}",
            departement=departement,
            parent=committees.get(departement.region_id),
        )
        for departement in Departement.objects.exclude(zone=Zone.COM)
    ]


def _load_federations() -> Change:
    """A federation gets its agreements when it is created, not later: staff edit them."""
    confederation = Organisation.objects.get(kind=Kind.CONFEDERATION)
    names = {f"fd-{row['slug']}": row["name"] for row in _rows(FEDERATIONS, ("slug", "name"))}
    present = set(Organisation.objects.filter(slug__in=names).values_list("slug", flat=True))
    missing = [
        Organisation(kind=Kind.FD, slug=slug, name=name, parent=confederation)
        for slug, name in names.items()
        if slug not in present
    ]
    Organisation.objects.bulk_create(missing)
    _give_agreements(missing)
    return Change(new=len(missing), unchanged=len(present))


def _give_agreements(federations: list[Organisation]) -> None:
    by_slug = {federation.slug: federation for federation in federations}
    known = set(CollectiveAgreement.objects.values_list("pk", flat=True))
    links = {
        (by_slug[f"fd-{row['federation']}"].pk, idcc)
        for row in _rows(DATA / "trades.csv", ("slug", "idcc", "federation"))
        for idcc in (code.zfill(4) for code in row["idcc"].split())
        if f"fd-{row['federation']}" in by_slug and idcc in known
    }
    through = Organisation.agreements.through
    through.objects.bulk_create(
        through(organisation_id=federation, collectiveagreement_id=idcc)
        for federation, idcc in sorted(links)
    )


def _rows(path: Path, columns: tuple[str, ...]) -> list[dict[str, str]]:
    problems = Problems(path.name)
    with path.open("rb") as lines:
        rows = [row.values for row in read_rows(lines, Layout(columns), problems)]
    if problems.count:
        raise problems.error()
    return rows
