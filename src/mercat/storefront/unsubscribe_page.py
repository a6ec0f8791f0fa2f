"""The page that ends mail about alerts: one click of a person, or one request of their mail program (RFC 8058)."""

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from mercat import auth, saved_items
from mercat.kit.database import Connections
from mercat.kit.problems import NotFound
from mercat.storefront.pages import page

router = APIRouter(include_in_schema=False, dependencies=[auth.Public])

NOT_VALID = "This link is not valid."


@router.get("/unsubscribe/alerts/{user_id}")
async def show_unsubscribing(request: Request, user_id: str, key: str = "") -> HTMLResponse:
    """Ask for the click; looking changes nothing, since programs that look at mail follow its links."""
    try:
        known = saved_items.may_unsubscribe(user_id, key)
    except NotFound:
        return page(request, "unsubscribe", status=404, problem=NOT_VALID, link="", done=False)
    return page(request, "unsubscribe", problem="", link=f"/unsubscribe/alerts/{known}?key={key}", done=False)


@router.post("/unsubscribe/alerts/{user_id}")
async def unsubscribe(request: Request, database: Connections, user_id: str, key: str = "") -> HTMLResponse:
    """End the alerts, whatever the body says, without being signed in. Doing it again is no harm."""
    try:
        known = saved_items.may_unsubscribe(user_id, key)
    except NotFound:
        return page(request, "unsubscribe", status=404, problem=NOT_VALID, link="", done=False)
    async with database.transaction() as session:
        await saved_items.end_alerts(session, known)
    return page(request, "unsubscribe", problem="", link="", done=True)
