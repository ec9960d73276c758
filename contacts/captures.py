"""What a capture is made of, before anything is stored."""

import uuid
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Self

from contacts.enums import IN_PERSON, CaptureMethod, ConsentChannel, Wish
from contacts.models import ConsentWording, Source
from contacts.places import Place
from organisations.models import User
from territory.models import Trade


@dataclass(frozen=True)
class Details:
    """What a person said of themselves, already validated. `phone` is E.164 or empty."""

    first_name: str
    place: Place
    phone: str = ""
    email: str = ""
    trade: Trade | None = None
    language: str = "fr"
    # The wordings the person ticked; every other stays not given.
    consents: tuple[ConsentWording, ...] = field(default_factory=tuple)

    def as_agreed(self) -> Self:
        """The same without the number or address that no ticked box covers: it is not kept."""
        covered = {ConsentChannel(wording.channel).goes_by for wording in self.consents}
        return replace(
            self,
            phone=self.phone if "phone" in covered else "",
            email=self.email if "email" in covered else "",
        )


@dataclass(frozen=True)
class CaptureRequest:
    """One capture to store. `device` is the random name of a browser, kept only as a keyed hash.

    `device_time` is what the device's clock showed, `met_at` when the person was met as far as one
    knows, where that is not the same; `activist_name` who held a shared tablet, without an account.
    """

    capture_id: uuid.UUID
    source: Source
    details: Details
    method: CaptureMethod
    captured_by: User | None = None
    device: str = ""
    device_time: datetime | None = None
    met_at: datetime | None = None
    activist_name: str = ""
    wishes: tuple[Wish, ...] = ()
    note: str = ""
    # Whether they get their sheets and their link at once.
    is_greeted: bool = True

    @property
    def is_in_person(self) -> bool:
        return self.method in IN_PERSON

    def spoken_at(self, now: datetime) -> datetime:
        """When the person spoke: a tablet without network hands its captures in later.

        A device's clock may be ahead; nobody speaks in the future.
        """
        said = self.met_at or self.device_time
        return min(said, now) if said and self.is_in_person else now
