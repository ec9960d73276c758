"""A tablet whose clock is wrong dates what people said by the server's."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, expect

from contacts.models import Capture
from field.enums import RecordState
from field.models import FieldDevice, FieldSession, SealedRecord
from tests.e2e.tablet import SENT, TabletPage, enrol, open_records

BRIEFLY = timedelta(minutes=5)


def times_of(capture: Capture) -> tuple[datetime, datetime]:
    """What the tablet's clock showed, and when the person agreed."""
    consent = capture.consent_set.get()
    assert capture.device_time is not None
    return capture.device_time, consent.given_at


@pytest.mark.parametrize("shift", [timedelta(days=-3), timedelta(hours=7)])
def test_a_wrong_clock_is_put_right_even_without_network(
    new_tablet: Callable[..., BrowserContext], field_session: FieldSession, shift: timedelta
) -> None:
    context = new_tablet()
    enrol(context, field_session)
    tablet = TabletPage(context.new_page())
    tablet.page.clock.set_system_time(timezone.now() + shift)
    tablet.open()
    tablet.wait_until_kept()
    context.set_offline(True)
    tablet.page.reload()
    tablet.expect_open()
    expect(tablet.warning).to_be_hidden()
    tablet.capture(0)
    context.set_offline(False)
    expect(tablet.waiting).to_have_text(SENT)

    shown, agreed = times_of(*open_records())
    now = timezone.now()
    assert abs(shown - now - shift) < BRIEFLY
    assert abs(agreed - now) < BRIEFLY
    assert SealedRecord.objects.get().state == RecordState.CAPTURED


def test_a_lag_measured_before_the_clock_went_back_holds_no_more(tablet: TabletPage) -> None:
    """A battery died: nobody knows what time it was, so nothing later than the opening is said."""
    tablet.page.context.set_offline(True)
    tablet.page.clock.set_system_time(datetime(2015, 1, 1))  # noqa: DTZ001
    tablet.page.reload()
    tablet.expect_open()
    tablet.capture(0)
    tablet.page.context.set_offline(False)
    expect(tablet.waiting).to_have_text(SENT)

    shown, agreed = times_of(*open_records())
    assert shown.year in (2014, 2015)
    assert agreed == FieldDevice.objects.get().created_at
