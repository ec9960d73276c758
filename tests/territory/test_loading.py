"""Loading of the reference data the product ships."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from phonenumbers import SUPPORTED_REGIONS

from territory.enums import PairOrigin, Zone
from territory.loading import DATA, load_territory
from territory.models import (
    Academie,
    ActivityAgreement,
    CollectiveAgreement,
    Commune,
    Departement,
    PublicHoliday,
    ReferenceImport,
    Region,
    SchoolHoliday,
    Trade,
)
from territory.reference_files import ReferenceFileError

pytestmark = pytest.mark.django_db


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A copy of the shipped files, to be altered; few communes, which makes it quick to load."""
    copy = Path(shutil.copytree(DATA, tmp_path / "data"))
    communes = copy / "communes.csv"
    lines = communes.read_text("utf-8").splitlines(keepends=True)
    kept = [line for line in lines if line.startswith(("code_insee", "4700"))]
    communes.write_text("".join(kept), "utf-8")
    return copy


@pytest.fixture
def alter(data: Path) -> Callable[[str, str, str], None]:
    def replace(name: str, old: str, new: str) -> None:
        path = data / name
        text = path.read_text("utf-8")
        assert text.count(old) == 1
        path.write_text(text.replace(old, new), "utf-8")

    return replace


def test_everything_shipped_is_loaded() -> None:
    assert Region.objects.exclude(zone=Zone.COM).count() == 18
    assert Departement.objects.exclude(zone=Zone.COM).count() == 101
    assert Commune.objects.count() == 34_969
    assert CollectiveAgreement.objects.count() == 390
    assert Trade.objects.count() == 49


def test_a_second_load_changes_nothing() -> None:
    report = load_territory()
    assert report.is_empty
    assert str(report).startswith("rien à changer (")


def test_a_load_into_an_empty_table_counts_the_rows(data: Path) -> None:
    PublicHoliday.objects.all().delete()
    assert str(load_territory(data)).startswith("100 jours fériés en ")


def test_a_changed_row_is_updated_and_the_others_left(
    data: Path, alter: Callable[[str, str, str], None]
) -> None:
    alter("communes.csv", "Agen,47,75,47000,32801", "Agen-Ville,47,75,47000,40000")
    report = load_territory(data)
    agen = Commune.objects.get(pk="47001")
    assert (agen.name, agen.population) == ("Agen-Ville", 40000)
    assert agen.search_text == " agen ville| 47000 47001"
    assert str(report).startswith("communes : 1 modification en ")


def test_a_row_absent_from_the_file_is_kept(
    data: Path, alter: Callable[[str, str, str], None]
) -> None:
    alter("communes.csv", "47001,Agen,47,75,47000,32801,44.20323,0.61553,mairie\n", "")
    load_territory(data)
    assert Commune.objects.filter(pk="47001").exists()


def test_a_pair_absent_from_its_file_is_removed_and_other_origins_are_kept(
    data: Path, alter: Callable[[str, str, str], None]
) -> None:
    pairs = ActivityAgreement.objects.filter(agreement="1404", activity__code="01.62Z")
    pair = pairs.get()
    pairs.create(activity=pair.activity, agreement=pair.agreement, origin=PairOrigin.OFFICIAL)
    alter("naf_idcc_from_texts.csv", "01.62Z,1404,2,KALIARTI000026355959\n", "")
    load_territory(data)
    assert [pair.origin for pair in pairs.all()] == [PairOrigin.OFFICIAL]


def test_trades_edited_by_staff_are_left_alone(data: Path) -> None:
    Trade.objects.filter(pk="boulanger").update(label="Boulange")
    report = load_territory(data)
    assert Trade.objects.get(pk="boulanger").label == "Boulange"
    assert report.is_empty


def test_a_trade_that_is_missing_comes_back_with_its_agreements(data: Path) -> None:
    Trade.objects.filter(pk="boulanger").delete()
    load_territory(data)
    trade = Trade.objects.get(pk="boulanger")
    assert [agreement.pk for agreement in trade.agreements.all()] == ["0843"]


def test_a_table_that_staff_imported_only_receives_what_it_lacks(data: Path) -> None:
    ReferenceImport.objects.create(
        table="communes", file_name="2027.csv", rows=1, imported_at=datetime.now(UTC)
    )
    Commune.objects.filter(pk="47001").update(population=1)
    Commune.objects.filter(pk="47002").delete()
    load_territory(data)
    assert Commune.objects.get(pk="47001").population == 1
    assert Commune.objects.filter(pk="47002").exists()


def test_a_wrong_file_leaves_every_table_as_it_was(
    data: Path, alter: Callable[[str, str, str], None]
) -> None:
    alter("communes.csv", "47001,Agen,47,75,47000,32801", "47001,Agen,47,75,47000,40000")
    alter("jours_feries.csv", "2029-12-25,Noël,", "25/12/2029,Noël,")
    with pytest.raises(ReferenceFileError, match=r"jours_feries\.csv"):
        load_territory(data)
    assert Commune.objects.get(pk="47001").population == 32801


def test_a_missing_file_is_told() -> None:
    with pytest.raises(ReferenceFileError, match=r"regions\.csv : fichier refusé"):
        load_territory(Path(__file__).parent)


