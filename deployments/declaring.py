"""What is done about declarations: those an action needs, sent, answered, proved by a receipt."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import uuid4

import structlog
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from campaigns import clock
from deployments.back_plan import refresh_tasks
from deployments.deadlines import Deadline, Rules
from deployments.enums import DeclarationState
from deployments.models import DeclarationRule, Deployment, PublicSpaceDeclaration
from library.uploads import FILE_TYPES, safe_name
from organisations.models import User

log = structlog.get_logger()

TO_SEND, SENT = DeclarationState.TO_SEND, DeclarationState.SENT
GRANTED, REFUSED = DeclarationState.GRANTED, DeclarationState.REFUSED
NOT_NEEDED = DeclarationState.NOT_NEEDED

# From each state, those somebody may set; the way back is for slips.
STEPS: dict[str, tuple[DeclarationState, ...]] = {
    TO_SEND: (SENT, NOT_NEEDED),
    SENT: (GRANTED, REFUSED, TO_SEND),
    GRANTED: (REFUSED, SENT),
    REFUSED: (GRANTED, TO_SEND),
    NOT_NEEDED: (TO_SEND,),
}
# States an answer that is received puts an end to.
PROVED = (TO_SEND, SENT, REFUSED)


class DeclarationMoved(Exception):
    """Somebody else changed this declaration meanwhile."""


class RuleMoved(Exception):
    """Somebody else changed this rule meanwhile, or took it away."""


class WrongStep(Exception):
    """No declaration goes from its state to that one."""


def facts_of(deployment: Deployment) -> str:
    """The place and hours an authority is told; another one must be told anew."""
    ends = (deployment.starts_at, deployment.ends_at)
    hours = (end.astimezone(deployment.zone).isoformat("T", "minutes") for end in ends if end)
    return " ".join([deployment.commune_id or "", *hours])


def receipt_holds(declaration: PublicSpaceDeclaration) -> bool:
    """Whether a file is kept that answers today's place and hours, and does not refuse."""
    return (
        bool(declaration.receipt)
        and declaration.state in (SENT, GRANTED)
        and declaration.receipt_facts == facts_of(declaration.deployment)
    )


def refresh_declarations(*, deployment: Deployment) -> None:
    """Keep the declarations of an action those its place, date and fixed point ask for."""
    refresh_many(deployments=[deployment])


@transaction.atomic
def refresh_many(*, deployments: Iterable[Deployment]) -> None:
    """`refresh_declarations` in a number of queries that does not depend on how many."""
    asked = list(deployments)
    deadlines = _deadlines(asked)
    existing = PublicSpaceDeclaration.objects.select_for_update(no_key=True).order_by("pk")
    known = {
        (one.deployment_id, one.authority): one
        for one in existing.filter(deployment__in=[each.pk for each in asked])
    }
    made, kept, gone = [], [], []
    for deployment in asked:
        facts = facts_of(deployment)
        for deadline in deadlines.get(deployment.pk, []):
            declaration = known.pop((deployment.pk, deadline.authority), None)
            if declaration is None:
                made.append(PublicSpaceDeclaration(deployment=deployment, **vars(deadline)))
            elif _follow(declaration, deadline, facts):
                kept.append(declaration)
    for declaration in known.values():
        if _was_worked_on(declaration):
            declaration.state, declaration.settled_facts = NOT_NEEDED, ""
            declaration.revision += 1
            kept.append(declaration)
        else:
            gone.append(declaration.pk)
    PublicSpaceDeclaration.objects.bulk_create(made)
    PublicSpaceDeclaration.objects.bulk_update(
        kept, ["advised_on", "last_day", "state", "settled_facts", "answered_on", "revision"]
    )
    if gone:
        PublicSpaceDeclaration.objects.filter(pk__in=gone).delete()


