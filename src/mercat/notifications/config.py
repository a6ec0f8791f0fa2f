"""Settings of outgoing mail."""

from typing import Annotated

from pydantic import Field

from mercat.kit.config import Settings, address


class MailSettings(Settings):
    """How mail leaves."""

    mail_url: Annotated[str, address("smtp", "smtps", "sendgrid", "maildir")] = Field(
        "smtp://127.0.0.1:1025",
        description=(
            "smtp://[user:password@]host:port, smtps://... (TLS from the start), sendgrid://:KEY@, or maildir:///folder."
        ),
        json_schema_extra={"holds_password": True},
    )
    mail_from: str = Field("Mercat <shop@localhost.localdomain>", description="Sender of the marketplace's mail.")
    return_address: str = Field(
        "",
        description=(
            "Where buyers send returns, if not to each vendor's own address; lines are separated by a vertical bar."
        ),
    )
    mail_bodies_kept_days: int = Field(
        90, ge=1, description="Days after which of mail that has left only kind, recipient, subject and dates are kept."
    )
    mails_per_address_and_hour: int = Field(
        5, ge=1, description="Messages an hour that strangers can cause to one address: links, unpaid orders of guests."
    )
    mail_timeout: float = Field(20.0, gt=0, description="Seconds that a mail server may take to answer.")
    sendgrid_url: Annotated[str, address("http", "https")] = Field(
        "https://api.sendgrid.com", description="Where SendGrid's API is."
    )
