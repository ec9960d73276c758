"""The words of the mails to registrants, written as they are handed over to the provider."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Prefetch

from messaging.models import Attachment, Message
from messaging.rendering import Rendered, render_email
from organisations.wording import named
from webinars import mails
from webinars.enums import QuestionState, RegistrationState, WebinarState
from webinars.invitations import invitation_file
from webinars.links import agenda_url, personal_url, session_url
from webinars.models import Question, Registration, Webinar
from webinars.wording import programme_words, soon_words, when_for

AFTER_TEMPLATE = "webinars/email/after"
# In the mail itself; the others are behind the link.
MOST_ANSWERS = 10
OWN_PAGE = "Voir ou annuler mon inscription"
IN_PROGRESS = (RegistrationState.REGISTERED, RegistrationState.WAITING, RegistrationState.ASKED)
# The state a registration must still be in for a mail to leave.
WANTED_STATES: Mapping[str, tuple[RegistrationState, ...]] = {
    mails.WORD: IN_PROGRESS,
    mails.PLACE: (RegistrationState.REGISTERED,),
    mails.APPROVED: (RegistrationState.REGISTERED, RegistrationState.WAITING),
    mails.REFUSED: (RegistrationState.REFUSED,),
    mails.LEFT: (RegistrationState.CANCELLED,),
    mails.LINK: IN_PROGRESS,
    mails.ASIDE: (RegistrationState.REGISTERED,),
    mails.MOVED: IN_PROGRESS,
    mails.OFF: IN_PROGRESS,
    mails.BACK: IN_PROGRESS,
    mails.REMINDER: (RegistrationState.REGISTERED,),
    mails.AFTER: (RegistrationState.REGISTERED,),
}
WITH_INVITATION = frozenset(
    {
        mails.WORD,
        mails.PLACE,
        mails.APPROVED,
        mails.LEFT,
        mails.LINK,
        mails.MOVED,
        mails.OFF,
        mails.BACK,
    }
)
WITHOUT_LINK = frozenset({mails.OFF, mails.REFUSED, mails.LEFT})


@dataclass(frozen=True)
class Said:
    """What a mail says before its facts."""

    subject: str
    text: str
    # What the personal link is called; none when there is nothing to open.
    button: str = ""


def compose(messages: list[Message]) -> dict[UUID, Rendered]:
    """The words of messages to registrants.

    Leaves out what is not true any more: another state, address or date, a link that was withdrawn.
    """
    keys = {message.pk: message.unique_key.split(":") for message in messages}
    registrations = _found({int(key[1]) for key in keys.values()})
    words = {}
    for message in messages:
        _, number, _, occasion = keys[message.pk]
        one = registrations.get(int(number))
        if one is not None and _still_goes(message, one, occasion):
            said = _say(message.purpose, one, occasion)
            if said is not None:
                words[message.pk] = _render(message, one, said)
    return words


def _found(pks: set[int]) -> Mapping[int, Registration]:
    answered = Question.objects.answered_in_writing().ranked()
    return (
        Registration.objects.reachable()
        .select_related("webinar__organisation", "webinar__series")
        .prefetch_related(
            "webinar__parts",
            Prefetch("webinar__questions", queryset=answered),
        )
        .in_bulk(pks)
    )


def _still_goes(message: Message, one: Registration, occasion: str) -> bool:
    webinar, purpose = one.webinar, message.purpose
    if message.recipient != one.email or one.state not in WANTED_STATES[purpose]:
        return False
    is_off = webinar.state == WebinarState.CANCELLED
    if purpose == mails.OFF or is_off:
        return purpose == mails.OFF and is_off and occasion == str(webinar.sequence)
    if one.revoked_at and purpose not in WITHOUT_LINK:
        return False
    if purpose in (mails.MOVED, mails.BACK):
        return occasion == str(webinar.sequence)
    if purpose == mails.REMINDER:
        start = webinar.starts_at
        return start is not None and occasion.startswith(mails.reminder_key(start, 0)[:-1])
    return True


def _render(message: Message, one: Registration, said: Said) -> Rendered:
    webinar, purpose = one.webinar, message.purpose
    attached = _invitation(one) if purpose in WITH_INVITATION else None
    context = {
        "registration": one,
        "webinar": webinar,
        "said": said,
        "host": named(webinar.organisation),
        "when": when_for(one),
        "programme": programme_words(webinar)
        if purpose not in (mails.AFTER, *WITHOUT_LINK)
        else [],
        "link": "" if purpose in WITHOUT_LINK else personal_url(one),
        "share": session_url(webinar),
        "agenda": agenda_url() if purpose in WITHOUT_LINK else "",
        "has_place": one.has_place and purpose not in (mails.AFTER, *WITHOUT_LINK),
        "is_attached": attached is not None and purpose not in WITHOUT_LINK,
        "answers": [],
        "unsubscribe_url": message.unsubscribe_url,
    }
    template = "webinars/email/registration"
    if purpose == mails.AFTER:
        template = AFTER_TEMPLATE
        # Those answered in writing alone: see `_found`.
        context["answers"] = list(webinar.questions.all())[:MOST_ANSWERS]
    rendered = render_email(template, context, message.language)
    return Rendered(rendered.subject, rendered.text, rendered.html, [attached] if attached else [])


def preview_after(webinar: Webinar, name: str, *, attended: bool) -> Rendered:
    """The mail of after the session as `name` would get it; its link leads nowhere."""
    reader = Registration(
        webinar=webinar, name=name, state=RegistrationState.REGISTERED, attended=attended
    )
    answered = webinar.questions.answered_in_writing().ranked()
    context = {
        "registration": reader,
        "webinar": webinar,
        "said": _after(reader),
        "link": "(son lien personnel)",
        "answers": list(answered[:MOST_ANSWERS]),
        "unsubscribe_url": "",
    }
    return render_email(AFTER_TEMPLATE, context, "fr")


def _invitation(one: Registration) -> Attachment | None:
    """Who never had a place has nothing to put in a calendar, nor to take off it."""
    if one.state in (RegistrationState.WAITING, RegistrationState.ASKED):
        return None
    return invitation_file(one)


def _say(purpose: str, one: Registration, occasion: str) -> Said | None:
    """None when there is nothing left to say."""
    if purpose in mails.CHANGES:
        return _news(purpose, one.webinar.title)
    match purpose:
        case mails.REMINDER:
            return _reminder(one.webinar.title, int(occasion.partition("-")[2]))
        case mails.AFTER:
            return _after(one)
        case mails.ASIDE:
            return _aside(one, int(occasion))
        case mails.WORD | mails.APPROVED:
            return _first_word(purpose, one)
    return _farewell(purpose, one)


def _aside(one: Registration, number: int) -> Said | None:
    """A word about a question that is still aside: these are few, a query each will do."""
    question = Question.objects.filter(pk=number, state=QuestionState.DECLINED).first()
    if question is None:
        return None
    return Said(
        f"Votre question : {one.webinar.title}",
        f"Vous avez demandé : « {question.text} » L’équipe ne la reprend pas cette fois. Un mot "
        f"d’elle : « {question.answer} »",
        "Ouvrir ma page",
    )


def _reminder(title: str, minutes: int) -> Said:
    soon = soon_words(minutes)
    return Said(
        f"C’est {soon} : {title}",
        f"« {title} », c’est {soon}. Votre lien ouvre la salle le moment venu.",
        "Rejoindre le webinaire",
    )


def _news(purpose: str, title: str) -> Said:
    match purpose:
        case mails.PLACE:
            return Said(
                f"Une place s’est libérée : {title}",
                f"Une place s’est libérée pour « {title} » : elle est à vous !",
                OWN_PAGE,
            )
        case mails.MOVED:
            return Said(
                f"Nouvelle date : {title}",
                f"Voici la date et l’heure de « {title} ». Votre inscription et votre lien restent "
                "valables ; si vous ne pouvez plus, annulez d’un geste.",
                OWN_PAGE,
            )
        case mails.BACK:
            return Said(
                f"Finalement, il a lieu : {title}",
                f"« {title} » aura bien lieu. Votre inscription et votre lien restent valables.",
                OWN_PAGE,
            )
    return Said(
        f"Votre lien pour « {title} »",
        f"Voici votre lien personnel pour « {title} ». Un lien reçu plus tôt peut ne plus "
        "marcher : gardez celui-ci.",
        "Ouvrir ma page",
    )


def _first_word(purpose: str, one: Registration) -> Said:
    title = one.webinar.title
    if purpose == mails.APPROVED and one.has_place:
        return Said(
            f"Vous êtes inscrit·e : {title}",
            f"Votre demande pour « {title} » est acceptée. À bientôt !{_reply(one)}",
            OWN_PAGE,
        )
    match one.state:
        case RegistrationState.REGISTERED:
            return Said(
                f"Vous êtes inscrit·e : {title}",
                f"C’est noté, vous êtes inscrit·e à « {title} ». À bientôt !",
                OWN_PAGE,
            )
        case RegistrationState.WAITING:
            return Said(
                f"Liste d’attente : {title}",
                f"« {title} » est complet pour l’instant. Vous êtes en liste d’attente, et "
                f"prévenu·e dès qu’une place se libère.{_reply(one)}",
                OWN_PAGE,
            )
    return Said(
        f"Votre demande est arrivée : {title}",
        f"« {title} » s’adresse à un public précis. Votre demande est transmise à l’équipe qui "
        "l’organise : sa réponse arrive par mail.",
        "Voir ou retirer ma demande",
    )


def _farewell(purpose: str, one: Registration) -> Said:
    webinar = one.webinar
    title = webinar.title
    if purpose == mails.OFF:
        reason = f" Pourquoi : {webinar.cancel_reason}" if webinar.cancel_reason else ""
        return Said(f"Annulé : {title}", f"« {title} » n’aura pas lieu.{reason}")
    if purpose == mails.REFUSED:
        return Said(
            f"Votre demande : {title}",
            f"« {title} » est réservé à un autre public : l’équipe n’a pas pu retenir votre "
            "demande. Merci de votre intérêt ; d’autres séances sont ouvertes à toutes et tous."
            f"{_reply(one)}",
        )
    if one.decided_at == one.cancelled_at:
        return Said(
            f"Vous êtes désinscrit·e : {title}",
            f"L’équipe qui organise « {title} » vous a désinscrit·e"
            f"{', et ne rouvre pas votre inscription' if one.barred_at else ''}.{_reply(one)}",
        )
    return Said(
        f"Vous êtes désinscrit·e : {title}",
        f"C’est noté : vous n’êtes plus inscrit·e à « {title} ». Merci d’avoir prévenu.",
    )


def _reply(one: Registration) -> str:
    return f" Un mot de l’équipe : « {one.reply} »" if one.reply else ""


def _after(one: Registration) -> Said:
    title = one.webinar.title
    if one.attended:
        text = f"Merci d’avoir participé à « {title} »."
    else:
        text = f"Vous n’avez pas pu suivre « {title} » ? Tout est là pour vous rattraper."
    return Said(f"Après « {title} »", text, "Ouvrir ma page")
