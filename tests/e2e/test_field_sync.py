"""No network, half a network, two tabs, a lost session: nothing is lost, nothing counted twice."""

import json
import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Playwright, expect

from field.actions import close_session, import_records, revoke_device
from field.envelopes import read_export
from field.models import FieldDevice, FieldSession, SealedRecord
from field.rules import openings_of
from tests.e2e.conftest import CHROMIUM_ARGUMENTS, PHONE
from tests.e2e.site import Site
from tests.e2e.tablet import SENT, TabletPage, enrol, names_of, open_records
from tests.e2e.wire import Cut, Wire
from tests.factories import make_source, make_user

SPOIL_ONE = """() => new Promise((done) => {
  const opening = indexedDB.open("terrain");
  opening.onsuccess = () => {
    const work = opening.result.transaction("sealed", "readwrite");
    const rows = work.objectStore("sealed");
    rows.openCursor().onsuccess = ({ target }) => target.result.update("not a record");
    work.oncomplete = () => { opening.result.close(); done(); };
  };
})"""


def expect_each_once(*letters: str) -> None:
    names = names_of(open_records())
    assert names == {f"Personne {letter}": 1 for letter in letters}
    assert SealedRecord.objects.count() == len(letters)


def test_what_is_saved_offline_leaves_when_the_network_is_back(tablet: TabletPage) -> None:
    context = tablet.page.context
    context.set_offline(True)
    tablet.capture(0, 1, 2)
    expect(tablet.waiting).to_have_text("3 en attente")
    assert not SealedRecord.objects.exists()
    tablet.waiting.click()
    expect(tablet.page.get_by_role("listitem").filter(has_text="en attente")).to_have_count(3)
    expect(tablet.page.get_by_text("3 fiches en attente, la plus ancienne")).to_be_visible()

    context.set_offline(False)
    expect(tablet.waiting).to_have_text(SENT)
    expect(tablet.page.get_by_role("listitem").filter(has_text="envoyé")).to_have_count(3)
    expect_each_once("A", "B", "C")


def test_it_opens_from_cold_without_network(
    site: Site, wire: Wire, playwright: Playwright, field_session: FieldSession, tmp_path: Path
) -> None:
    def launch() -> BrowserContext:
        return playwright.chromium.launch_persistent_context(
            str(tmp_path / "profile"),
            executable_path=os.environ["CHROMIUM"],
            args=CHROMIUM_ARGUMENTS,
            base_url=wire.url,
            viewport=PHONE,  # type: ignore[arg-type]
            locale="fr-FR",
        )

    context = launch()
    enrol(context, field_session)
    tablet = TabletPage(context.new_page())
    tablet.open()
    tablet.wait_until_kept()
    context.close()

    context = launch()
    context.set_offline(True)
    tablet = TabletPage(context.new_page())
    tablet.open()
    tablet.capture(0)
    expect(tablet.waiting).to_have_text("1 en attente")
    context.close()

    context = launch()
    tablet = TabletPage(context.new_page())
    tablet.open()
    expect(tablet.waiting).to_have_text(SENT)
    context.close()
    expect_each_once("A")


@pytest.mark.parametrize("cut", [Cut.BEFORE, Cut.DURING, Cut.AFTER])
def test_an_upload_cut_anywhere_arrives_once(tablet: TabletPage, wire: Wire, cut: Cut) -> None:
    expect(tablet.waiting).to_have_text(SENT)
    wire.cut = cut
    tablet.capture(0, 1)
    expect(tablet.waiting).to_have_text("2 en attente")
    assert wire.cuts > 0
    wire.cut = Cut.NEVER
    expect(tablet.waiting).to_have_text(SENT)
    assert SealedRecord.objects.count() == 2
    expect_each_once("A", "B")


def test_a_reload_in_the_middle_of_an_upload_loses_nothing(tablet: TabletPage, wire: Wire) -> None:
    wire.cut = Cut.AFTER
    tablet.capture(0, 1, 2)
    tablet.page.reload()
    wire.cut = Cut.NEVER
    tablet.expect_open()
    expect(tablet.waiting).to_have_text(SENT)
    expect_each_once("A", "B", "C")


def test_two_tabs_send_each_record_once(tablet: TabletPage, wire: Wire) -> None:
    context = tablet.page.context
    other = TabletPage(context.new_page())
    other.open()
    wire.cut = Cut.AFTER
    tablet.capture(0, 1)
    other.capture(2, 3)
    expect(tablet.waiting).to_have_text("4 en attente")
    wire.cut = Cut.NEVER
    for one in (tablet, other):
        one.page.evaluate("dispatchEvent(new Event('online'))")
    for one in (tablet, other):
        expect(one.waiting).to_have_text(SENT)
    expect_each_once("A", "B", "C", "D")


