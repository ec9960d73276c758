"""Who is tried and what they are tried on: people and objects around Caen, and far away in Lyon."""

import copy
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image

from accounts.models import Invitation
from calls.models import Call, Meeting, Outcome
from contacts.actions import merge_contacts
from contacts.links import confirmation_token, personal_token
from contacts.models import Contact, Source
from core.tokens import hash_secret, make_secret
from deployments.absences import note_absence
from deployments.day import add_photo, open_field_session
from deployments.debrief_rules import opinion_secret
from deployments.debriefing import add_remark
from deployments.enums import Authority, FeedKind, RemarkKind
from deployments.feeds import open_feed
from deployments.models import (
    Absence,
    CalendarFeed,
    DeclarationRule,
    Deployment,
    Photo,
    TeamMember,
)
from deployments.sign_up_links import open_link
from deployments.team_links import secret_of as secret_of_member
from deployments.team_links import sign_up_secret
from field.enums import Reason, RecordState
from field.links import secret_of
from field.models import SealedRecord
from field.rules import current_reference
from imports.models import ContactImport
from library import actions
from library.enums import DocumentKind
from library.models import Document, DocumentVersion, RightsSheet
from materials.models import FlyerBatch, FlyerText, PosterSpot, PrintRun
from messaging.actions import enqueue_sms
from messaging.models import Message
from organisations.models import Membership, Organisation, User
from territory.models import Commune, Trade
from tests.deployments.factories import (
    add_member,
    make_deployment,
    next_week,
    postcode_commune,
    slot,
)
from tests.factories import make_contact, make_local_union, make_source, make_user
from tests.field.conftest import Tablet, make_session, open_tablet
from tests.imports.factories import make_done_import, make_import
from tests.library.conftest import SHEET, VERIFIED_ON
from tests.materials.factories import make_batch, make_drawn_batch, make_poster, make_run
from tests.webinars.factories import make_webinar, sign_up
from webinars.asking import accept, ask
from webinars.links import secret_of as secret_of_registration
from webinars.models import Question, Registration, Webinar

LYON = "69123"
NOBODY_IN_IT = "Prénom;E-mail;Code postal\nMax;sans adresse;14000\n"


def make_people() -> dict[str, User]:
    """Every kind of person the table names; `nobody` belongs to no organisation."""
    return {
        "nobody": make_user(),
        "militant": make_user("militant", "ul-caen"),
        "ul": make_user("staff", "ul-caen"),
        "ul_admin": make_user("admin", "ul-caen"),
        "ud": make_user("staff", "ud-14"),
        "ud_admin": make_user("admin", "ud-14"),
        "fd": make_user("staff", "fd-commerce"),
        "region": make_user("staff", "cr-28"),
        "confederation": make_user("staff", "confederation"),
        "confederation_admin": make_user("admin", "confederation"),
        "other_ud": make_user("staff", "ud-50"),
        "other_ud_admin": make_user("admin", "ud-50"),
    }


@dataclass(frozen=True)
class Place:
    """One object of each kind, all of one place."""

    organisation: Organisation
    contact: Contact
    # Shares the number of `contact`.
    twin: Contact
    # Was two rows once.
    merged: Contact
    source: Source
    invitation: Invitation
    invitation_secret: str
    membership: Membership
    person: User
    contact_list: ContactImport
    # Imported, though nobody in it could be.
    done_list: ContactImport
    tablet: Tablet
    record: SealedRecord
    deployment: Deployment
    photo: Photo
    rule: DeclarationRule
    held: Deployment
    team_member: TeamMember
    absence: Absence
    # Somebody who comes to a session of the union, and asked a question that is published.
    registration: Registration
    question: Question
    # The same to one that goes on.
    live: Registration
    run: PrintRun
    batch: FlyerBatch
    # Drawn, its zip waiting.
    drawn: FlyerBatch
    poster: PosterSpot


def make_merged(union: Organisation, *, postcode: str, trade: Trade) -> Contact:
    """One person, met under two numbers."""
    pair = [
        make_contact(
            first_name=f"Une {union.name}", email="", phone=phone, postcode=postcode, trade=trade
        )
        for phone in ("+33639980091", "+33639980092")
    ]
    merge_contacts(
        survivor=pair[0], other=pair[1], choices={}, reason="Elle l’a dit",
        author=make_user("staff", union.slug),
    )  # fmt: skip
    return pair[0]


