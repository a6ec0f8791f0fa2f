"""What people tell about themselves beyond their account: a profile, and the addresses they keep."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mercat.kit.models import Base, Identified, Stamped

KINDS_OF_MAIL = ("news", "product_alerts", "reminders")
"""What people may ask to be written about; mail about their own orders and account needs no asking."""
WANTED_UNSAID = ("product_alerts",)
"""What is wanted until they say otherwise: each alert was asked for."""


class Profile(Stamped, Base):
    """A person's phone number and preferences; a row is there once something was said.

    Which address is the default is a pointer and not a mark on the address: there cannot be two.
    """

    __tablename__ = "profiles"
    __table_args__ = (
        CheckConstraint(f"wanted_mail <@ ARRAY[{', '.join(repr(kind) for kind in KINDS_OF_MAIL)}]", name="wanted_mail"),
        *(
            ForeignKeyConstraint(
                ["user_id", pointer],
                ["addresses.user_id", "addresses.id"],
                name=f"fk_profiles_{pointer}",
                ondelete=f"SET NULL ({pointer})",
            )
            for pointer in ("shipping_address_id", "billing_address_id")
        ),
    )
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    phone: Mapped[str | None]
    currency: Mapped[str | None]
    wanted_mail: Mapped[list[str]] = mapped_column(server_default=f"{{{','.join(WANTED_UNSAID)}}}")
    personalized: Mapped[bool] = mapped_column(server_default="true", default=True)
    shipping_address_id: Mapped[UUID | None]
    billing_address_id: Mapped[UUID | None]


class KeptAddress(Identified, Stamped, Base):
    """An entry of a person's address book, complete for its country. What the country does not have is empty."""

    __tablename__ = "addresses"
    __table_args__ = (UniqueConstraint("user_id", "id"),)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    name: Mapped[str]
    line1: Mapped[str]
    line2: Mapped[str | None]
    city: Mapped[str]
    region: Mapped[str | None]
    postal_code: Mapped[str]
    country: Mapped[str]
    phone: Mapped[str | None]
