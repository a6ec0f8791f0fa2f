"""What one looked at, over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Header

from mercat import cart
from mercat.auth import REFUSED, OptionalActor, SignedIn
from mercat.catalog import ProductNotFound
from mercat.catalog.listing import NO_PRICES
from mercat.kit.database import Session
from mercat.kit.openapi import refusals
from mercat.kit.pagination import Page, complete
from mercat.kit.problems import Invalid
from mercat.saved_items import recent_views
from mercat.saved_items.choice import ReaderChoice
from mercat.saved_items.schemas import ViewRead

router = APIRouter(tags=["saved items"])


async def opted_out(
    sec_gpc: Annotated[
        str | None, Header(description="`1`, as browsers send it: nothing is kept of a guest (Global Privacy Control).")
    ] = None,
) -> bool:
    """Whether a guest's browser asks that nothing is made of what they do."""
    return (sec_gpc or "").strip() == "1"


OptedOut = Annotated[bool, Depends(opted_out)]


@router.post("/products/{product_id}/views", status_code=204, responses=refusals(*REFUSED, ProductNotFound, Invalid))
async def view_product(
    product_id: UUID, actor: OptionalActor, token: cart.GuestToken, opted_out: OptedOut, session: Session
) -> None:
    """Record a view of a product, for the recently viewed ones and for recommendations.

    A guest is known by the `X-Cart-Token` of their cart; of one without a cart nothing is kept. Nor is it of guests who
    send `Sec-GPC: 1`, and of people who declined personalization (`personalized` of `PATCH /users/me`).
    """
    await recent_views.look(session, actor, token, product_id, opted_out=opted_out)


@router.get("/users/me/recently-viewed", responses=refusals(*REFUSED, *NO_PRICES, Invalid))
async def list_recently_viewed(
    actor: SignedIn, token: cart.GuestToken, choice: ReaderChoice, session: Session
) -> Page[ViewRead]:
    """List what one looked at lately and is still on sale, the last first, 50 at most.

    With the `X-Cart-Token` that one had as a guest, what one looked at then is in it from now on.
    """
    return complete(await recent_views.of_person(session, actor, token, choice))


@router.delete("/users/me/recently-viewed", status_code=204, responses=refusals(*REFUSED))
async def forget_recently_viewed(actor: SignedIn, session: Session) -> None:
    """Forget what one looked at."""
    await recent_views.forget_own(session, actor)
