"""Secrets behind the addresses of a team, derived: there is nothing to steal in the tables."""

from uuid import UUID

from django.conf import settings
from django.urls import reverse

from core.tokens import derive_secret, hash_secret
from deployments.models import TeamLink, TeamMember


def secret_of(seed: UUID) -> str:
    return derive_secret(f"team-member:{seed}")


def token_hash(seed: UUID) -> str:
    """What is kept of a personal link: `TeamMember.token_hash` of a row with that `seed`."""
    return hash_secret(secret_of(seed))


def member_path(member: TeamMember) -> str:
    return reverse("team:member", args=[secret_of(member.seed)])


def member_url(member: TeamMember) -> str:
    """The page of somebody of a team: whoever holds its address answers for them."""
    return settings.SITE_URL + member_path(member)


def sign_up_secret(deployment: int, version: int) -> str:
    return derive_secret(f"team-link:{deployment}:{version}")


def sign_up_url(link: TeamLink) -> str:
    """The page by which anybody signs up for an action."""
    secret = sign_up_secret(link.deployment_id, link.version)
    return settings.SITE_URL + reverse("team:join", args=[secret])
