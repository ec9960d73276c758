"""The words to say, filled in for one call."""

import re
from dataclasses import dataclass

from calls.models import CallScript
from calls.wording import WORDS, shipped_script
from campaigns import clock
from campaigns.enums import Phase
from campaigns.models import Campaign
from core.dates import day_of_year
from organisations.models import Organisation
from organisations.wording import named, named_after

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
ORGANISATION = re.compile(r"(?:\b([Dd]e|[Àà]) )?\{organisation\}")


@dataclass(frozen=True)
class Script:
    phase: Phase
    text: str
    is_rewritten: bool


def script_for(phase: Phase) -> Script:
    """The confederation's words, else the shipped ones."""
    own = CallScript.objects.filter(phase=phase).first()
    return Script(phase, own.text if own else shipped_script(phase), own is not None)


def all_scripts() -> list[Script]:
    own = {script.phase: script.text for script in CallScript.objects.order_by("pk")}
    return [Script(phase, own.get(phase) or shipped_script(phase), phase in own) for phase in Phase]


def current_phase(campaign: Campaign | None) -> Phase:
    return campaign.phase_on(clock.today(campaign)) if campaign else Phase.COLLECTION


def unknown_words(text: str) -> list[str]:
    """What stands between braces and the page cannot fill in."""
    return [word for word in PLACEHOLDER.findall(text) if word not in WORDS]


def fill(
    script: Script,
    *,
    first_name: str,
    caller: str,
    organisation: Organisation | None,
    campaign: Campaign | None,
) -> str:
    """The script with its words filled in; what is not known keeps its description."""
    known = {"prénom": first_name, "moi": caller}
    if campaign:
        known["ouverture"] = day_of_year(campaign.vote_opens)
        known["clôture"] = day_of_year(campaign.vote_closes)
        if campaign.helpline_display:
            known["numéro vert"] = campaign.helpline_display
    text = _name(organisation, script.text) if organisation else script.text
    return PLACEHOLDER.sub(lambda found: known.get(found[1]) or WORDS.get(found[1], found[0]), text)


def _name(organisation: Organisation, text: str) -> str:
    """The script with the organisation as French says it: « de l’UL de Caen »."""

    def said(found: re.Match[str]) -> str:
        preposition = found[1] or ""
        name = (
            named_after(preposition.lower(), organisation) if preposition else named(organisation)
        )
        begins = preposition[:1].isupper() or (not preposition and _begins_sentence(found))
        return name[0].upper() + name[1:] if begins else name

    return ORGANISATION.sub(said, text)


def _begins_sentence(found: re.Match[str]) -> bool:
    before = found.string[: found.start()].rstrip(" \u00a0\u202f")
    return not before or before[-1] in ".!?…\n"
