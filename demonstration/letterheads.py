"""Addresses and telephones of the demonstration's organisations: streets that lead nowhere."""

from organisations.models import Organisation
from territory.models import Commune, Departement

# Numbers that the regulator keeps for fiction, by région; none is kept for overseas.
FICTION = {
    "11": "+3319900",
    **dict.fromkeys(["24", "28", "52", "53"], "+3326191"),
    **dict.fromkeys(["27", "32", "44"], "+3335301"),
    **dict.fromkeys(["84", "93", "94"], "+3346571"),
    **dict.fromkeys(["75", "76"], "+3353649"),
}
STREET = "{number} rue de l’Exemple"
CAPITAL = "75"


def write_letterheads() -> int:
    """Give an address to every organisation that has none; answers how many got one."""
    bare = Organisation.objects.active().filter(postal_address="")
    rows = list(bare.select_related("departement", "parent__departement").order_by("pk"))
    towns = _prefectures()
    capital = Departement.objects.get(pk=CAPITAL)
    for row in rows:
        seat = row.seat or capital
        street = STREET.format(number=1 + row.pk % 90)
        row.postal_address = f"{street}\n{towns.get(seat.pk, seat.prefecture)}"
        start = FICTION.get(seat.region_id)
        row.phone = row.phone or (f"{start}{row.pk % 10_000:04d}" if start else "")
    Organisation.objects.bulk_update(rows, ["postal_address", "phone"])
    return len(rows)


def _prefectures() -> dict[str, str]:
    """By département, « 14000 Caen »."""
    names = dict(Departement.objects.values_list("code", "prefecture"))
    communes = Commune.objects.filter(name__in=set(names.values())).order_by("pk")
    return {
        commune.departement_id: f"{commune.postcodes[0]} {commune.name}"
        for commune in communes
        if commune.name == names[commune.departement_id] and commune.postcodes
    }
