"""The letter to a mairie or a préfecture, proposed from what is known of the action."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from core.dates import day_of_week, hour
from core.pdf import render_pdf
from core.text import fold
from deployments.declaration_rules import rule_behind, today_at
from deployments.enums import Authority
from deployments.models import Deployment, PublicSpaceDeclaration, Shift, TeamMember
from deployments.team_rules import pilots_of
from organisations.models import Organisation
from organisations.wording import named

# Headings of the list whose lines stand in the public space.
INSTALLED = ("Point fixe", "Visibilité", "Porteur·ses de parole", "Vide-grenier", "Prise de parole")
PAPER = "Récépissé"
MOST_LINES = 8
# « d’Yvetot », but « de Yutz ».
VOWELS = ("a", "e", "i", "o", "u", "yv", "ye")

OPENINGS = {
    Authority.TOWN_HALL: (
        "Madame la Maire, Monsieur le Maire,\n\n"
        "{organiser} organise une rencontre avec les salarié·es des très petites entreprises, pour "
        "les informer de leurs droits. Nous vous demandons l’autorisation d’occuper l’espace "
        "public, à titre gratuit, dans les conditions suivantes."
    ),
    Authority.PREFECTURE: (
        "Madame la Préfète, Monsieur le Préfet,\n\n"
        "{organiser} organise une rencontre avec les salarié·es des très petites entreprises, pour "
        "les informer de leurs droits. Nous vous déclarons l’occupation de l’espace public, dans "
        "les conditions suivantes."
    ),
}
PROMISE = (
    "Nous laisserons libre le passage, notamment celui des personnes à mobilité réduite et des "
    "secours, et rendrons les lieux propres."
)
CLOSINGS = {
    Authority.TOWN_HALL: (
        "Nous vous remercions de nous faire parvenir votre autorisation écrite, que l’équipe aura "
        "sur elle, et restons à votre disposition pour toute précision."
    ),
    Authority.PREFECTURE: (
        "Nous vous remercions de nous faire parvenir le récépissé de cette déclaration, que "
        "l’équipe aura sur elle, et restons à votre disposition pour toute précision."
    ),
}
GREETING = "Veuillez recevoir nos salutations respectueuses."
SUBJECTS = {
    Authority.TOWN_HALL: "Demande d’autorisation d’occuper l’espace public",
    Authority.PREFECTURE: "Déclaration d’occupation de l’espace public",
}


@dataclass(frozen=True)
class Letter:
    sender: str
    # Address and telephone, a line each; empty as long as nobody wrote them.
    sender_lines: tuple[str, ...]
    # With its article: « l’UL de Caen ».
    organiser: str
    recipient: str
    written_on: date
    subject: str
    body: str
    signatory: str


def of_place(name: str) -> str:
    """« de Caen », « d’Orléans », « du Mans », « des Ulis »."""
    for article, contracted in (("Le ", "du "), ("Les ", "des ")):
        if name.startswith(article):
            return contracted + name.removeprefix(article)
    return f"d’{name}" if fold(name).startswith(VOWELS) else f"de {name}"


def sender_lines(organisation: Organisation) -> Iterator[str]:
    """What stands below the name of who writes."""
    yield from organisation.postal_address.splitlines()
    if organisation.phone:
        yield f"Tél. : {organisation.phone_as_national}"


def recipient(declaration: PublicSpaceDeclaration) -> str:
    """Where the letter goes: the address of the rule, else the name of the authority."""
    rule, commune = rule_behind(declaration), declaration.deployment.commune
    if rule and rule.address:
        return rule.address
    if commune is None:
        return declaration.get_authority_display()
    if declaration.authority == Authority.TOWN_HALL:
        return f"Mairie {of_place(commune.name)}"
    departement = commune.departement
    return f"Préfecture – {departement.name}\n{departement.prefecture}"


def pilot_of(deployment: Deployment) -> TeamMember | None:
    """Who signs and is to be reached: nobody who has only been asked."""
    return next(iter(pilots_of(deployment)), None)


def when_lines(deployment: Deployment) -> list[str]:
    """« lundi 25 novembre 2024, de 9 h à 12 h », a line a shift, by the hours of the place."""
    shifts = list(deployment.shifts.order_by("starts_at", "pk"))
    with timezone.override(deployment.zone):
        return [_when(shift) for shift in shifts]


def _when(shift: Shift) -> str:
    first, last = timezone.localtime(shift.starts_at), timezone.localtime(shift.ends_at)
    start = f"{day_of_week(first)} {first.year}, de {hour(first)}"
    until = "" if first.date() == last.date() else f"{day_of_week(last)}, "
    return f"{start} à {until}{hour(last)}"


def where_line(deployment: Deployment) -> str:
    place, commune = deployment.place, deployment.commune
    town = f"{commune.postcodes[0]} {commune.name}" if commune and commune.postcodes else ""
    parts = [place.name, place.address] if place else []
    return ", ".join(part for part in [*parts, town or (commune.name if commune else "")] if part)


def people_expected(deployment: Deployment) -> int:
    """How many the team will be: those who come, or as many as the preparation asks for."""
    coming = deployment.team.coming().count()
    needed = sum(need.minimum for need in deployment.needs.all())
    usual = max((type_.team_size for type_ in deployment.types.all()), default=2)
    return max(coming, needed or usual)


def installed(deployment: Deployment) -> str:
    """What will stand there, from the list of material."""
    lines = deployment.checklist.filter(category__in=INSTALLED).order_by("position", "pk")
    labels = dict.fromkeys(one.label for one in lines if not one.label.startswith(PAPER))
    found = [_inside(label) for label in list(labels)[:MOST_LINES]]
    return " ; ".join(found) or "une table"


def _inside(label: str) -> str:
    """As written inside a sentence: « barnum », but « UL mobile »."""
    return label if label[:2].isupper() else label[0].lower() + label[1:]


def _facts(deployment: Deployment) -> Iterator[str]:
    yield f"Lieu : {where_line(deployment)}"
    whens = when_lines(deployment)
    yield (
        f"Date et horaires : {whens[0]}"
        if len(whens) == 1
        else "Dates et horaires :\n" + ("\n".join(f"– {when}" for when in whens))
    )
    yield f"Nombre de personnes de l’équipe : environ {people_expected(deployment)}"
    yield f"Installation : {installed(deployment)}"
    pilot = pilot_of(deployment)
    if pilot:
        phone = pilot.phone.as_national if pilot.phone else pilot.email
        who = ", ".join(part for part in (pilot.first_name, phone) if part)
        yield f"Personne à joindre avant et pendant : {who}"


def proposed_body(declaration: PublicSpaceDeclaration) -> str:
    """The words nobody changed yet."""
    deployment, authority = declaration.deployment, Authority(declaration.authority)
    organiser = named(deployment.organisation)
    opening = OPENINGS[authority].format(organiser=organiser[0].upper() + organiser[1:])
    facts = "\n".join(_facts(deployment))
    return "\n\n".join([opening, facts, PROMISE, CLOSINGS[authority], GREETING])


def letter_of(declaration: PublicSpaceDeclaration) -> Letter:
    deployment = declaration.deployment
    pilot = pilot_of(deployment)
    return Letter(
        sender=deployment.organisation.name,
        sender_lines=tuple(sender_lines(deployment.organisation)),
        organiser=named(deployment.organisation),
        recipient=recipient(declaration),
        written_on=today_at(deployment),
        subject=SUBJECTS[Authority(declaration.authority)],
        body=declaration.letter or proposed_body(declaration),
        signatory=pilot.first_name if pilot else "",
    )


def letter_pdf(declaration: PublicSpaceDeclaration) -> bytes:
    return render_pdf(
        "deployments/declarations/letter_pdf.html", {"letter": letter_of(declaration)}
    )
