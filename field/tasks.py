"""Rung when tablets send, and by beat: open what waits, keep keys and the reference file fresh."""

from datetime import timedelta

from celery import shared_task

from field import actions
from field.bells import HEARD_FOR
from field.opening import open_waiting_records
from field.reference import refresh_reference_file as refresh

A_DAY = timedelta(days=1)


@shared_task(ignore_result=True)
def open_sealed_records() -> None:
    open_waiting_records(seconds=60, linger=2 * HEARD_FOR)


@shared_task(ignore_result=True)
def refresh_reference_file() -> None:
    refresh()


@shared_task(ignore_result=True)
def rotate_sealing_key() -> None:
    actions.rotate_sealing_key(unless_younger_than=A_DAY)
