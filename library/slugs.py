"""Addresses made from titles; they stay for ever."""

from django.db import models
from django.utils.text import slugify


def free_slug(model: type[models.Model], title: str, fallback: str) -> str:
    """The title as a slug that no row of `model` has."""
    base = slugify(title)[:70].strip("-") or fallback
    similar = model._default_manager.filter(slug__startswith=base)
    taken = set(similar.values_list("slug", flat=True))
    candidates = (base, *(f"{base}-{number}" for number in range(2, len(taken) + 3)))
    return next(slug for slug in candidates if slug not in taken)
