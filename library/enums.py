from django.db.models import TextChoices


class DocumentKind(TextChoices):
    SLIDES = "slides", "Diaporama"
    TALKING_POINTS = "talking-points", "Argumentaire"
    VISUAL = "visual", "Visuel"
    GUIDE = "guide", "Guide"
    PRESS = "press", "Presse"
    OTHER = "other", "Autre document"


class State(TextChoices):
    DRAFT = "draft", "Brouillon"
    PUBLISHED = "published", "Publiée"
    RETIRED = "retired", "Retirée"