def test_more_records_than_one_parcel_holds(tablet: TabletPage) -> None:
    """What is sealed once is copied under other identifiers, as if three hundred were captured."""
    tablet.page.context.set_offline(True)
    tablet.capture(0)
    tablet.page.evaluate(
        """() => new Promise((done) => {
          const opening = indexedDB.open("terrain");
          opening.onsuccess = () => {
            const work = opening.result.transaction(["records", "sealed"], "readwrite");
            const [records, sealed] = ["records", "sealed"].map((name) => work.objectStore(name));
            records.getAll().onsuccess = ({ target: { result: [record] } }) => {
              sealed.get(record.capture_id).onsuccess = ({ target: { result: content } }) => {
                for (let i = 0; i < 300; i += 1) {
                  const capture_id = crypto.randomUUID();
                  records.add({ ...record, capture_id });
                  sealed.add(content, capture_id);
                }
              };
            };
            work.oncomplete = () => { opening.result.close(); done(); };
          };
        })"""
    )
    tablet.page.context.set_offline(False)
    expect(tablet.waiting).to_have_text(SENT)
    assert SealedRecord.objects.count() == 301


def test_a_revoked_tablet_keeps_everything_until_it_is_enrolled_again(
    tablet: TabletPage, field_session: FieldSession
) -> None:
    revoke_device(device=FieldDevice.objects.get(), author=make_user("staff", "ul-caen"))
    tablet.capture(0)
    expect(tablet.warning).to_contain_text("Rescannez le QR code")
    expect(tablet.warning).to_contain_text("1 fiche en attente")
    tablet.capture(1)
    assert not SealedRecord.objects.exists()

    tablet.page.context.clear_cookies()
    enrol(tablet.page.context, field_session)
    tablet.page.reload()
    tablet.expect_open()
    expect(tablet.waiting).to_have_text(SENT)
    expect(tablet.warning).to_be_hidden()
    assert SealedRecord.objects.count() == 2


def test_a_record_the_server_cannot_read_spoils_no_other(tablet: TabletPage) -> None:
    context = tablet.page.context
    context.set_offline(True)
    tablet.capture(0, 1)
    tablet.page.evaluate(SPOIL_ONE)
    context.set_offline(False)
    expect(tablet.waiting).to_have_text("1 en attente")
    expect(tablet.warning).to_contain_text("1 fiche à exporter")
    assert SealedRecord.objects.count() == 1
    tablet.waiting.click()
    expect(tablet.page.get_by_role("listitem").filter(has_text="à exporter")).to_have_count(1)


def test_a_parcel_the_server_heard_half_of_is_sent_again(tablet: TabletPage) -> None:
    """No record is at fault: none is set aside for a file."""
    heard = {"error": "cut-off", "detail": "L’envoi s’est interrompu."}
    tablet.page.route(
        "**/terrain/envoi/", lambda route: route.fulfill(status=408, json=heard), times=1
    )
    tablet.capture(0)
    expect(tablet.waiting).to_have_text(SENT)
    expect(tablet.warning).to_be_hidden()
    expect_each_once("A")


def test_a_closed_session_says_so(tablet: TabletPage, field_session: FieldSession) -> None:
    close_session(session=field_session)
    tablet.page.reload()
    tablet.expect_open()
    expect(tablet.warning).to_contain_text("Cette session est terminée")


def test_records_that_wait_for_a_day_raise_a_warning(tablet: TabletPage) -> None:
    tablet.page.context.set_offline(True)
    tablet.capture(0)
    expect(tablet.warning).to_be_hidden()
    tablet.page.clock.set_system_time(timezone.now() + timedelta(hours=25, minutes=1))
    tablet.page.reload()
    tablet.expect_open()
    expect(tablet.warning).to_contain_text("plus de 24 h")
    tablet.waiting.click()
    expect(tablet.page.get_by_text("depuis 25 h")).to_be_visible()


def test_the_exported_file_holds_what_was_not_sent(tablet: TabletPage, tmp_path: Path) -> None:
    tablet.page.context.set_offline(True)
    tablet.capture(0, 1)
    tablet.waiting.click()
    with tablet.page.expect_download() as downloading:
        tablet.page.get_by_role("button", name="Exporter les fiches non envoyées").click()
    file = tmp_path / "fiches.json"
    downloading.value.save_as(file)
    assert downloading.value.suggested_filename.startswith("fiches-2")
    assert "Personne" not in file.read_text(encoding="utf-8")
    assert json.loads(file.read_text(encoding="utf-8"))["format"] == "terrain-fiches"

    upload = read_export(file.read_bytes())
    staff = make_user("staff", "ul-caen")
    import_records(
        envelopes=upload.envelopes,
        openings=openings_of(staff, upload.envelopes),
        author=staff,
        own_source=make_source("ul-caen"),
    )
    expect_each_once("A", "B")
    # The tablet's own sending, later, changes nothing.
    tablet.page.context.set_offline(False)
    expect(tablet.waiting).to_have_text(SENT)
    expect_each_once("A", "B")
