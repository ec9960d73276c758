"""Whether somebody is whom a series is for: an account, a mandate staff know of, or being named."""

from collections.abc import Collection, Sequence

from django.db import transaction

from campaigns import clock
from core.tokens import keyed_hash
from messaging.addresses import normalised
from messaging.enums import Channel
from organisations.enums import Kind, Mandate
from organisations.models import User
from webinars.models import Admission, Series

# As a sentence names them, in the order of the enumeration.
PLURALS = {
    Kind.CONFEDERATION: "confédération",
    Kind.REGION: "comités régionaux",
    Kind.UD: "UD",
    Kind.UL: "UL",
    Kind.FD: "fédérations",
    Kind.SPECIFIC: "organisations spécifiques",
    Mandate.EMPLOYEE_COUNSELLOR: "conseiller·es du ou de la salarié·e",
    Mandate.UNION_DEFENDER: "défenseur·es syndicaux·les",
    Mandate.LABOUR_JUDGE: "conseiller·es prud’homaux·les",
    Mandate.CPRI_CANDIDATE: "candidat·es CPRI",
    Mandate.ADMINISTRATOR: "administrateur·ices CPAM ou CAF",
}


def address_hash(email: str) -> str:
    """What an address is known by, however it is spelled. Raises `InvalidAddress`."""
    return keyed_hash(f"webinar:{normalised(Channel.EMAIL, email)}")


def audience_words(series: Series) -> str:
    """« UD, UL et fédérations »."""
    if series.is_open:
        return "ouvert à toutes et tous"
    named = [
        PLURALS[kind] for kind in (*Kind, *Mandate) if kind in (*series.kinds, *series.mandates)
    ]
    if not named:
        return "sur demande"
    *firsts, last = named
    return f"{', '.join(firsts)} et {last}" if firsts else last


def belongs(series: Series, hashed: str, user: User | None) -> bool:
    """Whether an address, and the account behind it if there is one, needs nobody's consent."""
    if series.is_open or (user is not None and _acts_there(series, user)):
        return True
    return Admission.objects.to_series(series).filter(address_hash=hashed).exists()


def _acts_there(series: Series, user: User) -> bool:
    own = {membership.organisation.kind for membership in user.active_memberships}
    return user.scope.everything or not own.isdisjoint(series.kinds)


@transaction.atomic
def admit(
    *,
    hashes: Collection[str],
    added_by: User | None,
    series: Series | None = None,
    mandate: str = "",
) -> None:
    """Know addresses as welcome in a series, or as those of people who hold a mandate."""
    now = clock.now()
    Admission.objects.bulk_create(
        [
            Admission(
                address_hash=hashed, series=series, mandate=mandate, added_by=added_by,
                added_at=now,
            )
            for hashed in sorted(set(hashes))
        ],
        ignore_conflicts=True,
    )  # fmt: skip


@transaction.atomic
def admit_addresses(*, series: Series, addresses: Sequence[str], added_by: User) -> int:
    """Welcome a list of addresses, those of the CPRI candidates for instance; answer how many.

    Raises `InvalidAddress` for the first that is none: a list is taken whole or not at all.
    """
    hashes = {address_hash(address) for address in addresses}
    admit(hashes=hashes, added_by=added_by, series=series)
    return len(hashes)


def turn_away(*, series: Series, address: str) -> None:
    """From now on this address asks again; who is registered stays so."""
    Admission.objects.filter(series=series, address_hash=address_hash(address)).delete()
