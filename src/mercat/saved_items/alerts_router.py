"""Alerts over HTTP."""

from uuid import UUID

from fastapi import APIRouter

from mercat.auth import REFUSED, SignedIn
from mercat.catalog import ProductNotFound, VariantNotFound
from mercat.catalog.listing import NO_PRICES
from mercat.kit.database import PrimarySession, Session
from mercat.kit.openapi import refusals
from mercat.kit.pagination import Page, complete
from mercat.kit.problems import Invalid
from mercat.saved_items import product_alerts
from mercat.saved_items.choice import ReaderChoice
from mercat.saved_items.exceptions import AlertNotFound, InStockNow, PriceLowNow, TooManyAlerts
from mercat.saved_items.schemas import AlertCreate, AlertRead

router = APIRouter(tags=["saved items"])


@router.post(
    "/products/{product_id}/alerts",
    status_code=201,
    responses=refusals(
        *REFUSED,
        ProductNotFound,
        VariantNotFound,
        InStockNow,
        PriceLowNow,
        TooManyAlerts,
        *NO_PRICES,
        Invalid,
    ),
)
async def watch_product(
    product_id: UUID, new: AlertCreate, actor: SignedIn, choice: ReaderChoice, session: Session
) -> AlertRead:
    """Be told once, by mail, when something can be bought again or costs less. Asking again starts anew."""
    return await product_alerts.watch(session, actor, product_id, new, choice=choice)


@router.get("/users/me/alerts", responses=refusals(*REFUSED, *NO_PRICES, Invalid))
async def list_alerts(actor: SignedIn, choice: ReaderChoice, session: PrimarySession) -> Page[AlertRead]:
    """List one's own alerts, the newest first; triggered ones have a `told_at`."""
    return complete(await product_alerts.of_person(session, actor.user_id, choice=choice))


@router.delete("/users/me/alerts/{alert_id}", status_code=204, responses=refusals(*REFUSED, AlertNotFound, Invalid))
async def delete_alert(alert_id: UUID, actor: SignedIn, session: Session) -> None:
    """Delete one's own alert."""
    await product_alerts.unwatch(session, actor, alert_id)
