"""What an action cannot do; the message, in French, says why and what to do."""


class MaterialError(ValueError):
    """An act refused for a reason the person can read."""


class NotEnough(MaterialError):
    """More packs were asked for than there are, or than nobody else was promised."""

    def __init__(self, item: str, left: int, *, place: str = "") -> None:
        self.left = left
        where = f", {place}" if place else ""
        packs = "paquets" if left > 1 else "paquet"
        some = f"il reste {left} {packs}" if left > 0 else "il n’en reste plus"
        super().__init__(f"« {item} » : {some}{where}.")


class OrderMoved(MaterialError):
    """The order is not at that step any more."""


class StockMoved(MaterialError):
    """Packs came or went while somebody was counting."""

    def __init__(self, item: str) -> None:
        super().__init__(f"« {item} » a bougé pendant votre inventaire : recomptez-le.")