def test_the_command_ends_with_one_line() -> None:
    output = StringIO()
    call_command("load_territory", stdout=output)
    assert output.getvalue().startswith("Territoire : rien à changer (")
    assert output.getvalue().count("\n") == 1


def test_the_command_tells_what_is_wrong(
    data: Path, alter: Callable[[str, str, str], None]
) -> None:
    alter("communes.csv", "47001,Agen,", "4701,Agen,")
    with pytest.raises(CommandError, match=r"ligne \d+ : code INSEE « 4701 » : 5 caractères"):
        call_command("load_territory", data=data)


def test_every_departement_has_its_communes() -> None:
    assert not Departement.objects.filter(communes__isnull=True).exists()


def test_every_departement_has_a_real_time_zone_and_telephone_region() -> None:
    for departement in Departement.objects.all():
        ZoneInfo(departement.time_zone)
        assert departement.phone_region in SUPPORTED_REGIONS


@pytest.mark.parametrize(
    ("code", "winter", "summer", "phone_region"),
    [
        ("75", 1, 2, "FR"),
        ("2A", 1, 2, "FR"),
        ("971", -4, -4, "GP"),
        ("972", -4, -4, "MQ"),
        ("973", -3, -3, "GF"),
        ("974", 4, 4, "RE"),
        ("975", -3, -2, "PM"),
        ("976", 3, 3, "YT"),
        ("986", 12, 12, "WF"),
        ("987", -10, -10, "PF"),
        ("988", 11, 11, "NC"),
    ],
)
def test_local_time_and_telephone_region(
    code: str, winter: int, summer: int, phone_region: str
) -> None:
    departement = Departement.objects.get(pk=code)
    zone = ZoneInfo(departement.time_zone)
    offsets = [
        datetime(2026, month, 1, tzinfo=zone).utcoffset().total_seconds() / 3600  # type: ignore[union-attr]
        for month in (12, 7)
    ]
    assert offsets == [winter, summer]
    assert departement.phone_region == phone_region


@pytest.mark.parametrize(
    ("day", "areas"),
    [
        ("2026-12-25", [""]),
        ("2026-12-26", ["57", "67", "68"]),
        ("2026-04-03", ["57", "67", "68"]),
        ("2026-05-27", ["971", "978"]),
        ("2026-05-22", ["972"]),
        ("2026-06-10", ["973"]),
        ("2026-12-20", ["974"]),
        ("2026-04-27", ["976"]),
        ("2026-10-09", ["977"]),
        # Customs, not legal holidays: Mi-Carême, Victor Schœlcher's day.
        ("2026-03-12", []),
        ("2026-07-21", []),
    ],
)
def test_holidays_are_the_legal_ones(day: str, areas: list[str]) -> None:
    assert [holiday.area for holiday in PublicHoliday.objects.filter(date=day)] == areas


def test_every_mainland_departement_is_of_an_academie_with_a_zone() -> None:
    zones = dict(Departement.objects.values_list("code", "academie__zone"))
    own = {"2A", "2B", "971", "972", "973", "974", "976"}
    collectivities = {"975", "977", "978", "984", "986", "987", "988", "989"}
    assert {code for code, zone in zones.items() if zone == ""} == own
    assert {code for code, zone in zones.items() if zone is None} == collectivities
    assert {zone: list(zones.values()).count(zone) for zone in "ABC"} == {"A": 32, "B": 41, "C": 21}
    assert (zones["14"], zones["69"], zones["75"], zones["57"]) == ("B", "A", "C", "B")


def test_every_zone_has_its_holidays_and_no_holiday_is_without_a_zone() -> None:
    of_academies = set(Academie.objects.exclude(zone="").values_list("zone", flat=True))
    assert set(SchoolHoliday.objects.values_list("zone", flat=True)) == of_academies


def test_an_academie_that_changes_zone_takes_its_departements_along(
    data: Path, alter: Callable[[str, str, str], None]
) -> None:
    alter("academies.csv", "Lyon,A", "Lyon,B")
    assert str(load_territory(data)).startswith("académies : 1 modification en ")
    assert {one.school_zone for one in Departement.objects.filter(academie="Lyon")} == {"B"}


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("academies.csv", "Lyon,A", "Lyon,D"),
        ("departements.csv", "679344,metro,Europe/Paris,FR,Lyon", "1,metro,Europe/Paris,FR,Bourg"),
    ],
)
def test_an_academie_nobody_knows_is_refused(
    data: Path, alter: Callable[[str, str, str], None], name: str, old: str, new: str
) -> None:
    alter(name, old, new)
    with pytest.raises(ReferenceFileError, match=name.replace(".", r"\.")):
        load_territory(data)
    assert Departement.objects.get(pk="01").school_zone == "A"


def test_a_school_zone_nobody_knows_is_refused(
    data: Path, alter: Callable[[str, str, str], None]
) -> None:
    alter("vacances_scolaires.csv", "A,2026-02-07,", "D,2026-02-07,")
    with pytest.raises(ReferenceFileError, match=r"vacances_scolaires\.csv"):
        load_territory(data)