def _deadlines(deployments: Iterable[Deployment]) -> dict[int, list[Deadline]]:
    """By action, whom to tell; nobody of an action without fixed point, place or date."""
    due = {
        each: each.starts_at.astimezone(each.zone).date()
        for each in deployments
        if each.has_fixed_point and each.starts_at and each.commune
    }
    if not due:
        return {}
    communes = [each.commune for each in due if each.commune]
    rules = Rules(communes, first=min(due.values()), last=max(due.values()))
    return {each.pk: rules.deadlines(each.commune, day) for each, day in due.items()}  # type: ignore[arg-type]


def _follow(declaration: PublicSpaceDeclaration, deadline: Deadline, facts: str) -> bool:
    """Give a declaration today's days; whether anything changed.

    What was told of another place or hour must be told again; what is not needed stays so as long
    as the place is the same.
    """
    before = (declaration.advised_on, declaration.last_day, declaration.state)
    declaration.advised_on, declaration.last_day = deadline.advised_on, deadline.last_day
    told = declaration.settled_facts
    if declaration.state == NOT_NEEDED:
        is_stale = told.split(" ")[0] != facts.split(" ", maxsplit=1)[0]
    else:
        is_stale = declaration.state != TO_SEND and told != facts
    if is_stale:
        declaration.state, declaration.answered_on = TO_SEND, None
    changed = before != (declaration.advised_on, declaration.last_day, declaration.state)
    declaration.revision += changed
    return changed


def _was_worked_on(declaration: PublicSpaceDeclaration) -> bool:
    return bool(declaration.sent_on or declaration.letter or declaration.receipt)


def _lock(declaration: PublicSpaceDeclaration, revision: int) -> PublicSpaceDeclaration:
    # The action is read afterwards: one that moved while this waited has moved here too.
    current = PublicSpaceDeclaration.objects.select_for_update(no_key=True).get(pk=declaration.pk)
    if current.revision != revision:
        raise DeclarationMoved
    return current


def _keep(declaration: PublicSpaceDeclaration, author: User) -> PublicSpaceDeclaration:
    declaration.updated_by, declaration.updated_at = author, clock.now()
    declaration.revision += 1
    declaration.save()
    return declaration


@transaction.atomic
def settle_declaration(
    *,
    declaration: PublicSpaceDeclaration,
    revision: int,
    facts: str,
    state: DeclarationState,
    on: date | None,
    author: User,
) -> PublicSpaceDeclaration:
    """Note that it was sent or answered `on` a day, or is not needed.

    `facts` are those that were on screen. Raises `DeclarationMoved` when `revision` or they are no
    longer its own, `WrongStep`.
    """
    declaration = _lock(declaration, revision)
    if facts != facts_of(declaration.deployment):
        raise DeclarationMoved
    if state not in STEPS[declaration.state]:
        raise WrongStep
    if state == SENT and declaration.state == TO_SEND:
        declaration.sent_on = on
    elif state in (GRANTED, REFUSED):
        declaration.answered_on = on
    elif state == SENT:
        declaration.answered_on = None
    else:
        declaration.sent_on = declaration.answered_on = None
    declaration.state = state
    declaration.settled_facts = "" if state == TO_SEND else facts
    _keep(declaration, author)
    refresh_tasks(deployment=declaration.deployment)
    return declaration


@transaction.atomic
def write_letter(
    *, declaration: PublicSpaceDeclaration, revision: int, letter: str, author: User
) -> PublicSpaceDeclaration:
    """Keep the words of the letter; empty for those proposed. Raises `DeclarationMoved`."""
    declaration = _lock(declaration, revision)
    declaration.letter = letter
    declaration.letter_facts = facts_of(declaration.deployment) if letter else ""
    return _keep(declaration, author)


