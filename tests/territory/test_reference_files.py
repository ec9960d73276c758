"""A wrong reference file is refused whole, in French, with line numbers."""

from collections.abc import Callable

import pytest

from territory.loading import compare_file, load_file
from territory.models import ActivityAgreement, CollectiveAgreement, Commune, Trade, TradeAgreement
from territory.reference_files import ReferenceFileError
from territory.tables import COMMUNES, HOLIDAYS, OFFICIAL_PAIRS, TRADES, Table

pytestmark = pytest.mark.django_db

HEADER = "code_insee,nom,departement,codes_postaux,population,lat,lon"
GOOD = "47001,Agen,47,47000,32801,44.2,0.6"
OFFICIAL = "apen;intape;effarrdiff;idcc;intidcc;pctdiff"


def lines(*texts: str, encoding: str = "utf-8") -> list[bytes]:
    """The texts as the lines of a file, which its own newlines cut."""
    content = "".join(f"{text}\n" for text in texts)
    return content.encode(encoding).splitlines(keepends=True)


def errors_of(table: Table, content: list[bytes]) -> list[str]:
    with pytest.raises(ReferenceFileError) as refused:
        load_file(table, content)
    return [str(error) for error in refused.value.errors]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("1234,Ici,47,47000,1,,", "code INSEE « 1234 » : 5 caractères attendus"),
        ("47٣٣٣,Ici,47,47000,1,,", "code INSEE « 47٣٣٣ » : 5 caractères attendus"),
        ("47999,,47,47000,1,,", "nom est vide"),
        (f"47999,{'x' * 81},47,47000,1,,", "nom : 80 caractères au plus"),
        ("47999,Ici,96,47000,1,,", "département « 96 » inconnu"),
        ("47999,Ici,33,47000,1,,", "le code INSEE « 47999 » n’est pas du département 33"),
        ("47999,Ici,47,4700,1,,", "code postal « 4700 » : 5 chiffres attendus"),
        ("47999,Ici,47,47000,beaucoup,,", "population « beaucoup » : nombre entier attendu"),
        ("47999,Ici,47,47000,-5,,", "population « -5 » : nombre entier attendu"),
        ("47999,Ici,47,47000,1,nord,", "lat « nord » : degrés attendus, entre -90 et 90"),
        ("47999,Ici,47,47000,1,,200", "lon « 200 » : degrés attendus, entre -180 et 180"),
        ("47999,Ici,47,47000,1,", "7 colonnes attendues, 6 trouvées"),
        ("47999,Ici,47,47000,1,,,", "7 colonnes attendues, 8 trouvées"),
        (GOOD, "déjà donné à la ligne 2"),
        ("47999,I\x00ci,47,47000,1,,", "caractère interdit : ce fichier n’est pas un CSV"),
        ('47999,"Ici"x,47,47000,1,,', "ce n’est pas un CSV correct"),
    ],
)
def test_a_wrong_row_is_told_with_its_line(row: str, message: str) -> None:
    (error, *_) = errors_of(COMMUNES, lines(HEADER, GOOD, row))
    assert error.startswith(f"ligne 3 : {message}")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ([], "Ce fichier est vide."),
        (lines(HEADER), "Ce fichier ne contient aucune ligne sous son en-tête."),
        (lines(HEADER, "", ""), "Ce fichier ne contient aucune ligne sous son en-tête."),
        ([b"PK\x03\x04\x14\x00\x06\x00"], "Ce fichier n’est pas un CSV."),
        ([b"\x00\x01\x02\xff\xfe" * 20], "ligne 1 : texte illisible"),
        (lines("bonjour"), "ligne 1 : colonnes absentes de l’en-tête : code_insee, nom"),
        (
            lines(HEADER.replace("population,", "")),
            "ligne 1 : colonnes absentes de l’en-tête : population",
        ),
        (
            lines(HEADER, "47999,Été,47,47000,1,,", encoding="latin-1"),
            "ligne 2 : texte illisible : enregistrez le fichier en UTF-8",
        ),
        (lines(HEADER, GOOD, encoding="utf-16"), "ligne 1 : texte illisible"),
        (lines(HEADER, '47999,"jamais fermé,47,47000,1,,'), "ligne 2 : ce n’est pas un CSV"),
        (lines(HEADER, f"47999,{'x' * 200_000},47,47000,1,,"), "ligne 2 : ce n’est pas un CSV"),
    ],
)
def test_an_unreadable_file_is_refused(content: list[bytes], message: str) -> None:
    assert errors_of(COMMUNES, content)[0].startswith(message)


