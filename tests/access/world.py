"""Who is tried and what they are tried on: people and objects around Caen, and far away in Lyon."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

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
from library.models import Document
from materials.enums import ItemKind
from materials.models import (
    FlyerBatch,
    FlyerText,
    Item,
    Location,
    Order,
    PosterSpot,
    PrintRun,
    SocialFile,
)
from materials.ordering import fill_basket, open_basket
from organisations.models import Membership, Organisation, User
from territory.models import Commune, Trade
from tests.access.shared import Shared, make_document, make_shared
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
from tests.library.conftest import VERIFIED_ON
from tests.materials.factories import fill, make_item, make_version
from tests.materials.flyer_factories import make_batch, make_drawn_batch, make_poster, make_run
from tests.materials.orders import approve, make_order, ship
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
    # What the union ordered: to be decided, to be prepared, on the road.
    orders: tuple[Order, Order, Order]
    stock: Location
    # Published by its UD, and one that waits in a batch.
    document: Document
    draft_document: Document
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
    deployment.series = uuid4()
    deployment.save(update_fields=["series"])
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
    published = {"organisation": union.parent, "departement": union.parent.departement}
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
        document=make_document(f"document-{union.slug}", **published),
        draft_document=make_document(
            f"brouillon-{union.slug}", **published | {"published_at": None, "batch": uuid4()}
        ),
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
        orders=make_orders(union, owner),
        stock=fill(Item.objects.get(slug="tract"), 5, union.slug),
        run=make_run(union.slug, trade),
        batch=make_batch(union.slug, (union.slug,), (trade,)),
        drawn=make_drawn_batch(union.slug),
        poster=make_poster(
            union.slug, commune=postcode_commune(postcode), picture=white_picture(), author=owner
        ),
    )


def make_orders(union: Organisation, owner: User) -> tuple[Order, Order, Order]:
    """Three of the same leaflet, each a step further."""
    item = Item.objects.filter(slug="tract").first()
    if item is None:
        item = make_item("Tract", slug="tract")
        make_version(item)
        make_item("Affiche du vote", kind=ItemKind.POSTER)
    fill(item, 10)
    asked, promised, sent = (
        make_order({item: 2}, organisation=union.slug, by=owner) for _ in range(3)
    )
    fill_basket(basket=open_basket(organisation=union, by=owner), packs={item: 1})
    return asked, approve(promised), ship(approve(sent))


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
    "staff_document": lambda world, place: [world.shared.staff_document.slug],
    "public_document": lambda world, place: [world.shared.public_document.slug],
    "local_document": lambda world, place: [place.document.slug],
    "local_draft": lambda world, place: [place.draft_document.slug],
    "batch": lambda world, place: [place.draft_document.batch],
    "collection": lambda world, place: [world.shared.collection.slug],
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
    "series_act": lambda world, place: [place.deployment.pk, "decaler"],
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
    "item": lambda world, place: ["tract"],
    "item_version": lambda world, place: ["tract", 1],
    "item_file": lambda world, place: ["tract", 1, "econome"],
    "social_file": lambda world, place: [
        "tract",
        SocialFile.objects.get(version__item__slug="tract").pk,
    ],
    "order": lambda world, place: [place.orders[0].pk],
    "promised_order": lambda world, place: [place.orders[1].pk],
    "sent_order": lambda world, place: [place.orders[2].pk],
    "stock": lambda world, place: [place.stock.pk],
    "movement": lambda world, place: [place.stock.pk, place.stock.arrivals.get().pk],
    "absence": lambda world, place: [place.absence.pk],
    "run": lambda world, place: [place.run.pk],
    "flyer_file": lambda world, place: [place.run.source_id, "pdf"],
    "flyer_batch": lambda world, place: [place.batch.pk],
    "drawn": lambda world, place: [place.drawn.pk],
    "poster": lambda world, place: [place.poster.public_id],
    "flyer_text": lambda world, place: [FlyerText.objects.get(slug="generique", language="fr").pk],
    "phase": lambda world, place: ["vote"],
}