@transaction.atomic
def keep_receipt(
    *,
    declaration: PublicSpaceDeclaration,
    revision: int,
    file: UploadedFile,
    author: User,
    facts: str = "",
    is_granted: bool = False,
    on: date | None = None,
) -> PublicSpaceDeclaration:
    """Keep what the authority sent back; a former file goes once the new one is there.

    `is_granted`: received `on` a day, it says yes to `facts`, those that were on screen. Raises
    `DeclarationMoved`, `WrongStep`.
    """
    declaration = _lock(declaration, revision)
    if is_granted:
        _grant(declaration, facts=facts, on=on)
    former = declaration.receipt.name
    file_type = FILE_TYPES[str(file.content_type)]
    declaration.receipt_name = safe_name(file.name or "", file_type)
    declaration.receipt_facts = facts_of(declaration.deployment)
    declaration.receipt.save(f"{uuid4().hex}.{file_type.extension}", file, save=False)
    storage, stored = declaration.receipt.storage, str(declaration.receipt.name)
    try:
        with transaction.atomic():
            _keep(declaration, author)
            refresh_tasks(deployment=declaration.deployment)
    except BaseException:
        storage.delete(stored)
        raise
    if former:
        transaction.on_commit(lambda: storage.delete(former))
    log.info("declaration-receipt-kept", declaration=declaration.pk, user=author.pk)
    return declaration


def _grant(declaration: PublicSpaceDeclaration, *, facts: str, on: date | None) -> None:
    """An answer proves that the declaration was sent, even if nobody noted it."""
    if facts != facts_of(declaration.deployment):
        raise DeclarationMoved
    if declaration.state not in PROVED:
        raise WrongStep
    declaration.state, declaration.answered_on = GRANTED, on
    declaration.settled_facts = facts


@transaction.atomic
def take_back_grant(
    *,
    declaration: PublicSpaceDeclaration,
    revision: int,
    state: DeclarationState,
    answered_on: date | None,
    author: User,
) -> PublicSpaceDeclaration:
    """Put a declaration granted by its receipt back to what it was; the file stays.

    Raises `DeclarationMoved` once anything changed after `revision`, `WrongStep`.
    """
    declaration = _lock(declaration, revision)
    if declaration.state != GRANTED or state not in PROVED:
        raise WrongStep
    declaration.state, declaration.answered_on = state, answered_on
    if state == TO_SEND:
        declaration.settled_facts = ""
    _keep(declaration, author)
    refresh_tasks(deployment=declaration.deployment)
    return declaration


@transaction.atomic
def save_rule(*, rule: DeclarationRule, now: datetime, revision: int = 0) -> DeclarationRule:
    """Keep a rule and give the actions to come in its place, and in its former one, their new days.

    `revision` is the one that was on screen; raises `RuleMoved` when it is no longer its own.
    """
    concerned: set[Deployment] = set()
    if rule.pk:
        before = _lock_rule(rule, revision)
        concerned |= set(_concerned(before, now))
        rule.revision = before.revision + 1
    rule.save()
    concerned |= set(_concerned(rule, now))
    _give_new_days(sorted(concerned, key=lambda deployment: deployment.pk))
    log.info("declaration-rule-saved", rule=rule.pk)
    return rule


@transaction.atomic
def remove_rule(*, rule: DeclarationRule, now: datetime, revision: int) -> None:
    """Take the rule of a place away: the wider one holds again. Raises `RuleMoved`."""
    rule = _lock_rule(rule, revision)
    concerned = list(_concerned(rule, now))
    rule.delete()
    _give_new_days(concerned)


def _lock_rule(rule: DeclarationRule, revision: int) -> DeclarationRule:
    locked = DeclarationRule.objects.select_for_update(of=("self",), no_key=True)
    current = locked.filter(pk=rule.pk, revision=revision).first()
    if current is None:
        raise RuleMoved
    return current


def _give_new_days(deployments: list[Deployment]) -> None:
    refresh_many(deployments=deployments)
    for deployment in deployments:
        refresh_tasks(deployment=deployment)


def _concerned(rule: DeclarationRule, now: datetime) -> Iterable[Deployment]:
    coming = Deployment.objects.kept().filter(has_fixed_point=True, starts_at__gt=now)
    if rule.commune_id:
        coming = coming.filter(commune=rule.commune_id)
    elif rule.departement_id:
        coming = coming.filter(departement=rule.departement_id)
    return coming.select_related("commune").order_by("pk")
