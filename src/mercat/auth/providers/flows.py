"""A sign-in on its way through a provider: begun here by a person, and finished by the same one, once, in time.

`state` names it and is seen by the provider and by whoever reads addresses. Only who began it has the flow's secret, an
app in its memory and a browser in a cookie: nobody can be made to finish a sign-in that another person began.
"""

import secrets
from dataclasses import dataclass
from enum import StrEnum
from hmac import compare_digest
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat.auth import one_time
from mercat.auth.actor import Actor
from mercat.auth.exceptions import InvalidLink
from mercat.auth.keyring import seal, unseal
from mercat.auth.models import OneTimeToken
from mercat.auth.one_time import Purpose
from mercat.auth.providers.exceptions import FlowNotValid
from mercat.auth.providers.provider import Asked
from mercat.auth.tokens import hash_secret, new_secret

LIFE = one_time.LIFE[Purpose.oauth]
SECONDS = int(LIFE.total_seconds())
SEALED_FOR = "sign-in elsewhere"
HOME = "/"


class Goal(StrEnum):
    """What a flow is begun for, and so where alone it can be finished."""

    app = "app"
    browser = "browser"
    link_app = "link_app"
    link_browser = "link_browser"


@dataclass(frozen=True, slots=True)
class Plan:
    """What shall come of a flow."""

    provider: str
    goal: Goal
    redirect_uri: str
    return_to: str = HOME


@dataclass(frozen=True, slots=True)
class Owner:
    """Who links an account elsewhere with their own, and where they are signed in."""

    user_id: UUID
    session_id: UUID


@dataclass(frozen=True, slots=True)
class Flow:
    """A flow that was used up a moment ago."""

    asked: Asked
    return_to: str
    owner: Owner | None


async def begin(session: AsyncSession, plan: Plan, secret: str, actor: Actor | None = None) -> Asked:
    """Begin a flow for whoever has this secret; `actor` is given when it is to link, and must be signed in."""
    verifier, nonce = new_secret(), secrets.token_urlsafe(16)
    data = {
        "provider": plan.provider,
        "goal": plan.goal.value,
        "redirect_uri": plan.redirect_uri,
        "return_to": plan.return_to,
        "secret_hash": hash_secret(secret).hex(),
        "verifier": seal(SEALED_FOR, verifier),
        "nonce": nonce,
    }
    if actor is not None:
        data["session_id"] = str(actor.session_id)
    owner = actor.user_id if actor is not None else None
    token_id = await one_time.issue(session, Purpose.oauth, user_id=owner, data=data)
    return Asked(one_time.token_of(Purpose.oauth, token_id), plan.redirect_uri, verifier, nonce)


async def finish(session: AsyncSession, provider: str, goals: set[Goal], state: str, secret: str) -> Flow:
    """Use a flow up; of two that try at once the second one is refused. Whoever has not its secret changes nothing.

    Raises:
        FlowNotValid: it is used, expired, for another provider or goal, or of another person.
    """
    try:
        found = await one_time.use(session, Purpose.oauth, state)
    except InvalidLink:
        raise FlowNotValid from None
    data = found.data
    verifier = unseal(SEALED_FOR, data["verifier"])
    if (
        not compare_digest(data["secret_hash"], hash_secret(secret).hex())
        or data["provider"] != provider
        or data["goal"] not in goals
        or verifier is None
    ):
        raise FlowNotValid
    asked = Asked(state, data["redirect_uri"], verifier, data["nonce"])
    return Flow(asked, data["return_to"], _owner(found))


def _owner(found: OneTimeToken) -> Owner | None:
    return Owner(found.user_id, UUID(found.data["session_id"])) if found.user_id is not None else None
