"""Import of reference files by the confederation, from the browser."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from organisations.models import User
from territory.models import Commune, ReferenceImport

pytestmark = pytest.mark.django_db

HEADER = "code_insee,nom,departement,codes_postaux,population,lat,lon"
AGEN = "47001,Agen-Ville,47,47000,40000,44.2,0.6"
NEW = "47998,Nouvelle,47,47998,10,,"
UPLOAD = reverse("territory:reference-import", args=["communes"])
ClientFor = Callable[[User], Client]


@pytest.fixture(autouse=True)
def own_storage(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def client(client_for: ClientFor, people: dict[str, User]) -> Client:
    return client_for(people["confederation"])


def upload(client: Client, *rows: str, name: str = "communes.csv", url: str = UPLOAD) -> Any:
    content = "".join(f"{row}\n" for row in rows).encode()
    return client.post(url, {"file": SimpleUploadedFile(name, content)})


def text(answer: HttpResponse) -> str:
    return (
        answer.content.decode().replace("&#x27;", "'").replace("\u202f", " ").replace("\xa0", " ")
    )


def stored_files() -> list[str]:
    return default_storage.listdir("imports")[1] if default_storage.exists("imports") else []


def test_the_page_tells_what_the_database_holds(client: Client) -> None:
    answer = client.get(reverse("territory:reference"))
    assert "34 969" in text(answer)
    assert "Données livrées avec l’application" in text(answer)


def test_a_right_file_is_compared_and_nothing_changes_yet(client: Client) -> None:
    answer = client.get(upload(client, HEADER, AGEN, NEW)["Location"])
    assert answer.context["checked"].change.new == 1
    assert answer.context["checked"].change.changed == 1
    assert "34 968" in text(answer)
    assert Commune.objects.get(pk="47001").name == "Agen"


def test_confirmation_imports_the_file_and_forgets_it(client: Client) -> None:
    confirm = upload(client, HEADER, AGEN, NEW, name="2027.csv")["Location"]
    answer = client.post(confirm, follow=True)
    assert "Communes : import terminé (1 ajout, 1 modification)." in text(answer)
    assert "2027.csv" in text(answer)
    assert Commune.objects.get(pk="47001").name == "Agen-Ville"
    assert Commune.objects.filter(pk="47998").exists()
    assert ReferenceImport.objects.get().rows == 2
    assert stored_files() == []


def test_a_second_confirmation_changes_nothing(client: Client) -> None:
    confirm = upload(client, HEADER, AGEN)["Location"]
    client.post(confirm)
    Commune.objects.filter(pk="47001").update(name="Agen")
    answer = client.post(confirm, follow=True)
    assert "n’attend plus de confirmation" in text(answer)
    assert Commune.objects.get(pk="47001").name == "Agen"


def test_an_abandoned_import_changes_nothing(client: Client) -> None:
    confirm = upload(client, HEADER, AGEN)["Location"]
    answer = client.post(f"{confirm}abandonner/", follow=True)
    assert "rien n’a changé" in text(answer)
    assert stored_files() == []
    assert Commune.objects.get(pk="47001").name == "Agen"


def test_a_file_altered_after_its_check_is_not_imported(client: Client) -> None:
    confirm = upload(client, HEADER, AGEN)["Location"]
    Path(default_storage.path(f"imports/{stored_files()[0]}")).write_text(f"{HEADER}\n{NEW}\n")
    answer = client.post(confirm, follow=True)
    assert "n’attend plus de confirmation" in text(answer)
    assert not Commune.objects.filter(pk="47998").exists()


def test_a_forged_token_is_refused(client: Client) -> None:
    confirm = upload(client, HEADER, AGEN)["Location"]
    forged = confirm[:-8] + "xxxxxxx/"
    assert "n’attend plus de confirmation" in text(client.post(forged, follow=True))


def test_a_check_is_good_for_an_hour(client: Client) -> None:
    confirm = upload(client, HEADER, AGEN)["Location"]
    with time_machine.travel(time.time() + 3601):
        assert "n’attend plus de confirmation" in text(client.get(confirm, follow=True))


def test_a_check_is_confirmed_by_the_person_who_made_it(
    client: Client, client_for: ClientFor, people: dict[str, User]
) -> None:
    confirm = upload(client, HEADER, AGEN)["Location"]
    other = client_for(people["confederation_admin"])
    assert other.post(confirm).status_code == 302
    assert Commune.objects.get(pk="47001").name == "Agen"


def test_a_check_of_one_list_does_not_import_another(client: Client) -> None:
    confirm = upload(client, HEADER, AGEN)["Location"]
    other = confirm.replace("/communes/", "/metiers/")
    assert "n’attend plus de confirmation" in text(client.post(other, follow=True))


def test_files_left_unconfirmed_are_removed_after_a_day(
    client: Client, people: dict[str, User]
) -> None:
    upload(client, HEADER, AGEN)
    path = default_storage.path(f"imports/{stored_files()[0]}")
    os.utime(path, (time.time() - 90_000,) * 2)
    with time_machine.travel(time.time() + 90_000):
        client.force_login(people["confederation"])
        upload(client, HEADER, NEW)
    assert len(stored_files()) == 1


def test_a_wrong_file_is_refused_with_its_wrong_lines(client: Client) -> None:
    answer = upload(client, HEADER, AGEN, "1234,Ici,47,47000,1,,")
    assert answer.status_code == 200
    assert "Ce fichier est refusé : 2 erreurs." in answer.context["form"].errors["file"][0]
    assert "ligne 3 : code INSEE « 1234 » : 5 caractères attendus" in text(answer)
    assert stored_files() == []


def test_twenty_errors_are_shown_and_the_others_counted(client: Client) -> None:
    rows = [f"{number},Ici,47,47000,beaucoup,," for number in range(47100, 47150)]
    answer = upload(client, HEADER, *rows)
    assert text(answer).count("nombre entier attendu") == 20
    assert "… et 30 autres." in text(answer)


def test_a_file_too_large_is_refused(client: Client, settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = 50
    assert "Ce fichier est trop gros : 50 octets au plus." in text(upload(client, HEADER, AGEN))


def test_no_file_and_an_empty_one(client: Client) -> None:
    assert "Choisissez un fichier." in text(client.post(UPLOAD))
    assert "Ce fichier est vide." in text(upload(client))


def test_a_file_that_changes_nothing_says_so(client: Client) -> None:
    commune = Commune.objects.get(pk="47001")
    row = f"47001,Agen,47,47000,{commune.population},{commune.latitude},{commune.longitude}"
    answer = client.get(upload(client, HEADER, row)["Location"])
    assert "Ce fichier ne change rien" in text(answer)


@pytest.mark.parametrize("slug", ["communes", "activites", "metiers"])
def test_each_list_has_its_page(client: Client, slug: str) -> None:
    answer = client.get(reverse("territory:reference-import", args=[slug]))
    assert answer.context["importable"].columns in text(answer)


def test_trades_and_the_official_table_are_imported(client: Client) -> None:
    trades = reverse("territory:reference-import", args=["metiers"])
    confirm = upload(client, "slug,label,idcc,federation", "taxi,Taxi,2219,x", url=trades)
    assert "Métiers : import terminé" in text(client.post(confirm["Location"], follow=True))
    table = reverse("territory:reference-import", args=["activites"])
    header = "apen,intape,effarrdiff,idcc,intidcc,pctdiff"
    confirm = upload(client, header, "1071C,Pain,1,0843,Boulangerie,90", url=table)
    answer = client.post(confirm["Location"], follow=True)
    assert "Activités et conventions : import terminé" in text(answer)


def test_an_unknown_list_is_not_found(client: Client) -> None:
    assert client.get(reverse("territory:reference-import", args=["regions"])).status_code == 404


@pytest.mark.parametrize("role", ["militant", "ul", "ud", "ud_admin", "fd", "region", "other_ud"])
def test_the_pages_do_not_exist_for_others(
    client: Client, client_for: ClientFor, people: dict[str, User], role: str
) -> None:
    confirm = upload(client, HEADER, AGEN)["Location"]
    other = client_for(people[role])
    for address in (reverse("territory:reference"), UPLOAD, confirm):
        assert other.get(address).status_code == 404
    assert upload(other, HEADER, AGEN).status_code == 404
    assert other.post(confirm).status_code == 404
    assert other.post(f"{confirm}abandonner/").status_code == 404
    assert Commune.objects.get(pk="47001").name == "Agen"


def test_a_visitor_is_asked_to_log_in() -> None:
    for address in (reverse("territory:reference"), UPLOAD):
        assert "/compte/" in Client().get(address)["Location"]


def test_number_of_queries(
    client: Client, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    with django_assert_max_num_queries(12):
        client.get(reverse("territory:reference"))
