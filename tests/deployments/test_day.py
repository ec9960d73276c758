"""The day itself: tablets, counters, photos, incidents."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone
from PIL import Image

from deployments import actions, day
from deployments.day_rules import counts_of, total_of
from deployments.enums import Answer, TallyKind
from deployments.models import Deployment, Photo, Tally, TeamMember
from field.models import FieldSession
from library import pictures
from library.uploads import RefusedFile
from organisations.models import User
from territory.models import Commune
from tests.deployments.factories import PARIS, make_deployment, next_week, slot
from tests.factories import CAEN, make_user

pytestmark = pytest.mark.django_db
ClientFor = Callable[[User], Client]


@pytest.fixture
def staff() -> User:
    return make_user("staff", "ul-caen")


@pytest.fixture
def activist() -> User:
    return make_user("militant", "ul-caen")


def join(deployment: Deployment, user: User, answer: Answer = Answer.COMING) -> TeamMember:
    return TeamMember.objects.create(
        deployment=deployment, user=user, person=f"u:{user.pk}", first_name=user.first_name,
        role_id="equipe", answer=answer, token_hash=uuid4().hex,
    )  # fmt: skip


def picture(size: tuple[int, int] = (40, 30), kind: str = "JPEG", exif: bool = False) -> bytes:
    image = Image.new("RGB", size, "red")
    out = BytesIO()
    tags = image.getexif()
    if exif:
        # 34853 is GPSInfo, 271 the maker of the device.
        tags[34853] = {1: "N", 2: (49.0, 10.0, 59.9)}
        tags[271] = "Appareil"
    image.save(out, kind, exif=tags)
    return out.getvalue()


def upload(content: bytes, name: str = "photo.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="image/jpeg")


def test_tablets_bring_contacts_to_the_action_on_its_days(staff: User) -> None:
    deployment = make_deployment()
    session = day.open_field_session(deployment=deployment, author=staff)
    assert deployment.starts_at
    on = deployment.starts_at.astimezone(deployment.zone).date()
    assert session.source_id == deployment.source_id
    assert (session.starts_on, session.ends_on, session.time_zone) == (on, on, "Europe/Paris")


def test_preparing_tablets_twice_keeps_one_session_on_the_newer_days(staff: User) -> None:
    from deployments.actions import move_deployment

    deployment = make_deployment()
    first = day.open_field_session(deployment=deployment, author=staff)
    start = next_week().replace(hour=10)
    moved = move_deployment(
        deployment=deployment,
        revision=deployment.revision,
        starts_at=start + (start - next_week()) * 24,
    )
    second = day.open_field_session(deployment=moved, author=staff)
    assert second.pk == first.pk
    assert moved.starts_at
    assert second.starts_on == moved.starts_at.astimezone(moved.zone).date() != first.starts_on
    assert FieldSession.objects.count() == 1


def test_an_action_without_a_date_has_no_tablets(staff: User) -> None:
    with pytest.raises(day.NoDate):
        day.open_field_session(deployment=make_deployment(slots=[], reported=False), author=staff)


def test_a_step_sent_again_counts_once() -> None:
    deployment, sent = make_deployment(), uuid4()
    for _ in range(3):
        day.add_tally(
            deployment=deployment, tally_id=sent, kind=TallyKind.MET, count=5, author="Zoé"
        )
    assert total_of(deployment, TallyKind.MET) == 5


def test_a_slip_is_taken_back_once() -> None:
    deployment = make_deployment()
    day.add_tally(
        deployment=deployment, tally_id=uuid4(), kind=TallyKind.MET, count=1, author="Zoé"
    )
    slip = day.add_tally(
        deployment=deployment, tally_id=uuid4(), kind=TallyKind.MET, count=10, author="Zoé"
    )
    for _ in range(2):
        day.take_back(tally=slip, tally_id=uuid4(), author="Ali")
    met = counts_of(deployment)[0]
    assert (met.total, met.last and met.last.count) == (1, 1)


def test_counting_works_without_javascript(client_for: ClientFor, activist: User) -> None:
    deployment = make_deployment(slots=[slot(timezone.now())])
    join(deployment, activist)
    client = client_for(activist)
    sent = {"tally_id": str(uuid4()), "kind": "leaflets", "count": "10"}
    for _ in range(2):
        answer = client.post(f"/deploiements/{deployment.pk}/sur-place/compter/", sent)
        assert answer.status_code == 302
    assert total_of(deployment, TallyKind.LEAFLETS) == 10


def test_a_page_with_javascript_is_told_the_total(client_for: ClientFor, staff: User) -> None:
    deployment = make_deployment(slots=[slot(timezone.now())])
    answer = client_for(staff).post(
        f"/deploiements/{deployment.pk}/sur-place/compter/",
        {"tally_id": str(uuid4()), "kind": "met", "count": "5"},
        headers={"accept": "application/json"},
    )
    assert answer.json() == {"total": 5}


def test_a_refusal_says_what_has_arrived_before(client_for: ClientFor, staff: User) -> None:
    deployment = make_deployment(slots=[slot(timezone.now())])
    client, address = client_for(staff), f"/deploiements/{deployment.pk}/sur-place/compter/"
    for count, said in (("5", {"total": 5}), ("deux", {"reason": "step", "total": 5})):
        step = {"tally_id": str(uuid4()), "kind": "met", "count": count}
        answer = client.post(address, step, headers={"accept": "application/json"})
        assert answer.json() == said


@pytest.mark.parametrize("count", ["1000000", "-5", "deux", ""])
def test_only_the_steps_of_the_buttons_count(
    client_for: ClientFor, staff: User, count: str
) -> None:
    deployment = make_deployment(slots=[slot(timezone.now())])
    sent = {"tally_id": str(uuid4()), "kind": "met", "count": count}
    client_for(staff).post(f"/deploiements/{deployment.pk}/sur-place/compter/", sent)
    assert not Tally.objects.exists()


def test_a_page_with_javascript_is_told_why_a_step_never_will_count(
    client_for: ClientFor, staff: User
) -> None:
    deployment = make_deployment(slots=[slot(timezone.now())])
    step = {"tally_id": str(uuid4()), "kind": "met", "count": "5"}

    def told(user: User, **fields: str) -> tuple[int, str]:
        answer = client_for(user).post(
            f"/deploiements/{deployment.pk}/sur-place/compter/", step | fields,
            headers={"accept": "application/json"},
        )  # fmt: skip
        return answer.status_code, answer.json()["reason"]

    assert told(staff, count="deux") == (422, "step")
    assert told(make_user("militant", "ul-caen")) == (404, "left")
    actions.cancel_deployment(deployment=deployment, revision=deployment.revision, reason="Tempête")
    assert told(staff) == (422, "over")


LA_REUNION = "97411"


@pytest.mark.parametrize(("place", "opens"), [(LA_REUNION, True), (CAEN, False)])
def test_counters_open_on_the_day_of_the_place(
    client_for: ClientFor, place: str, opens: bool
) -> None:
    tenth = datetime(2027, 3, 10, 9, tzinfo=PARIS)
    union = "ud-974" if place == LA_REUNION else "ul-caen"
    commune = Commune.objects.get(pk=place)
    deployment = make_deployment(union, commune=commune, slots=[slot(tenth)])
    step = {"tally_id": str(uuid4()), "kind": "met", "count": "5"}
    address = f"/deploiements/{deployment.pk}/sur-place/"
    # Half past nine in the evening in Paris, already the next day in La Réunion.
    with time_machine.travel(datetime(2027, 3, 9, 21, 30, tzinfo=PARIS), tick=False):
        client = client_for(make_user("staff", union))
        page = client.get(address).content.decode()
        answer = client.post(f"{address}compter/", step, headers={"accept": "application/json"})
    assert ("+5" in page) is opens
    assert ("Les compteurs s’ouvrent le 10 mars 2027" in page) is not opens
    assert answer.json() == ({"total": 5} if opens else {"total": 0, "reason": "early"})


def test_counters_stay_open_after_the_day(client_for: ClientFor, staff: User) -> None:
    held = make_deployment(slots=[slot(next_week() - timedelta(days=14))])
    page = client_for(staff).get(f"/deploiements/{held.pk}/sur-place/").content.decode()
    assert "+5" in page
    assert "Les compteurs s’ouvrent" not in page


def test_who_is_not_of_the_team_reads_and_writes_nothing(
    client_for: ClientFor, activist: User
) -> None:
    deployment = make_deployment()
    client = client_for(activist)
    page = client.get(f"/deploiements/{deployment.pk}/sur-place/").content.decode()
    assert "Personnes rencontrées" in page
    assert "+5" not in page
    assert "Incidents" not in page
    sent = {"tally_id": str(uuid4()), "kind": "met", "count": "5"}
    for path in ("compter/", "incident/", "photo/"):
        answer = client.post(f"/deploiements/{deployment.pk}/sur-place/{path}", sent)
        assert answer.status_code == 404


def test_who_declined_is_not_of_the_team(client_for: ClientFor, activist: User) -> None:
    deployment = make_deployment()
    join(deployment, activist, Answer.DECLINED)
    answer = client_for(activist).get(f"/deploiements/{deployment.pk}/sur-place/qr.svg")
    assert answer.status_code == 404


def test_the_team_scans_the_field_code(client_for: ClientFor, staff: User, activist: User) -> None:
    deployment = make_deployment()
    join(deployment, activist)
    client = client_for(activist)
    assert client.get(f"/deploiements/{deployment.pk}/sur-place/qr.svg").status_code == 404
    client_for(staff).post(f"/deploiements/{deployment.pk}/sur-place/tablettes/")
    answer = client.get(f"/deploiements/{deployment.pk}/sur-place/qr.svg")
    assert answer["Content-Type"] == "image/svg+xml"


def test_a_photo_keeps_neither_place_nor_device() -> None:
    drawn = pictures.redrawn(BytesIO(picture(exif=True)), size=1000)
    with Image.open(BytesIO(drawn)) as image:
        assert dict(image.getexif()) == {}
    assert b"Appareil" not in drawn


def test_a_large_photo_becomes_smaller_and_upright() -> None:
    image = Image.new("RGB", (3000, 1000))
    tags = image.getexif()
    tags[274] = 6  # to be turned by a quarter
    out = BytesIO()
    image.save(out, "JPEG", exif=tags)
    drawn = pictures.redrawn(BytesIO(out.getvalue()), size=1000)
    with Image.open(BytesIO(drawn)) as turned:
        assert turned.height == pictures.LARGEST_SIDE
        assert turned.width < turned.height


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "vide"),
        (b"MZ not a picture", "accepté"),
        (b"%PDF-1.7 ", "PDF n’est pas accepté ici.*JPEG, Image PNG, Image WebP"),
        (b"\xff\xd8\xff" + b"broken" * 9, "abîmée"),
    ],
)
def test_a_file_that_is_no_photo_is_refused_and_says_why(content: bytes, words: str) -> None:
    with pytest.raises(RefusedFile, match=words):
        pictures.redrawn(BytesIO(content), size=len(content))


def test_a_picture_that_would_fill_the_memory_is_refused() -> None:
    bomb = BytesIO()
    Image.new("1", (10_000, 10_000)).save(bomb, "PNG")
    with pytest.raises(RefusedFile, match="trop de points"):
        pictures.redrawn(bomb, size=1000)


def test_a_photo_is_kept_only_with_the_agreement_of_people(
    client_for: ClientFor, staff: User, settings: object, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    deployment = make_deployment()
    client = client_for(staff)
    path = f"/deploiements/{deployment.pk}/sur-place/photo/"
    page = client.post(path, {"image": upload(picture())}).content.decode()
    assert "Demandez d’abord leur accord" in page
    client.post(path, {"image": upload(picture()), "people_agreed": "on"})
    photo = Photo.objects.get()
    shown = client.get(f"/deploiements/photos/{photo.public_id}.jpg")
    assert shown["Content-Type"] == "image/jpeg"
    assert b"".join(shown).startswith(b"\xff\xd8")  # type: ignore[arg-type]
    stranger = client_for(make_user("staff", "ud-50"))
    assert stranger.get(f"/deploiements/photos/{photo.public_id}.jpg").status_code == 404


def test_a_removed_photo_leaves_no_file(staff: User, settings: object, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    photo = day.add_photo(
        deployment=make_deployment(), picture=picture(), caption="", people_agreed=True,
        author=staff,
    )  # fmt: skip
    assert list(tmp_path.rglob("*.jpg"))
    day.remove_photo(photo=photo, author=staff)
    assert not list(tmp_path.rglob("*.jpg"))


def test_an_action_has_enough_photos_one_day(
    staff: User, settings: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    monkeypatch.setattr(day, "PHOTOS_PER_ACTION", 0)
    with pytest.raises(RefusedFile, match="déjà 0 photos"):
        day.add_photo(
            deployment=make_deployment(), picture=picture(), caption="", people_agreed=True,
            author=staff,
        )  # fmt: skip


def test_an_incident_is_read_by_the_team_alone(
    client_for: ClientFor, staff: User, activist: User
) -> None:
    deployment = make_deployment()
    path = f"/deploiements/{deployment.pk}/sur-place/"
    client_for(staff).post(path + "incident/", {"text": "Le barnum s’est envolé"})
    assert "Le barnum s’est envolé" in client_for(staff).get(path).content.decode()
    assert "Le barnum s’est envolé" not in client_for(activist).get(path).content.decode()


@pytest.mark.django_db(transaction=True)
def test_two_thumbs_at_once_lose_nothing() -> None:
    deployment, same = make_deployment(), uuid4()

    def tap(tally_id: object) -> None:
        try:
            day.add_tally(
                deployment=deployment, tally_id=tally_id, kind=TallyKind.MET, count=1, author=""
            )
        finally:
            connection.close()

    threads = [threading.Thread(target=tap, args=[one]) for one in (same, same, uuid4(), uuid4())]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert total_of(deployment, TallyKind.MET) == 3


def test_hours_are_those_of_the_place(staff: User) -> None:
    from territory.models import Commune
    from tests.deployments.test_planning import SAINT_DENIS

    late = slot(next_week(hour=22))
    deployment = make_deployment(commune=Commune.objects.get(pk=SAINT_DENIS), slots=[late])
    session = day.open_field_session(deployment=deployment, author=staff)
    assert session.starts_on == late.starts_at.astimezone(deployment.zone).date()
    assert session.starts_on != late.starts_at.date()