def make_record(tablet: Tablet) -> SealedRecord:
    """A record that came from the street with half a number."""
    envelope = tablet.envelope(tablet.plain(phone="06 39"))
    return SealedRecord.objects.create(
        capture_id=envelope["capture_id"], sealed=envelope["sealed"], device=tablet.device,
        session=tablet.device.session, source=tablet.device.source,
        state=RecordState.TO_CORRECT, reason=Reason.INVALID, wrong_fields=["phone"],
    )  # fmt: skip


def make_declared(union: Organisation, commune: Commune) -> Deployment:
    """A fixed point whose mairie answered in writing."""
    deployment = make_deployment(
        union.slug, commune=commune, types=["point-fixe"], has_fixed_point=True
    )
    declaration = deployment.declarations.get(authority=Authority.TOWN_HALL)
    declaration.receipt.save("a.pdf", ContentFile(b"%PDF-1.7\n"), save=False)
    declaration.receipt_name = "arrêté.pdf"
    declaration.save()
    return deployment


def make_place(union: Organisation, *, postcode: str, trade: str, member: User | None) -> Place:
    member = member or make_user("militant", union.slug)
    deployment = make_declared(union, postcode_commune(postcode))
    registration = sign_up(make_webinar(organisation=union.slug), int(postcode))
    secret = make_secret()
    owner = make_user("admin", union.slug)
    tablet = open_tablet(make_session(union.slug, created_by=owner))
    open_link(deployment=deployment)
    today = timezone.localdate()
    return Place(
        organisation=union,
        contact=make_contact(
            email="",
            phone="+33639980001",
            first_name=union.name,
            postcode=postcode,
            trade=Trade.objects.get(pk=trade),
        ),
        twin=make_contact(
            email="",
            phone="+33639980001",
            first_name=f"Jumelle {union.name}",
            postcode=postcode,
            trade=Trade.objects.get(pk=trade),
        ),
        merged=make_merged(union, postcode=postcode, trade=Trade.objects.get(pk=trade)),
        source=make_source(union.slug),
        invitation=Invitation.objects.create(
            organisation=union,
            email=f"invite@{union.slug}.example",
            secret_hash=hash_secret(secret),
            invited_by=owner,
            expires_at=timezone.now() + timedelta(days=3),
        ),
        invitation_secret=secret,
        tablet=tablet,
        record=make_record(tablet),
        membership=member.memberships.get(),
        person=member,
        contact_list=make_import(organisation=union.slug, user=owner),
        done_list=make_done_import(NOBODY_IN_IT, organisation=union.slug, user=owner),
        deployment=deployment,
        photo=make_day(deployment, owner),
        rule=DeclarationRule.objects.create(
            authority=Authority.PREFECTURE,
            departement_id=union.parent.departement_id,
            days_before=5,
            advised_days_before=10,
            source="Appel",
            verified_on=VERIFIED_ON,
        ),
        held=make_held(union, commune=postcode_commune(postcode)),
        team_member=add_member(deployment, int(postcode) % 90),
        absence=note_absence(user=owner, first=today, last=today),
        registration=registration,
        question=accept(question=ask(registration=registration, text="Où sont les tracts ?")),
        live=sign_up(make_live(union), int(postcode)),
        run=make_run(union.slug, trade),
        batch=make_batch(union.slug, (union.slug,), (trade,)),
        drawn=make_drawn_batch(union.slug),
        poster=make_poster(
            union.slug, commune=postcode_commune(postcode), picture=white_picture(), author=owner
        ),
    )


def make_live(union: Organisation) -> Webinar:
    start = timezone.now() - timedelta(minutes=5)
    return make_webinar(organisation=union.slug, title="En ce moment", starts_at=start)


def make_held(union: Organisation, *, commune: Commune) -> Deployment:
    """An action of last week, of which somebody said something."""
    deployment = make_deployment(
        union.slug, commune=commune, title="Marché passé",
        slots=[slot(next_week() - timedelta(days=14))],
    )  # fmt: skip
    add_remark(
        deployment=deployment, kind=RemarkKind.TOP, text="Beau temps", author="Zoé", member=None
    )
    return deployment


