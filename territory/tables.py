"""The reference files the application reads: their columns, and what makes a row right."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from territory import search_text
from territory.enums import PairOrigin, Zone
from territory.models import Academie, Activity, CollectiveAgreement, Departement, Region
from territory.reference_files import Layout, Problems, Row, read_rows

NOMENCLATURE = "rev2"
INSEE = r"(\d{2}|2[AB])\d{3}"
POSTCODE = re.compile("[0-9]{5}")
IDCC = r"\d{1,4}"
NAF = r"\d{2}\.?\d{2}[A-Z]"
SLUG = r"[a-z0-9]+(-[a-z0-9]+)*"
# What the official table writes for employees under no agreement.
NO_AGREEMENT = ("", "Autre", "9998", "9999")
Record = tuple[Any, ...]


@dataclass(frozen=True)
class Known:
    """Codes already in the database, that a file may refer to."""

    regions: set[str]
    academies: set[str]
    departements: set[str]
    agreements: set[str]
    activities: dict[str, int]
    # Agreements that only the official table of activities names: code and title.
    new_agreements: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls) -> "Known":
        activities = Activity.objects.filter(nomenclature=NOMENCLATURE)
        return cls(
            regions=set(Region.objects.values_list("pk", flat=True)),
            academies=set(Academie.objects.values_list("pk", flat=True)),
            departements=set(Departement.objects.values_list("pk", flat=True)),
            agreements=set(CollectiveAgreement.objects.values_list("pk", flat=True)),
            activities=dict(activities.values_list("code", "pk")),
        )


@dataclass(frozen=True)
class Table:
    """A file, the database table it fills and the key that tells its rows apart."""

    name: str
    # Singular and plural, as reports write them.
    labels: tuple[str, str]
    file_name: str
    layout: Layout
    database_table: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    parse: Callable[[Row, Known], Record | None]
    # Columns a second load leaves as staff set them.
    set_once: tuple[str, ...] = ()
    # A file of pairs replaces the pairs of its origin; elsewhere absent rows are kept, because
    # contacts and organisations refer to them.
    replaces: PairOrigin | None = None

    def records(
        self, lines: Iterable[bytes], known: Known, file_name: str = ""
    ) -> Iterator[Record]:
        """Yield the rows to store; raise `ReferenceFileError` after the last if any was wrong.

        Never queries: the connection is busy with the COPY these rows go into.
        """
        problems = Problems(file_name or self.file_name)
        seen: dict[tuple[Any, ...], int] = {}
        places = [self.columns.index(column) for column in self.key]
        for row in read_rows(lines, self.layout, problems):
            before = problems.count
            record = self.parse(row, known)
            if record is None or problems.count > before:
                continue
            key = tuple(record[place] for place in places)
            if key in seen:
                row.wrong(f"déjà donné à la ligne {seen[key]}")
                continue
            seen[key] = row.line
            yield record
        if problems.count:
            raise problems.error()


def _zone(row: Row) -> str:
    if row.values["zone"] not in Zone.values:
        row.wrong(f"zone « {row.values['zone'][:30]} » : metro, drom ou com attendu")
    return row.values["zone"]


def _region(row: Row, _known: Known) -> Record:
    code = row.code("code", r"\w{2,3}", "2 ou 3 caractères attendus", "code de région")
    return code, row.text("nom", 80), _zone(row)


def _academie(row: Row, _known: Known) -> Record:
    zone = row.code("zone", "[ABC]?", "A, B, C ou rien attendu", "zone scolaire")
    return row.text("academie", 40), zone


def _departement(row: Row, known: Known) -> Record:
    code = row.code("code", r"\d{2,3}|2[AB]", "2 ou 3 caractères attendus", "code de département")
    name = row.text("nom", 80)
    return (
        code,
        name,
        row.known("region", known.regions, "région"),
        row.text("prefecture", 80),
        row.integer("population") or 0,
        row.coordinate("lat", 90),
        row.coordinate("lon", 180),
        _zone(row),
        row.text("fuseau", 40),
        row.code("region_telephonique", "[A-Z]{2}", "2 lettres attendues", "région téléphonique"),
        row.known("academie", known.academies | {""}, "académie") or None,
        search_text.build(name, code, code.lstrip("0")),
    )


def _commune(row: Row, known: Known) -> Record:
    insee = row.code("code_insee", INSEE, "5 caractères attendus", "code INSEE")
    name = row.text("nom", 80)
    departement = row.known("departement", known.departements, "département")
    if not insee.startswith(departement):
        row.wrong(f"le code INSEE « {insee[:30]} » n’est pas du département {departement[:3]}")
    postcodes = row.values["codes_postaux"].split()
    if wrong := [code for code in postcodes if not POSTCODE.fullmatch(code)]:
        row.wrong(f"code postal « {wrong[0][:30]} » : 5 chiffres attendus")
    return (
        insee,
        name,
        departement,
        postcodes,
        row.integer("population") or 0,
        row.coordinate("lat", 90),
        row.coordinate("lon", 180),
        search_text.commune(name, postcodes, insee),
    )


def _agreement(row: Row, _known: Known) -> Record:
    idcc = row.code("idcc", IDCC, "4 chiffres attendus", "IDCC").zfill(4)
    short_title = row.text("titre_court", 300)
    title = row.text("titre", 2000)
    words = search_text.agreement(short_title, idcc)
    return idcc, short_title, title, row.integer("effectif"), words


def _activity(row: Row, _known: Known) -> Record:
    return NOMENCLATURE, _naf(row, "code"), row.text("libelle", 300)


def _naf(row: Row, column: str) -> str:
    """An activity code with its dot: the official table writes `1071C`, others `10.71C`."""
    code = row.code(column, NAF, "code comme 10.71C attendu", "code d’activité")
    return code if "." in code else f"{code[:2]}.{code[2:]}"


def _pair(row: Row, known: Known, column: str, origin: PairOrigin) -> tuple[Any, ...] | None:
    before = row.problems.count
    code = _naf(row, column)
    idcc = row.code("idcc", IDCC, "4 chiffres attendus", "IDCC").zfill(4)
    if row.problems.count > before:
        return None
    if code not in known.activities:
        row.wrong(f"activité « {code} » inconnue")
        return None
    if idcc not in known.agreements:
        row.wrong(f"IDCC « {idcc} » inconnu")
        return None
    return known.activities[code], idcc, origin


def _pair_from_texts(row: Row, known: Known) -> Record | None:
    pair = _pair(row, known, "code_naf", PairOrigin.TEXTS)
    return (*pair, None) if pair else None


def _pair_indicative(row: Row, known: Known) -> Record | None:
    pair = _pair(row, known, "code_naf", PairOrigin.INDICATIVE)
    return (*pair, None) if pair else None


def _pair_official(row: Row, known: Known) -> Record | None:
    idcc = row.values["idcc"]
    if idcc in NO_AGREEMENT:
        return None
    if re.fullmatch(IDCC, idcc, re.ASCII) and idcc.zfill(4) not in known.agreements:
        known.new_agreements.setdefault(idcc.zfill(4), row.text("intidcc", 300))
        known.agreements.add(idcc.zfill(4))
    pair = _pair(row, known, "apen", PairOrigin.OFFICIAL)
    return (*pair, _percent(row)) if pair else None


def _percent(row: Row) -> float | None:
    """A share, blank where statistical secrecy hides it (“nd”, “s”, “-”)."""
    value = row.values["pctdiff"].replace(",", ".").removesuffix("%").strip()
    if not value or value.strip("<. ").isalpha() or value in ("-", "."):
        return None
    try:
        percent = float(value.lstrip("<"))
    except ValueError:
        percent = -1
    if not 0 <= percent <= 100:
        row.wrong(f"pctdiff « {row.values['pctdiff'][:30]} » : pourcentage attendu")
        return None
    return percent


def _trade(row: Row, known: Known) -> Record:
    slug = row.code("slug", SLUG, "lettres minuscules, chiffres et tirets attendus", "identifiant")
    if len(slug) > 60:
        row.wrong("identifiant : 60 caractères au plus")
    label = row.text("label", 120)
    agreements = [code.zfill(4) for code in row.values["idcc"].split()]
    for idcc in agreements:
        if idcc not in known.agreements:
            row.wrong(f"IDCC « {idcc[:30]} » inconnu")
    if len(set(agreements)) < len(agreements):
        row.wrong("le même IDCC est écrit deux fois")
    words = search_text.trade(label, agreements)
    return slug, label, min(row.line, 32767), True, words, agreements


def _holiday(row: Row, known: Known) -> Record:
    area = row.values["zone"]
    if area and area not in known.departements:
        row.wrong(f"département « {area[:30]} » inconnu")
    return row.day("date"), row.text("nom", 80), area


def _school_holiday(row: Row, _known: Known) -> Record:
    zone = row.code("zone", "[ABC]", "A, B ou C attendu", "zone scolaire")
    return zone, row.day("debut"), row.day("fin"), row.text("nom", 80)


PAIR_COLUMNS = ("activity_id", "agreement_id", "origin", "share_percent")


def _pairs(
    name: str,
    label: str,
    layout: Layout,
    parse: Callable[[Row, Known], Record | None],
    origin: PairOrigin,
) -> Table:
    return Table(
        name=name,
        labels=(f"lien activité – convention ({label})", f"liens activité – convention ({label})"),
        file_name=f"{name}.csv",
        layout=layout,
        database_table="territory_activityagreement",
        columns=PAIR_COLUMNS,
        key=PAIR_COLUMNS[:3],
        parse=parse,
        replaces=origin,
    )


REGIONS = Table(
    name="regions",
    labels=("région ou collectivité", "régions et collectivités"),
    file_name="regions.csv",
    layout=Layout(("code", "nom", "zone")),
    database_table="territory_region",
    columns=("code", "name", "zone"),
    key=("code",),
    parse=_region,
)
ACADEMIES = Table(
    name="academies",
    labels=("académie", "académies"),
    file_name="academies.csv",
    layout=Layout(("academie", "zone")),
    database_table="territory_academie",
    columns=("name", "zone"),
    key=("name",),
    parse=_academie,
)
DEPARTEMENTS = Table(
    name="departements",
    labels=("département ou collectivité", "départements et collectivités"),
    file_name="departements.csv",
    layout=Layout(
        (
            *("code", "nom", "region", "prefecture", "lat", "lon", "population", "zone"),
            *("fuseau", "region_telephonique", "academie"),
        )
    ),
    database_table="territory_departement",
    columns=(
        *("code", "name", "region_id", "prefecture", "population", "latitude", "longitude"),
        *("zone", "time_zone", "phone_region", "academie_id", "search_text"),
    ),
    key=("code",),
    parse=_departement,
)
COMMUNES = Table(
    name="communes",
    labels=("commune", "communes"),
    file_name="communes.csv",
    layout=Layout(
        ("code_insee", "nom", "departement", "codes_postaux", "population", "lat", "lon")
    ),
    database_table="territory_commune",
    columns=(
        *("insee", "name", "departement_id", "postcodes", "population"),
        *("latitude", "longitude", "search_text"),
    ),
    key=("insee",),
    parse=_commune,
)
AGREEMENTS = Table(
    name="idcc",
    labels=("convention collective", "conventions collectives"),
    file_name="idcc.csv",
    layout=Layout(("idcc", "titre_court", "titre", "effectif")),
    database_table="territory_collectiveagreement",
    columns=("idcc", "short_title", "title", "headcount", "search_text"),
    key=("idcc",),
    parse=_agreement,
)
ACTIVITIES = Table(
    name="naf_rev2",
    labels=("activité", "activités"),
    file_name="naf_rev2.csv",
    layout=Layout(("code", "libelle")),
    database_table="territory_activity",
    columns=("nomenclature", "code", "label"),
    key=("nomenclature", "code"),
    parse=_activity,
)
TEXT_PAIRS = _pairs(
    "naf_idcc_from_texts",
    "textes",
    Layout(("code_naf", "idcc")),
    _pair_from_texts,
    PairOrigin.TEXTS,
)
INDICATIVE_PAIRS = _pairs(
    "naf_idcc_indicative",
    "indications",
    Layout(("code_naf", "idcc")),
    _pair_indicative,
    PairOrigin.INDICATIVE,
)
# The ministry's spreadsheet, saved as CSV: a few lines of title stand above its header.
OFFICIAL_PAIRS = _pairs(
    "naf_idcc_official",
    "table officielle",
    Layout(("apen", "intape", "effarrdiff", "idcc", "intidcc", "pctdiff"), latin1=True, titles=12),
    _pair_official,
    PairOrigin.OFFICIAL,
)
TRADES = Table(
    name="trades",
    labels=("métier", "métiers"),
    file_name="trades.csv",
    layout=Layout(("slug", "label", "idcc")),
    database_table="territory_trade",
    # The agreements come last in each record and go to their own table.
    columns=("slug", "label", "position", "is_active", "search_text"),
    key=("slug",),
    parse=_trade,
    set_once=("is_active",),
)
HOLIDAYS = Table(
    name="jours_feries",
    labels=("jour férié", "jours fériés"),
    file_name="jours_feries.csv",
    layout=Layout(("date", "nom", "zone")),
    database_table="territory_publicholiday",
    columns=("date", "name", "area"),
    key=("date", "area", "name"),
    parse=_holiday,
)
SCHOOL_HOLIDAYS = Table(
    name="vacances_scolaires",
    labels=("période de vacances scolaires", "périodes de vacances scolaires"),
    file_name="vacances_scolaires.csv",
    layout=Layout(("zone", "debut", "fin", "nom")),
    database_table="territory_schoolholiday",
    columns=("zone", "starts_on", "ends_on", "name"),
    key=("zone", "starts_on", "name"),
    parse=_school_holiday,
)
# What the product ships, in an order where each file only refers to earlier ones.
SHIPPED = (
    *(REGIONS, ACADEMIES, DEPARTEMENTS, COMMUNES, AGREEMENTS, ACTIVITIES),
    *(TEXT_PAIRS, INDICATIVE_PAIRS, TRADES, HOLIDAYS, SCHOOL_HOLIDAYS),
)
