"""Files for activists, for staff or for everybody. Replacing one adds a version."""

import datetime as dt
from pathlib import PurePath
from typing import Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, Value
from django.db.models.functions import Concat, Left
from django.urls import reverse
from django.utils import timezone

from campaigns import clock
from core.tokens import make_secret
from library.enums import Audience, Care, DocumentKind, Format
from library.models.searching import SearchedQuerySet, snippet_of, weighted
from library.models.sheets import FRESH_FOR
from library.uploads import FILE_TYPES
from organisations.enums import Kind
from organisations.models import Organisation, User
from territory.models import CollectiveAgreement, Departement, Trade

# Its keeper hears so long before that a document expires.
WARNED_AHEAD = dt.timedelta(days=31)
# Published so long ago and never downloaded: something is wrong with it.
IDLE_AFTER = dt.timedelta(days=14)
# In letters: further down a file is searched, not quoted.
READ_FOR_SNIPPETS = 20_000
# Who publishes: the confederation for all, others for their own branches or département.
PUBLISHERS = (Kind.CONFEDERATION, Kind.FD, Kind.UD)


def document_path(_version: "DocumentVersion", filename: str) -> str:
    """A random stored name: what the sender called the file is only shown, never a path."""
    return f"library/documents/{make_secret()}{PurePath(filename).suffix.lower()}"


def preview_path(_version: "DocumentVersion", _filename: str) -> str:
    return f"library/previews/{make_secret()}.webp"


def _reason(care: Care, today: dt.date) -> Q:
    shown = Q(retired_at=None, published_at__isnull=False)
    in_use = shown & (Q(expires_on=None) | Q(expires_on__gte=today))
    match care:
        case Care.EXPIRING:
            return in_use & Q(expires_on__lte=today + WARNED_AHEAD)
        case Care.EXPIRED:
            return shown & Q(expires_on__lt=today)
        case Care.STALE:
            return in_use & Q(checked_at__date__lt=today - FRESH_FOR)
        case Care.IDLE:
            taken = DownloadCount.objects.filter(document=OuterRef("pk"))
            return in_use & Q(published_at__date__lt=today - IDLE_AFTER) & ~Q(Exists(taken))
        case Care.DRAFT:
            return Q(published_at=None)
        case Care.RETIRED:
            return Q(retired_at__isnull=False)


class DocumentQuerySet(SearchedQuerySet["Document"]):
    def available(self, *, today: dt.date | None = None) -> Self:
        """Published, neither withdrawn nor past its last day."""
        lasting = Q(expires_on=None) | Q(expires_on__gte=today or clock.today())
        return self.filter(lasting, retired_at=None, published_at__isnull=False)

    def public(self) -> Self:
        return self.filter(audience=Audience.PUBLIC)

    def meant_for(self, user: User) -> Self:
        """Of their role and of where they act, whatever became of the document since."""
        audiences = [Audience.PUBLIC, Audience.MEMBERS]
        if user.led or user.is_superuser:
            audiences.append(Audience.STAFF)
        if user.is_superuser or user.scope.everything:
            return self
        here = Q(departement=None) | Q(departement__in=user.territory.departements)
        if user.territory.everything:
            here = Q()
        return self.filter(here, audience__in=audiences)

    def editable_by(self, user: User) -> Self:
        """All for the confederation; for others what they lead publishes."""
        if user.is_superuser or user.scope.everything:
            return self
        return self.filter(organisation__in=user.led, organisation__kind__in=PUBLISHERS)

    def visible_to(self, user: User) -> Self:
        """What they may read today, and what they keep."""
        own = self.editable_by(user)
        return self.filter(
            Q(pk__in=self.available().meant_for(user).values("pk")) | Q(pk__in=own.values("pk"))
        )

    def for_trade(self, trade: str) -> Self:
        """Documents of the trade, of one of its agreements, or tied to none."""
        wanted = (
            Q(trades=trade)
            | Q(agreements__trades=trade)
            | Q(trades__isnull=True, agreements__isnull=True)
        )
        return self.filter(pk__in=self.model._default_manager.filter(wanted).values("pk"))

    def of_format(self, wanted: Format) -> Self:
        """Those whose latest file is of a format."""
        later = DocumentVersion.objects.filter(
            document=OuterRef("document"), number__gt=OuterRef("number")
        )
        versions = DocumentVersion.objects.filter(
            ~Exists(later), document=OuterRef("pk"), content_type__in=wanted.content_types
        )
        return self.filter(Exists(versions))

    def renewed_since(self, moment: dt.datetime) -> Self:
        return self.filter(renewed_at__gt=moment)

    def needing(self, care: Care, *, today: dt.date) -> Self:
        """What waits for its keeper, for one reason."""
        return self.filter(_reason(care, today))

    def care_counts(self, *, today: dt.date) -> dict[Care, int]:
        counts = {care.name: Count("pk", filter=_reason(care, today)) for care in Care}
        found = self.order_by().aggregate(**counts)
        return {care: found[care.name] for care in Care}

    def with_snippets(self, text: str) -> Self:
        """Adds `snippet`: where each speaks of `text`, its words between two marks."""
        written = Concat(
            "summary",
            Value(" "),
            "message",
            Value(" "),
            Left("file_text", READ_FOR_SNIPPETS),
            output_field=models.TextField(),
        )
        return self.annotate(snippet=snippet_of(written, text))

    def with_versions(self) -> Self:
        """Adds what lists show: `current` (the latest file), the trades and who publishes.

        Whole texts of files stay where they are searched.
        """
        latest = DocumentVersion.objects.order_by("document_id", "-number").distinct("document_id")
        return (
            self.defer("search", "file_text")
            .select_related("organisation", "departement")
            .prefetch_related(
                "trades", Prefetch("versions", queryset=latest, to_attr="latest_versions")
            )
        )


