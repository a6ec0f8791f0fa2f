"""What the marketplace knows about a person, over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from mercat.auth import REFUSED, Actor, InPerson, Permission, Requires, management
from mercat.auth.management import (
    CONFIRMED,
    IN_PERSON,
    AboveYourself,
    Confirmation,
    ConfirmationNeeded,
    CountedGuesses,
    InPersonOnly,
    LastAdmin,
    UserNotFound,
)
from mercat.kit.database import Connections, Session
from mercat.kit.openapi import refusals
from mercat.kit.problems import Forbidden, Invalid, Unauthenticated
from mercat.privacy import person_erasure, person_export
from mercat.privacy.exceptions import LastOwner, OrdersUnfinished
from mercat.privacy.schemas import PersonExport

router = APIRouter(prefix="/users", tags=["privacy"])
Manager = Annotated[Actor, Depends(Requires(Permission.users_manage))]
NOT_YET = (OrdersUnfinished, LastOwner, LastAdmin)


@router.get("/me/export", response_model=PersonExport, responses=refusals(*IN_PERSON))
async def export_me(actor: InPerson, session: Session) -> Response:
    """Return everything that the marketplace has written down about oneself, as one document."""
    document = (await person_export.export(session, actor)).model_dump_json(by_alias=True)
    named = {"Content-Disposition": 'attachment; filename="about-me.json"', "Cache-Control": "no-store"}
    return Response(document, media_type="application/json", headers=named)


@router.post("/me/erase", status_code=204, responses=refusals(*CONFIRMED, *NOT_YET))
async def erase_me(body: Confirmation, actor: InPerson, database: Connections, guesses: CountedGuesses) -> None:
    """Erase oneself for good: account, profile, addresses, carts, mail, and what says in orders and logs who it was.

    Orders stay with their lines, sums and countries. It is a 409 while an order is not finished (`orders` are the
    numbers), while one is the last owner of a vendor (`vendors`), or the last who may do everything. Nothing brings it
    back; the address can register anew at once.
    """
    await management.confirm(database, guesses, actor, body.password)
    if actor.user_id is None:
        raise Unauthenticated
    async with database.transaction() as session:
        await person_erasure.erase(session, actor, actor.user_id)


@router.post(
    "/{user_id}/erase",
    status_code=204,
    responses=refusals(
        *REFUSED, Forbidden, InPersonOnly, ConfirmationNeeded, AboveYourself, UserNotFound, Invalid, *NOT_YET
    ),
)
async def erase_person(user_id: UUID, actor: Manager, session: Session) -> None:
    """Erase a person for good who asked for it and cannot do it themselves; see `POST /users/me/erase`.

    Not by API key, not of people above oneself, and not oneself: that takes the password.
    """
    if actor.session_id is None:
        raise InPersonOnly
    if user_id == actor.user_id:
        raise ConfirmationNeeded
    await person_erasure.erase(session, actor, user_id)