def test_a_line_number_counts_the_lines_inside_quotes() -> None:
    rows = (HEADER, '47999,"Ici\nlà",47,47000,1,,', "1,Ici,47,47000,1,,")
    assert errors_of(COMMUNES, lines(*rows))[0].startswith("ligne 4 : code INSEE « 1 »")


def test_twenty_errors_are_kept_and_all_are_counted() -> None:
    rows = [f"{number},Ici,47,47000,1,," for number in range(1000, 1050)]
    with pytest.raises(ReferenceFileError) as refused:
        load_file(COMMUNES, lines(HEADER, *rows), file_name="communes-2027.csv")
    assert len(refused.value.errors) == 20
    assert refused.value.count == 100  # the code itself, and that it is not of the département
    assert str(refused.value).startswith("communes-2027.csv : fichier refusé.\n  ligne 2 : ")
    assert str(refused.value).endswith("… et 80 autres.")


def test_a_file_with_one_wrong_row_changes_nothing() -> None:
    rows = lines(HEADER, "47001,Agen-Ville,47,47000,1,,", "1,Ici,47,47000,1,,")
    errors_of(COMMUNES, rows)
    assert Commune.objects.get(pk="47001").name == "Agen"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_separators_byte_order_mark_and_column_order_do_not_matter(separator: str) -> None:
    header = "nom,code_insee,departement,population,codes_postaux,lat,lon,remarque"
    row = "Agen,47001,47,5,47000,44.2,0.6,rien"
    content = lines(header.replace(",", separator), row.replace(",", separator))
    load_file(COMMUNES, [b"\xef\xbb\xbf" + content[0], *content[1:]])
    assert Commune.objects.get(pk="47001").population == 5


def test_comparing_tells_what_a_load_would_do_and_does_nothing() -> None:
    rows = lines(
        HEADER, "47001,Agen-Ville,47,47000,1,,", "47998,Nouveau,47,47000,1,,", "74999,Z,74,,,,"
    )
    change = compare_file(COMMUNES, rows)
    assert (change.new, change.changed, change.unchanged) == (2, 1, 0)
    assert change.absent == 34_968
    assert Commune.objects.get(pk="47001").name == "Agen"


def test_a_holiday_of_an_unknown_place_is_refused() -> None:
    content = lines("date,nom,zone", "2026-12-26,Saint-Étienne,6AE", "2026-13-01,Rien,")
    assert errors_of(HOLIDAYS, content) == [
        "ligne 2 : département « 6AE » inconnu",
        "ligne 3 : date « 2026-13-01 » : date attendue (2026-12-25)",
    ]


def test_official_table_in_latin1_below_its_title() -> None:
    content = lines(
        "Table de passage;;;;;",
        ";;;;;",
        OFFICIAL.upper(),
        "1071C;Boulangerie pâtisserie;120 000;0843;Boulangerie;92,5",
        "10.71C;Boulangerie pâtisserie;nd;Autre;;nd",
        "47.24Z;Commerce de détail de pain;1 000;843;Boulangerie;nd",
        encoding="latin-1",
    )
    change = load_file(OFFICIAL_PAIRS, content)
    pairs = ActivityAgreement.objects.official().order_by("activity__code")
    assert change.new == 2
    assert [(pair.activity.code, pair.agreement_id) for pair in pairs] == [
        ("10.71C", "0843"),
        ("47.24Z", "0843"),
    ]
    assert [str(pair.share_percent) for pair in pairs] == ["92.50", "None"]


