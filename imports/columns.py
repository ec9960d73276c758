"""Which column holds what: a first guess from the titles, for a human to correct."""

from core.text import fold
from imports.enums import Target

# By target, titles people give to such a column, folded; the surest first.
TITLES: dict[Target, tuple[str, ...]] = {
    Target.FIRST_NAME: ("prenom", "prenoms", "prenom usuel", "first name", "firstname"),
    Target.MOBILE: (
        "mobile", "portable", "tel mobile", "tel portable", "telephone mobile",
        "telephone portable", "gsm", "n portable", "numero de portable", "sms",
    ),
    Target.PHONE: (
        "telephone", "tel", "phone", "numero", "n de telephone", "numero de telephone",
        "telephone fixe", "tel fixe", "fixe", "tel domicile",
    ),
    Target.EMAIL: (
        "e mail", "email", "mail", "courriel", "adresse mail", "adresse e mail", "adresse email",
        "adresse electronique", "mel",
    ),
    Target.TRADE: ("metier", "profession", "emploi", "poste", "fonction", "travail"),
    Target.POSTCODE: (
        "code postal du travail", "cp travail", "code postal travail", "code postal", "cp",
        "codepostal", "code postal entreprise", "cp entreprise", "zip",
    ),
    Target.COMMUNE: (
        "commune du travail", "ville du travail", "commune", "ville", "lieu de travail",
        "ville entreprise", "localite",
    ),
    Target.CONSENT_EMAIL: (
        "accord e mail", "accord email", "accord mail", "consentement email", "optin email",
        "accepte e mail", "accepte les e mails", "consentement e mail",
    ),
    Target.CONSENT_SMS: (
        "accord sms", "consentement sms", "optin sms", "accepte sms", "accepte les sms",
    ),
    Target.CONSENT_CALL: (
        "accord appel", "accord telephone", "consentement appel", "accepte appel", "a rappeler",
        "accepte d etre appele e", "consentement telephone",
    ),
}  # fmt: skip


def guess_columns(headers: list[str]) -> dict[str, int]:
    """{target: number of the column}, each column at most once, by title alone."""
    titles = [fold(header) for header in headers]
    guessed: dict[str, int] = {}
    for target, names in TITLES.items():
        ranked = [(names.index(title), at) for at, title in enumerate(titles) if title in names]
        free = [(rank, at) for rank, at in sorted(ranked) if at not in guessed.values()]
        if free:
            guessed[target] = free[0][1]
    return guessed
