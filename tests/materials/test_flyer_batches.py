"""Hundreds of flyers as one job: killed, doubled or stopped workers lose and double nothing."""

import io
import re
import threading
import uuid
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.utils import timezone
from kombu.exceptions import OperationalError

from campaigns.loading import load_campaign
from contacts.models import Source
from materials import flyer_batches, flyer_rules, tasks
from materials.flyer_batches import BatchWorker, cancel_batch, expire_batches
from materials.flyer_enums import BatchState
from materials.models import FlyerBatch, FlyerBatchItem, PrintRun
from organisations.models import User
from tests.factories import get_organisation
from tests.materials.flyer_factories import make_batch

People = dict[str, User]
ClientFor = Callable[[User], Client]


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The codes of the flyers drawn, in place of the drawing itself."""
    codes: list[str] = []

    def draw(flyer: Any) -> bytes:
        codes.append(flyer.source.code)
        return b"%PDF " + flyer.source.code.encode()

    monkeypatch.setattr(flyer_batches, "flyer_pdf", draw)
    return codes


def finish(batch: FlyerBatch) -> FlyerBatch:
    worker = BatchWorker(batch)
    while worker.advance():
        pass
    batch.refresh_from_db()
    return batch


def test_a_batch_is_one_run_per_union_and_trade_in_one_zip(people: People) -> None:
    load_campaign()
    batch = finish(make_batch(unions=("ud-14", "ud-50"), trades=("coiffeur", "boulanger", None)))
    assert (batch.state, batch.flyer_count) == (BatchState.DONE, 6)
    with batch.archive.open() as file, zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert all(archive.read(name).startswith(b"%PDF") for name in names)
    assert names[0] == "0001-ud-14-calvados-coiffeur.pdf"
    assert names[5].endswith("-tous-metiers.pdf")
    codes = set(PrintRun.objects.order_by("pk").values_list("source__code", flat=True))
    assert len(codes) == 6
    assert not FlyerBatchItem.objects.exclude(pdf=None).exists()


def test_a_worker_killed_in_the_middle_loses_and_doubles_nothing(
    people: People, drawn: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = make_batch(trades=("coiffeur", "boulanger", "macon", None))
    worker = BatchWorker(batch)
    worker.advance()
    with monkeypatch.context() as patch:
        patch.setattr(flyer_batches, "flyer_pdf", kill)
        with pytest.raises(SystemExit):
            worker.advance()
    assert flyer_rules.count_drawn(batch) == 1
    assert finish(batch).state == BatchState.DONE
    assert len(drawn) == len(set(drawn)) == 4


def kill(_flyer: Any) -> bytes:
    raise SystemExit


def test_a_silent_batch_is_taken_up_by_the_sweeper(people: People, drawn: list[str]) -> None:
    batch = make_batch()
    BatchWorker(batch).advance()
    assert flyer_rules.batches_to_resume(tasks.SILENCE) == []
    with time_machine.travel(timezone.now() + tasks.SILENCE + timedelta(seconds=1)):
        assert flyer_rules.batches_to_resume(tasks.SILENCE) == [batch.pk]
    finish(batch)
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        assert flyer_rules.batches_to_resume(tasks.SILENCE) == []


def test_a_long_batch_goes_from_task_to_task(
    people: People, drawn: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    handed_on: list[str] = []
    monkeypatch.setattr(tasks, "SECONDS_PER_TASK", 0)
    monkeypatch.setattr(tasks.draw_flyers, "delay", handed_on.append)
    batch = make_batch(trades=("coiffeur", "boulanger"))
    tasks.draw_flyers(str(batch.pk))
    assert handed_on == [str(batch.pk)]
    assert len(drawn) == 1
    tasks.draw_flyers(str(uuid.uuid4()))  # gone meanwhile


def test_without_the_doorbell_the_batch_waits_for_the_sweeper(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise OperationalError

    batch = make_batch()
    monkeypatch.setattr(tasks.draw_flyers, "delay", broken)
    tasks.start(batch)
    assert batch.state == BatchState.DRAWING


def test_stopping_takes_effect_between_two_flyers_and_closes_the_codes(
    people: People, drawn: list[str]
) -> None:
    batch = make_batch(trades=("coiffeur", "boulanger", None))
    worker = BatchWorker(batch)
    worker.advance()
    cancel_batch(batch=batch)
    assert not worker.advance()
    batch.refresh_from_db()
    assert (batch.state, len(drawn)) == (BatchState.CANCELLED, 1)
    assert not Source.objects.filter(print_run__batch_item__batch=batch, is_active=True).exists()
    assert list(PrintRun.objects.visible_to(people["ud"])) == []
    with pytest.raises(flyer_batches.WrongMoment):
        cancel_batch(batch=batch)


def test_a_zip_is_kept_a_week(people: People, drawn: list[str], media: Path) -> None:
    batch = finish(make_batch())
    assert len(list(media.rglob("*.zip"))) == 1
    assert expire_batches() == 0
    with time_machine.travel(timezone.now() + flyer_batches.KEPT_FOR + timedelta(minutes=1)):
        assert expire_batches() == 1
    batch.refresh_from_db()
    assert batch.state == BatchState.EXPIRED
    assert list(media.rglob("*.zip")) == []
    assert PrintRun.objects.visible_to(people["ud"]).count() == 2


FORM = {"format": "a5", "ink": "low", "copies": "300"}


def test_a_form_sent_twice_opens_one_batch_and_starts_it(
    people: People, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[str] = []
    monkeypatch.setattr(tasks.draw_flyers, "delay", started.append)
    client = client_for(people["ud"])
    page = client.get("/tracts/lots/").content.decode()
    token = re.search(r'name="form_token" value="([^"]+)"', page)
    assert token
    data = FORM | {"form_token": token[1], "every_union": "on", "trades": ["tous", "coiffeur"]}
    answers = [client.post("/tracts/lots/", data) for _ in range(2)]
    batch = FlyerBatch.objects.get()
    assert {answer["Location"] for answer in answers} == {f"/tracts/lots/{batch.pk}/"}
    assert started == [str(batch.pk)] * 2
    unions = flyer_rules.organisations_of_batches(people["ud"]).count()
    assert batch.flyer_count == batch.items.count() == 2 * unions


def test_a_batch_needs_unions_and_trades_and_has_an_end(
    people: People, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_for(people["confederation"])
    page = client.post("/tracts/lots/", FORM).content.decode()
    assert "Choisissez au moins une union." in page
    assert "Choisissez au moins un métier." in page
    page = client.post("/tracts/lots/", FORM | {"every_union": "on", "every_trade": "on"})
    assert "1000 au plus par lot" in page.content.decode()
    foreign = FORM | {"organisations": [get_organisation("ud-50").pk], "trades": ["tous"]}
    page = client_for(people["ud"]).post("/tracts/lots/", foreign).content.decode()
    assert "Choisissez au moins une union." in page
    assert not FlyerBatch.objects.exists()


def test_the_page_shows_the_progress_then_the_zip_to_its_own_alone(
    people: People, client_for: ClientFor, drawn: list[str]
) -> None:
    batch = make_batch(trades=("coiffeur", "boulanger", None))
    BatchWorker(batch).advance()
    client, path = client_for(people["ud"]), f"/tracts/lots/{batch.pk}/"
    page = client.get(path).content.decode()
    assert 'value="1" max="3"' in page
    assert '<noscript><meta http-equiv="refresh"' in page
    part = client.get(path, headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith('<div class="stack" id="state"')
    assert client.get(f"{path}tracts.zip").status_code == 404
    finish(batch)
    assert "Télécharger le zip" in client.get(path).content.decode()
    answer = client.get(f"{path}tracts.zip")
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert len(zipfile.ZipFile(io.BytesIO(content)).namelist()) == 3
    assert answer["Content-Security-Policy"] == "sandbox"
    other = client_for(people["other_ud"])
    assert {other.get(each).status_code for each in (path, f"{path}tracts.zip")} == {404}
    assert other.post(f"{path}arreter/").status_code == 404


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("skips", [True, False], ids=["locked", "control"])
def test_two_workers_never_draw_the_same_flyer(
    drawn: list[str], monkeypatch: pytest.MonkeyPatch, skips: bool
) -> None:
    """Both are held while they draw; without the lock they hold the same flyer."""
    batch = make_batch(trades=("coiffeur", "boulanger"))
    meeting, quick = threading.Barrier(2), flyer_batches.flyer_pdf

    def draw_together(flyer: Any) -> bytes:
        meeting.wait(10)
        return quick(flyer)

    monkeypatch.setattr(flyer_batches, "flyer_pdf", draw_together)
    if not skips:
        monkeypatch.setattr(
            "django.db.models.query.QuerySet.select_for_update", lambda self, **_: self
        )
    workers = [threading.Thread(target=draw_one, args=[batch]) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(20)
    assert (len(set(drawn)) == 2) == skips


def draw_one(batch: FlyerBatch) -> None:
    try:
        BatchWorker(batch).advance()
    finally:
        connection.close()