def make_day(deployment: Deployment, author: User) -> Photo:
    """Tablets ready for the action, and a photo of it."""
    open_field_session(deployment=deployment, author=author)
    return add_photo(
        deployment=deployment, picture=white_picture(), caption="Le stand", people_agreed=True,
        author=author,
    )  # fmt: skip


def white_picture() -> bytes:
    white = BytesIO()
    Image.new("RGB", (40, 30), "white").save(white, "JPEG")
    return white.getvalue()


@dataclass(frozen=True)
class Shared:
    """What has no place: messages, sheets, documents."""

    message: Message
    sheet: RightsSheet
    draft: RightsSheet
    document: Document


def make_shared(editor: User) -> Shared:
    """Needs `library.actions.render_version` to be replaced: no PDF is drawn here."""
    message = enqueue_sms(
        unique_key="access", purpose="test", recipient="+33639980001", text="Bonjour"
    )
    document = Document.objects.create(
        slug="argumentaire", title="Argumentaire", kind=DocumentKind.TALKING_POINTS
    )
    DocumentVersion.objects.create(
        document=document, number=1, file=ContentFile(b"%PDF-1.7\n", name="a.pdf"), name="a.pdf",
        content_type="application/pdf", size=9,
    )  # fmt: skip
    published = _make_draft("Salaire", editor)
    actions.publish_sheet(version=published.versions.get(), publisher=editor)
    return Shared(message, published, _make_draft("Brouillon", editor), document)


def _make_draft(title: str, editor: User) -> RightsSheet:
    content = {key: value for key, value in SHEET.items() if key not in ("slug", "verified_on")}
    version = actions.create_sheet(
        content=copy.deepcopy(content) | {"title": title}, verified_on=VERIFIED_ON, author=editor
    )
    return version.sheet


@dataclass(frozen=True)
class World:
    people: dict[str, User]
    near: Place
    far: Place
    shared: Shared
    # In Lyon, entered by the militant of Caen.
    captured: Contact
    # The militant's, with the secret of its address.
    feed: CalendarFeed
    feed_secret: str


def make_call(contact: Contact, caller: User | None) -> None:
    """Nobody answered the day before; an appointment stands all the same."""
    follow_up = contact.follow_ups.get()
    now = timezone.now()
    meeting = Meeting.objects.create(
        follow_up=follow_up, organiser=caller, starts_at=now + timedelta(days=2), place="Café"
    )
    before = {"follow_up": {}, "standing": {}, "taught": {}, "elsewhere": {}}
    Call.objects.create(
        follow_up=follow_up, caller=caller, outcome=Outcome.objects.get(code="no-answer"),
        outcome_label="Pas de réponse", started_at=now, ended_at=now, note="Sonne dans le vide",
        meeting=meeting, before=before,
    )  # fmt: skip


def make_world() -> World:
    """Caen for the people of the table; Lyon, of another trade, for nobody but the confederation.

    The militant of Caen has entered one contact in Lyon: it is theirs.
    """
    people = make_people()
    far_union = make_local_union("ul-lyon", "UL de Lyon", "ud-69", [LYON])
    near = make_place(
        people["ul"].active_memberships[0].organisation,
        postcode="14000",
        trade="assistante-maternelle",
        member=None,
    )
    far = make_place(far_union, postcode="69003", trade="macon", member=None)
    make_call(near.contact, people["ul"])
    make_call(far.contact, None)
    captured = make_contact(
        first_name="Rencontre",
        email="",
        phone="+33639980055",
        postcode="69003",
        trade=Trade.objects.get(pk="macon"),
        source=make_source("ul-caen"),
        captured_by=people["militant"],
    )
    feed = open_feed(user=people["militant"], kind=FeedKind.EVERYTHING)
    shared = make_shared(people["confederation"])
    for place in (near, far):
        place.registration.webinar.documents.add(shared.document)
    sign_up(near.registration.webinar, email=people["militant"].email)
    return World(people, near, far, shared, captured, *feed)


