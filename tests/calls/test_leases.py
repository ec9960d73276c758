"""One person at a time: leases, and the lock under them."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connections, transaction
from django.utils import timezone

from calls import actions
from calls.creation import open_missing_follow_ups
from calls.errors import AlreadyTaken, LeaseLost, NoLongerCallable
from calls.models import FollowUp, FollowUpQuerySet
from contacts.actions import change_consents
from contacts.models import Consent, Contact
from messaging.actions import suppress as refuse
from messaging.enums import SuppressedChannel, SuppressionReason
from organisations.models import User
from tests.calls.conftest import make_follow_up
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def queue() -> FollowUpQuerySet:
    return FollowUp.objects.callable()


def expire(row: FollowUp) -> None:
    FollowUp.objects.filter(pk=row.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def test_the_most_late_comes_first(caller: User) -> None:
    make_follow_up()
    late = make_follow_up()
    FollowUp.objects.filter(pk=late.pk).update(due_at=timezone.now() - timedelta(days=9))
    assert actions.take_next(caller=caller, queue=queue()) == late


def test_what_was_given_to_me_comes_before_what_is_late(caller: User) -> None:
    mine, late = make_follow_up(), make_follow_up()
    FollowUp.objects.filter(pk=late.pk).update(due_at=timezone.now() - timedelta(days=9))
    FollowUp.objects.filter(pk=mine.pk).update(assigned_to=caller)
    assert actions.take_next(caller=caller, queue=queue()) == mine


def test_a_second_tab_gets_the_same_person(caller: User) -> None:
    make_follow_up(), make_follow_up()
    first = actions.take_next(caller=caller, queue=queue())
    assert actions.take_next(caller=caller, queue=queue()) == first


def test_nobody_gets_whom_somebody_is_calling(caller: User) -> None:
    row = make_follow_up()
    actions.take_next(caller=caller, queue=queue())
    other = make_user("staff", "ul-caen")
    assert actions.take_next(caller=other, queue=queue()) is None
    with pytest.raises(AlreadyTaken) as refusal:
        actions.take(caller=other, follow_up=row)
    assert refusal.value.holder == caller


def test_a_lease_that_ran_out_frees_the_person(caller: User) -> None:
    row = make_follow_up()
    actions.take_next(caller=caller, queue=queue())
    expire(row)
    assert actions.take_next(caller=make_user("staff", "ul-caen"), queue=queue()) == row
    with pytest.raises(LeaseLost):
        actions.extend_lease(caller=caller, follow_up=row)


def test_a_lease_can_be_extended_even_late_while_nobody_else_came(caller: User) -> None:
    row = make_follow_up()
    actions.take(caller=caller, follow_up=row)
    expire(row)
    extended = actions.extend_lease(caller=caller, follow_up=row)
    assert extended.lease_until is not None
    assert extended.lease_until > timezone.now() + actions.LEASE / 2


def test_taking_somebody_else_gives_the_first_back(caller: User) -> None:
    first, second = make_follow_up(), make_follow_up()
    actions.take(caller=caller, follow_up=first)
    actions.take(caller=caller, follow_up=second)
    assert list(FollowUp.objects.leased_to(caller)) == [second]
    assert FollowUp.objects.free().filter(pk=first.pk).exists()


def test_leaving_the_page_frees_the_person_in_a_moment(caller: User) -> None:
    row = make_follow_up()
    actions.take(caller=caller, follow_up=row)
    actions.leave(caller=caller, follow_up=row)
    row.refresh_from_db()
    assert row.lease_until is not None
    assert row.lease_until <= timezone.now() + actions.LEAVING


def test_releasing_somebody_elses_person_does_nothing(caller: User) -> None:
    row = make_follow_up()
    actions.take(caller=caller, follow_up=row)
    actions.release(caller=make_user(), follow_up=row)
    assert FollowUp.objects.leased_to(caller).exists()
    actions.release(caller=caller, follow_up=row)
    assert not FollowUp.objects.leased_to(caller).exists()


def test_the_database_refuses_two_people_to_one_caller(caller: User) -> None:
    make_follow_up(), make_follow_up()
    with pytest.raises(IntegrityError), transaction.atomic():
        FollowUp.objects.update(lease_holder=caller, lease_until=timezone.now())


def test_a_number_nobody_may_call_is_passed_over(caller: User) -> None:
    refused, other = make_follow_up(), make_follow_up()
    FollowUp.objects.filter(pk=refused.pk).update(due_at=timezone.now() - timedelta(days=9))
    number = refused.contact.phone.as_e164
    refuse(channel=SuppressedChannel.CALL, address=number, reason=SuppressionReason.DO_NOT_CALL)
    assert actions.take_next(caller=caller, queue=queue()) == other
    with pytest.raises(NoLongerCallable):
        actions.take(caller=caller, follow_up=refused)


def test_however_many_are_passed_over_the_next_one_is_found(caller: User) -> None:
    refused = make_follow_up(email="")
    number = refused.contact.phone.as_e164
    Contact.objects.bulk_create(
        Contact(
            first_name=f"Nom {rank}", phone=refused.contact.phone, postcode="14000",
            departement=refused.contact.departement,
        )
        for rank in range(60)
    )  # fmt: skip
    assert open_for_all(refused) == 60
    other = make_follow_up()
    refuse(channel=SuppressedChannel.CALL, address=number, reason=SuppressionReason.DO_NOT_CALL)
    assert actions.take_next(caller=caller, queue=queue()) == other


def open_for_all(like: FollowUp) -> int:
    """Make everybody agree as one person did."""
    consent = like.contact.consents.get(channel="call")
    others = Contact.objects.exclude(pk=like.contact_id)
    Consent.objects.bulk_create(
        Consent(
            contact=one, purpose=consent.purpose, channel=consent.channel, is_given=True,
            wording_id=consent.wording_id,
        )
        for one in others
    )  # fmt: skip
    return open_missing_follow_ups()


def test_who_withdrew_is_not_taken(caller: User) -> None:
    row = make_follow_up()
    change_consents(contact=row.contact, given=[])
    assert actions.take_next(caller=caller, queue=FollowUp.objects.open()) is None


@pytest.fixture
def both_take_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """Holds each caller between reading the row and writing their name on it."""
    barrier, original = threading.Barrier(2), actions._lease

    def lease(row: FollowUp, caller: User) -> FollowUp:
        # With the lock on, the second caller never comes here: nobody waits for them for ever.
        with suppress(threading.BrokenBarrierError):
            barrier.wait(timeout=1)
        return original(row, caller)

    monkeypatch.setattr(actions, "_lease", lease)


def take_in_two_threads(callers: list[User]) -> list[Any]:
    def work(caller: User) -> Any:
        try:
            return actions.take_next(caller=caller, queue=queue())
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(work, callers))


def without_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        FollowUpQuerySet, "select_for_update", lambda self, *args, **options: self.all()
    )


@pytest.mark.django_db(transaction=True)
def test_two_callers_race_for_the_last_person_and_one_gets_it(both_take_together: None) -> None:
    row = make_follow_up()
    results = take_in_two_threads([make_user(), make_user()])
    assert sorted(results, key=bool) == [None, row]


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_both_get_them(
    both_take_together: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = make_follow_up()
    without_lock(monkeypatch)
    assert take_in_two_threads([make_user(), make_user()]) == [row, row]