class Document(models.Model):
    """Its address stays for ever: it leads to the latest file, or says what became of it."""

    slug = models.SlugField("identifiant", max_length=80, unique=True)
    title = models.CharField("titre", max_length=150)
    summary = models.CharField("résumé", max_length=300, blank=True)
    kind = models.CharField("type", max_length=14, choices=DocumentKind)
    # Goes with a visual: what to write beside it.
    message = models.TextField("message", max_length=1500, blank=True)
    audience = models.CharField(
        "pour qui", max_length=13, choices=Audience, default=Audience.MEMBERS
    )
    trades = models.ManyToManyField(Trade, blank=True, verbose_name="métiers")
    agreements = models.ManyToManyField(
        CollectiveAgreement, blank=True, verbose_name="conventions collectives"
    )
    # None: the confederation, since before others could publish.
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="documents",
        verbose_name="publié par",
    )  # fmt: skip
    # Only people who act there read it.
    departement = models.ForeignKey(
        Departement, models.PROTECT, null=True, blank=True, verbose_name="département"
    )
    expires_on = models.DateField("dernier jour", null=True, blank=True)
    # None: a draft.
    published_at = models.DateTimeField("publié le", null=True, blank=True, default=timezone.now)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # When there was last something new to read.
    renewed_at = models.DateTimeField("nouveau le", default=timezone.now)
    checked_at = models.DateTimeField("relu le", default=timezone.now)
    retired_at = models.DateTimeField("retiré le", null=True, blank=True)
    retired_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    successor = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="predecessors",
        verbose_name="remplacé par",
    )  # fmt: skip
    # Counts the changes of what is said of it, so that two people never overwrite each other.
    revision = models.PositiveIntegerField("enregistrement", default=1)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # Those that were sent together.
    batch = models.UUIDField("lot", null=True, blank=True, db_index=True)
    search_text = models.TextField(editable=False, default="")
    # The words of the latest file.
    file_text = models.TextField(editable=False, default="")
    search = weighted(A=("title",), B=("summary", "message"), C=("search_text",), D=("file_text",))

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = "document"
        ordering = ["kind", "title", "pk"]
        indexes = [
            GinIndex(fields=["search"], name="document_search"),
            GinIndex(fields=["search_text"], opclasses=["gin_trgm_ops"], name="document_words"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(successor=F("pk")), name="document_not_its_own_successor"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("library:document", args=[self.slug])

    @property
    def is_public(self) -> bool:
        return self.audience == Audience.PUBLIC

    @property
    def address(self) -> str:
        """What to give to others: whoever may read it needs no more than that."""
        name = "public-document" if self.is_public else "document"
        return f"{settings.SITE_URL}{reverse(f'library:{name}', args=[self.slug])}"

    @property
    def is_draft(self) -> bool:
        return self.published_at is None

    @property
    def line(self) -> list["Document"]:
        """Itself and those that follow it, each one once."""
        line, step = [self], self.successor
        while step is not None and step not in line:
            line.append(step)
            step = step.successor
        return line

    @property
    def current(self) -> "DocumentVersion":
        fetched: list[DocumentVersion] | None = getattr(self, "latest_versions", None)
        return fetched[0] if fetched else self.versions.order_by("-number")[:1].get()


class DownloadCount(models.Model):
    """How many people took a document on a day. Nothing says who."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="downloads")
    day = models.DateField("jour")
    count = models.PositiveIntegerField("téléchargements", default=0)

    class Meta:
        verbose_name = "téléchargements d’un jour"
        verbose_name_plural = "téléchargements par jour"
        ordering = ["-day", "document"]
        constraints = [
            models.UniqueConstraint(fields=["document", "day"], name="one_count_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} {self.day} : {self.count}"


class DocumentVersion(models.Model):
    document = models.ForeignKey(Document, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField("version")
    file = models.FileField("fichier", upload_to=document_path)
    # The picture in small, or the first page; empty where none could be drawn.
    preview = models.FileField("aperçu", upload_to=preview_path, blank=True)
    name = models.CharField("nom du fichier", max_length=150)
    content_type = models.CharField("format", max_length=100)
    size = models.PositiveIntegerField("taille (octets)")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    added_at = models.DateTimeField("ajouté le", default=timezone.now)

    class Meta:
        verbose_name = "version de document"
        verbose_name_plural = "versions de document"
        ordering = ["document", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="document_version_unique"),
            models.CheckConstraint(condition=Q(size__gt=0), name="document_file_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} v{self.number}"

    @property
    def label(self) -> str:
        """The format in words."""
        file_type = FILE_TYPES.get(self.content_type)
        return file_type.label if file_type else self.content_type
