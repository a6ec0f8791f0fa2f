"""A shop's own desk: for which shop somebody acts, and whether what they are there lets them.

Routes below `/vendor` take `Annotated[Seat, Depends(AtDesk(Duty.orders))]`. Memberships do not mix: whoever works for
several shops says for which one, and has there only what they are there.
"""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request

from mercat.auth import REFUSED, Access, Actor, Documented, Permission, Requires
from mercat.kit.database import Database, get_database
from mercat.kit.ids import parse_id
from mercat.kit.problems import Conflict, Forbidden, Invalid, NotFound
from mercat.vendors.duties import DUTIES, Duty, MemberRole

SEATS = """
SELECT v.id, v.slug, v.name, v.status, m.role FROM vendor_members m JOIN vendors v ON v.id = m.vendor_id
WHERE m.user_id = %s AND v.status IN ('active', 'suspended') ORDER BY v.slug
"""


class NoSuchDesk(NotFound):
    """Somebody asked for a shop that they do not work for."""

    code = "vendors.no_such_desk"
    detail = "You do not work for such a shop."


class WhichShop(Conflict):
    """Somebody who works for several shops did not say for which one they act."""

    code = "vendors.which_shop"
    detail = "You work for several shops. Name one of them in the parameter `vendor`."


class NotYourDuty(Forbidden):
    """Somebody works for the shop, but not in this."""

    code = "vendors.not_your_duty"
    detail = "Your role in this shop does not allow this."


AT_DESK = (*REFUSED, Forbidden, NotYourDuty, NoSuchDesk, WhichShop, Invalid)
"""What every route at a desk may answer, for its `responses=`."""


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody at the desk of a shop."""

    actor: Actor
    vendor_id: UUID
    slug: str
    name: str
    status: str
    role: MemberRole

    def may(self, duty: Duty) -> bool:
        """Whether the role carries a duty."""
        return duty in DUTIES[self.role]


class AtDesk(Access):
    """Somebody who works for a shop, in a role that carries one of these duties."""

    def __init__(self, *duties: Duty) -> None:
        self.duties = duties
        self._requires = Requires(Permission.products_sell)

    async def __call__(
        self,
        request: Request,
        vendor: Annotated[
            str | None, Query(max_length=255, description="Id or slug of the shop, for those who work for several.")
        ] = None,
        _ways: Documented = None,
    ) -> Seat:
        """Return the seat.

        Raises:
            Unauthenticated, NotAllowed: nobody who works for a shop.
            NoSuchDesk: not for this one.
            WhichShop: for several.
            NotYourDuty: not in this.
        """
        actor = await self._requires(request)
        rows = await get_database(request).primary.rows(SEATS, (actor.user_id,))
        wanted = parse_id(vendor) if vendor else None
        seats = [
            Seat(actor, vendor_id, slug, name, status, MemberRole(role))
            for vendor_id, slug, name, status, role in rows
            if vendor is None or vendor_id == wanted or slug == vendor
        ]
        if not seats:
            raise NoSuchDesk
        if len(seats) > 1:
            raise WhichShop(shops=[seat.slug for seat in seats])
        if not any(seats[0].may(duty) for duty in self.duties):
            raise NotYourDuty
        return seats[0]


async def keeps_stock(database: Database, actor: Actor, vendor_ids: set[UUID]) -> set[UUID]:
    """Return for which of these shops somebody works and keeps the stock there: a guard of live updates."""
    if actor.user_id is None or not actor.can(Permission.products_sell):
        return set()
    rows = await database.primary.rows(SEATS, (actor.user_id,))
    return {row[0] for row in rows if row[0] in vendor_ids and Duty.stock in DUTIES[MemberRole(row[4])]}
