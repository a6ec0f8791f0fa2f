"""The page of an order behind the signed link in mail: for guests too, without an account and without scripts."""

from functools import partial

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from mercat import auth, i18n
from mercat.kit.database import PrimarySession
from mercat.kit.problems import NotFound
from mercat.orders.links import read_by_link
from mercat.storefront.pages import page

router = APIRouter(include_in_schema=False, dependencies=[auth.Public])

STATUSES = {
    "pending": "Waiting for your payment",
    "paid": "Paid",
    "processing": "Being prepared",
    "shipped": "On its way",
    "delivered": "Delivered",
    "completed": "Completed",
    "cancelled": "Cancelled",
    "expired": "Expired",
    "refunded": "Refunded",
}


@router.get("/orders/{order_id}")
async def show_order(request: Request, session: PrimarySession, order_id: str, key: str = "") -> HTMLResponse:
    """Show what was ordered, its status, and its shipments; a wrong key finds nothing."""
    try:
        order = await read_by_link(session, order_id, key)
    except NotFound as refused:
        return page(request, "order", status=404, problem=refused.detail, order=None)
    locale = i18n.negotiate(request.headers.get("accept-language", ""))
    status = STATUSES.get(order.status, order.status)
    return page(
        request, "order", problem="", order=order, status_text=status, money=partial(i18n.in_words, locale=locale)
    )
