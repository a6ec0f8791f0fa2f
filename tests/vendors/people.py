"""What stories about shops begin with: an application, a decision about it, somebody in the portal."""

from typing import Any
from uuid import UUID

import httpx2

from mercat import auth, vendors
from shopping import Person, Shop

APPLICATION: dict[str, Any] = {
    "name": "North Kiln",
    "slug": "north-kiln",
    "tagline": "Stoneware",
    "description": "<p>Mugs</p><script>alert(1)</script>",
    "legal_name": "North Kiln GmbH",
    "address": {"line1": "Hafenstr. 7", "city": "Husum", "postal_code": "25813", "country": "DE"},
    "tax_id": "DE 136 695 976",
    "contact_email": "hello@north-kiln.example",
}


async def apply(shop: Shop, person: Person, **more: Any) -> httpx2.Response:
    """Apply for a shop."""
    return await shop.client.post("/vendors/apply", json={**APPLICATION, **more}, headers=person.headers)


async def decide(shop: Shop, vendor_id: object, decision: str, reason: str | None = None) -> httpx2.Response:
    """Let the operator decide about a shop."""
    body = {"reason": reason or "Because."} if decision in {"reject", "suspend"} else None
    admin = await shop.admin()
    return await shop.client.post(f"/vendors/{vendor_id}/{decision}", json=body, headers=admin.headers)


async def joined(shop: Shop, vendor_id: UUID | str, role: str, email: str | None = None) -> Person:
    """Make somebody who works for a shop in a role; their address is verified."""
    person = await shop.person(email=email)
    await shop.rows("UPDATE users SET email_verified = true WHERE id = %s RETURNING 1", person.id)
    async with shop.database.transaction() as session:
        await vendors.add_member(session, auth.Actor.system(), UUID(str(vendor_id)), person.id, role)
    return person


async def roles(shop: Shop, person: Person) -> set[str]:
    """Return the roles of somebody's account."""
    return {row[0] for row in await shop.rows("SELECT role FROM user_roles WHERE user_id = %s", person.id)}
