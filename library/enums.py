from django.db.models import TextChoices

from library.uploads import DOCX, JPEG, MP4, ODP, ODT, PDF, PNG, PPTX, WEBP


class DocumentKind(TextChoices):
    SLIDES = "slides", "Diaporama"
    TALKING_POINTS = "talking-points", "Argumentaire"
    VISUAL = "visual", "Visuel"
    GUIDE = "guide", "Guide"
    PRESS = "press", "Presse"
    OTHER = "other", "Autre document"


class Audience(TextChoices):
    """Who may open a document: each is part of the one before."""

    PUBLIC = "public", "Tout le monde, même sans compte"
    MEMBERS = "members", "Militant·es et équipes"
    STAFF = "staff", "Équipes des organisations"
    CONFEDERATION = "confederation", "Équipe confédérale"


class Format(TextChoices):
    PDF = "pdf", "PDF"
    PICTURE = "image", "Image"
    SLIDES = "diaporama", "Diaporama"
    TEXT = "texte", "Texte"
    VIDEO = "video", "Vidéo"

    @property
    def content_types(self) -> list[str]:
        return [file_type.content_type for file_type in FILES_OF[self]]


FILES_OF = {
    Format.PDF: (PDF,),
    Format.PICTURE: (PNG, JPEG, WEBP),
    Format.SLIDES: (PPTX, ODP),
    Format.TEXT: (DOCX, ODT),
    Format.VIDEO: (MP4,),
}


class State(TextChoices):
    DRAFT = "draft", "Brouillon"
    PUBLISHED = "published", "Publiée"
    RETIRED = "retired", "Retirée"


class Care(TextChoices):
    """Why a document asks for its keeper, the most pressing first."""

    EXPIRING = "expirent", "Expirent bientôt"
    EXPIRED = "expires", "Expirés"
    STALE = "anciens", "À relire"
    IDLE = "jamais", "Jamais téléchargés"
    DRAFT = "brouillons", "Brouillons"
    RETIRED = "retires", "Retirés"