def test_official_table_replaces_the_previous_one() -> None:
    load_file(OFFICIAL_PAIRS, lines(OFFICIAL, "1071C;B;1;0843;B;90", "4724Z;C;1;0843;B;80"))
    change = load_file(OFFICIAL_PAIRS, lines(OFFICIAL, "1071C;B;1;0843;B;95"))
    pair = ActivityAgreement.objects.official().get()
    assert (change.changed, change.removed) == (1, 1)
    assert (pair.activity.code, str(pair.share_percent)) == ("10.71C", "95.00")


def test_official_table_brings_the_agreements_it_alone_names() -> None:
    content = lines(OFFICIAL, "1071C;B;1;4242;Convention nouvelle;1")
    assert compare_file(OFFICIAL_PAIRS, content).new_agreements == 1
    assert not CollectiveAgreement.objects.filter(pk="4242").exists()
    assert load_file(OFFICIAL_PAIRS, content).new_agreements == 1
    assert CollectiveAgreement.objects.get(pk="4242").short_title == "Convention nouvelle"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("99.99Z;X;1;0843;B;1", "activité « 99.99Z » inconnue"),
        ("toutes;X;1;0843;B;1", "code d’activité « toutes » : code comme 10.71C attendu"),
        ("1071C;X;1;huit;B;1", "IDCC « huit » : 4 chiffres attendus"),
        ("1071C;X;1;0843;B;200", "pctdiff « 200 » : pourcentage attendu"),
        ("1071C;X;1;0843;B;1.2.3", "pctdiff « 1.2.3 » : pourcentage attendu"),
    ],
)
def test_official_table_with_a_wrong_row(row: str, message: str) -> None:
    assert errors_of(OFFICIAL_PAIRS, lines(OFFICIAL, row)) == [f"ligne 2 : {message}"]


def test_trades_are_updated_with_their_agreements_in_order() -> None:
    load_file(TRADES, lines("slug;label;idcc", "boulanger;Boulangerie;1267 843"))
    trade = Trade.objects.get(pk="boulanger")
    ranks = TradeAgreement.objects.filter(trade=trade).order_by("rank")
    assert trade.label == "Boulangerie"
    assert [(link.rank, link.agreement_id) for link in ranks] == [(0, "1267"), (1, "0843")]


def test_the_order_of_the_agreements_of_a_trade_can_be_turned_round() -> None:
    for codes in ("1267 843", "843 1267"):
        change = load_file(TRADES, lines("slug,label,idcc", f"boulanger,Boulangerie,{codes}"))
        assert change.changed == 1
    first = TradeAgreement.objects.get(trade="boulanger", rank=0)
    assert first.agreement_id == "0843"


def test_a_trade_taken_out_by_staff_stays_out() -> None:
    Trade.objects.filter(pk="boulanger").update(is_active=False)
    load_file(TRADES, lines("slug,label,idcc", "boulanger,Boulangerie,843"))
    assert not Trade.objects.get(pk="boulanger").is_active


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("Boulanger,B,843", "identifiant « Boulanger » : lettres minuscules, chiffres et tirets"),
        ("boulanger,,843", "label est vide"),
        ("boulanger,B,9876", "IDCC « 9876 » inconnu"),
        ("boulanger,B,843 0843", "le même IDCC est écrit deux fois"),
    ],
)
def test_trades_with_a_wrong_row(row: str, message: str) -> None:
    (error,) = errors_of(TRADES, lines("slug,label,idcc", row))
    assert error.startswith(f"ligne 2 : {message}")


def test_random_bytes_never_crash(random_files: Callable[[], list[bytes]]) -> None:
    for _ in range(200):
        with pytest.raises(ReferenceFileError):
            load_file(COMMUNES, random_files())


@pytest.fixture
def random_files() -> Callable[[], list[bytes]]:
    from random import Random

    random = Random(2026)
    header = f"{HEADER}\n".encode()

    def make() -> list[bytes]:
        content = random.randbytes(random.randrange(1, 400))
        return [header * random.randrange(2), *content.splitlines(keepends=True)]

    return make
