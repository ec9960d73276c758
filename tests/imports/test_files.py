"""Files as people really send them."""

import io
import zipfile

import pytest

from imports import files
from imports.files import ListFile, RefusedList, open_list
from tests.imports.workbooks import workbook

MEGABYTE = 1024 * 1024


def read(data: bytes) -> tuple[list[str], list[tuple[int, list[str]]]]:
    opened: ListFile = open_list(io.BytesIO(data), size=len(data), largest=MEGABYTE)
    return opened.headers, list(opened.lines)


def refusal(data: bytes) -> str:
    with pytest.raises(RefusedList) as refused:
        read(data)
    return str(refused.value)


TABLE = "Prénom;Téléphone;E-mail\nZoé;06 12 34 56 78;zoe@example.org\nIrène;;irene@example.org\n"
READ = (
    ["Prénom", "Téléphone", "E-mail"],
    [(2, ["Zoé", "06 12 34 56 78", "zoe@example.org"]), (3, ["Irène", "", "irene@example.org"])],
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_every_usual_encoding_is_read(encoding: str) -> None:
    assert read(TABLE.encode(encoding)) == READ


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_every_usual_delimiter_is_found(delimiter: str) -> None:
    assert read(TABLE.replace(";", delimiter).encode()) == READ


@pytest.mark.parametrize("ending", ["\r\n", "\r", "\n"])
def test_every_end_of_line_is_read(ending: str) -> None:
    assert read(TABLE.replace("\n", ending).encode()) == READ


def test_commas_inside_cells_do_not_hide_the_semicolon() -> None:
    text = 'Prénom;E-mail;Note\nZoé;z@example.org;"un, deux, trois"\nLéa;l@example.org;a,b,c,d\n'
    assert read(text.encode())[0] == ["Prénom", "E-mail", "Note"]


def test_a_title_of_the_sheet_and_empty_lines_are_passed_over() -> None:
    text = "Contacts 2025;;\n\nPrénom;E-mail;\n\nZoé;z@example.org;\n"
    assert read(text.encode()) == (["Prénom", "E-mail"], [(5, ["Zoé", "z@example.org", ""])])


def test_a_cell_on_several_lines_keeps_the_count() -> None:
    text = 'Prénom;E-mail\n"Zoé\nMarie";z@example.org\nLéa;l@example.org\n'
    assert [number for number, _ in read(text.encode())[1]] == [2, 4]


def test_columns_without_a_title_or_with_the_same_are_told_apart() -> None:
    assert read(b"Nom;;Nom;Mail\na;b;c;d@example.org\n")[0] == [
        "Nom",
        "Colonne 2",
        "Nom (3)",
        "Mail",
    ]


def test_controls_are_taken_out_of_cells() -> None:
    text = "Prénom;E-mail\nZo\x07é\u202e;z@example.org\n"
    assert read(text.encode())[1] == [(2, ["Zo é", "z@example.org"])]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "est vide"),
        (b"\n\n\n", "est vide"),
        (b"%PDF-1.7 x", "n’est pas un tableau"),
        (b"\x89PNG\r\n\x1a\n", "n’est pas un tableau"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "mot de passe"),
        (b"PK\x03\x04 not a zip", "abîmé"),
        (b"Pr\x00nom;E-mail\nZ;z@example.org\n", "ne sont pas du texte"),
        (b"Pr\x81nom;E-mail\n\xff\xff;z\n", "accents"),
        ("Bonjour,\nvoici la liste\n".encode("utf-16"), "colonne"),
        (b"juste un texte\nsans colonne\n", "qu’une colonne"),
        ("Zoé;06 12 34 56 78\nLéa;06 12 34 56 79\n".encode(), "Ligne 1"),
        ("Prénom;E-mail\n".encode(), "que des titres"),
    ],
)
def test_what_is_not_a_list_is_refused_in_plain_words(data: bytes, words: str) -> None:
    assert words in refusal(data)


def test_a_quote_left_open_tells_its_line() -> None:
    text = "Prénom;E-mail\nZoé;z@example.org\n" + 'Léa;"l@example.org\n' + "x;y\n" * 40_000
    assert "Ligne 3" in refusal(text.encode())


def test_a_file_too_heavy_is_refused() -> None:
    with pytest.raises(RefusedList, match="au plus"):
        open_list(io.BytesIO(b"a;b\n1;2\n"), size=2 * MEGABYTE, largest=MEGABYTE)


def test_a_list_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_LINES", 2)
    assert "trop longue" in refusal(b"a;b\n1;2\n3;4\n5;6\n")


def test_too_many_columns_are_refused() -> None:
    assert "61 colonnes" in refusal((";".join("abc" for _ in range(61)) + "\n1\n").encode())


def test_a_workbook_is_read_with_its_line_numbers() -> None:
    data = workbook([["Prénom", "Tél"], ["Zoé", 612345678.0], [], ["Léa", "06 12"]], first_row=3)
    assert read(data) == (["Prénom", "Tél"], [(4, ["Zoé", "612345678"]), (6, ["Léa", "06 12"])])


def test_a_zip_that_is_no_workbook_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("photo.txt", "x")
    assert "n’est pas un tableau" in refusal(out.getvalue())


def test_a_workbook_that_unfolds_to_gigabytes_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_UNPACKED", 1000)
    assert "trop lourd" in refusal(workbook([["Prénom", "Tél"], ["Zoé", "06"]]))


def test_an_empty_workbook_is_refused() -> None:
    assert "vide" in refusal(workbook([]))


def test_a_workbook_cut_short_is_refused() -> None:
    data = workbook([["Prénom", "Tél"], ["Zoé", "06"]])
    assert "abîmé" in refusal(data[: len(data) // 2])