Arguments = Callable[[World, Place], list[Any]]
ARGUMENTS: dict[str, Arguments] = {
    "none": lambda world, place: [],
    "contact": lambda world, place: [place.contact.pk],
    "pair": lambda world, place: [place.contact.pk, place.twin.pk],
    "merged": lambda world, place: [place.merged.pk],
    "source": lambda world, place: [place.source.pk],
    "code": lambda world, place: [place.source.code],
    "qr": lambda world, place: [place.source.pk, "svg"],
    "session": lambda world, place: [place.tablet.session.pk],
    "session_qr": lambda world, place: [place.tablet.session.pk, "svg"],
    "field_secret": lambda world, place: [secret_of(place.tablet.session)],
    "device": lambda world, place: [place.tablet.session.pk, place.tablet.device.pk],
    "record": lambda world, place: [place.record.pk],
    "reference": lambda world, place: [current_reference().version],
    "token": lambda world, place: [personal_token(place.contact)],
    "confirmation": lambda world, place: [confirmation_token(place.contact)],
    "organisation": lambda world, place: [place.organisation.pk],
    "membership": lambda world, place: [place.membership.pk],
    "person": lambda world, place: [place.person.pk],
    "list": lambda world, place: [place.contact_list.pk],
    "done_list": lambda world, place: [place.done_list.pk],
    "invitation": lambda world, place: [place.invitation.pk],
    "secret": lambda world, place: [place.invitation_secret],
    "message": lambda world, place: [world.shared.message.pk],
    "sheet": lambda world, place: [world.shared.sheet.slug],
    "draft": lambda world, place: [world.shared.draft.slug],
    "version": lambda world, place: [world.shared.sheet.slug, 1],
    "document": lambda world, place: [world.shared.document.slug],
    "document_version": lambda world, place: [world.shared.document.slug, 1],
    "import": lambda world, place: ["communes"],
    "follow_up": lambda world, place: [place.contact.follow_ups.get().pk],
    "call": lambda world, place: [place.contact.follow_ups.get().calls.get().pk],
    "meeting": lambda world, place: [place.contact.follow_ups.get().meetings.get().pk],
    "deployment": lambda world, place: [place.deployment.pk],
    "feed": lambda world, place: [world.feed.pk],
    "feed_secret": lambda world, place: [world.feed_secret],
    "photo": lambda world, place: [place.photo.public_id],
    "declaration": lambda world, place: [
        place.deployment.pk,
        place.deployment.declarations.get(authority="town-hall").pk,
    ],
    "task": lambda world, place: [
        place.deployment.pk,
        place.deployment.tasks.get(step="team").pk,
    ],
    "rule": lambda world, place: [place.rule.pk],
    "remark": lambda world, place: [place.held.remarks.get().pk],
    "opinion": lambda world, place: [place.held.pk, opinion_secret(place.held)],
    "preparation": lambda world, place: [place.deployment.pk, "materiel"],
    "team_member": lambda world, place: [place.deployment.pk, place.team_member.pk],
    "team_code": lambda world, place: [sign_up_secret(place.deployment.pk, 1)],
    "team_secret": lambda world, place: [secret_of_member(place.team_member.seed)],
    "webinar": lambda world, place: [place.registration.webinar_id],
    "webinar_secret": lambda world, place: [secret_of_registration(place.registration.seed)],
    "webinar_code": lambda world, place: [place.registration.webinar.code],
    "webinar_document": lambda world, place: [
        secret_of_registration(place.registration.seed),
        world.shared.document.slug,
    ],
    "registrant": lambda world, place: [place.registration.webinar_id, place.registration.pk],
    "asked": lambda world, place: [place.registration.webinar_id, place.question.pk],
    "webinar_step": lambda world, place: [place.registration.webinar_id, "programme"],
    "series": lambda world, place: ["cpri"],
    "live_secret": lambda world, place: [secret_of_registration(place.live.seed)],
    "absence": lambda world, place: [place.absence.pk],
    "run": lambda world, place: [place.run.pk],
    "flyer_file": lambda world, place: [place.run.source_id, "pdf"],
    "batch": lambda world, place: [place.batch.pk],
    "drawn": lambda world, place: [place.drawn.pk],
    "poster": lambda world, place: [place.poster.public_id],
    "flyer_text": lambda world, place: [FlyerText.objects.get(slug="generique", language="fr").pk],
    "phase": lambda world, place: ["vote"],
}
