"""Shapes of vendors' money."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from mercat.auth import DoubleConfirmation
from mercat.kit import clock
from mercat.kit.currencies import EXPONENTS
from mercat.kit.money import Money, default_currency
from mercat.kit.pagination import MAX_CURSOR, MAX_SIZE
from mercat.kit.shapes import Flag, Line, Moment, Shape, WholeNumber
from mercat.payouts.lifecycle import Method, Status

PageUrl = Annotated[str, StringConstraints(max_length=500, pattern=r"^https?://[^\s\\]+$")]
Holder = Annotated[str, StringConstraints(min_length=1, max_length=70, pattern=r"^[^\x00-\x1f\x7f]+$")]


class BalanceRead(Shape):
    """A vendor's money in one currency."""

    pending: Money
    """For orders that have not cleared: not delivered, or only lately. The marketplace's commission is deducted."""
    payable: Money
    """Cleared: the next payout. If negative, refunds took more; later revenue makes up for it."""
    on_the_way: Money
    """Taken for payouts that are not paid yet."""
    paid_out: Money
    """The total of the paid payouts."""


class VendorBalance(Shape):
    """What a vendor is owed, and when it is paid."""

    balances: list[BalanceRead]
    """One for each currency in which the vendor ever sold."""
    next_payout_at: datetime | None
    """When vendors are paid next; null where operators decide."""
    held_until: datetime | None
    """Payouts are held until then, since the account was changed."""
    ready: bool
    """Whether the vendor has an account to which money can be sent."""


class PayoutRead(Shape):
    """A payout."""

    id: UUID
    run_id: UUID
    vendor_id: UUID
    amount: Money
    status: Status
    method: Method
    account: str = Field(examples=["DE89…3000"])
    """The account; of a bank account's number only the ends."""
    reference: str | None = Field(examples=["tr_1Nq3kP2eZvKYlo2C"])
    """Its reference at the provider or the bank."""
    failure: str = Field(examples=[""])
    """Why it failed; the money is on the balance again."""
    requested_at: datetime
    sent_at: datetime | None
    settled_at: datetime | None


class RunCreate(Shape):
    """Pay one vendor, or all that are due: exactly one of the two is named."""

    vendor_id: UUID | None = Field(None, examples=["0199a3c4-7d1e-7c30-9a40-2f3f6a1b7c56"])
    """Only this vendor."""
    all_vendors: Flag = False
    """Every vendor that can be paid."""

    @model_validator(mode="after")
    def _says_whom(self) -> Self:
        if self.all_vendors == (self.vendor_id is not None):
            raise PydanticCustomError("whom_to_pay", "name a vendor_id, or say all_vendors")
        return self


class RunRead(Shape):
    """A run."""

    id: UUID
    period: str | None = Field(examples=["2030-W05"])
    """The period of a scheduled run; null if an operator began it."""
    requested_at: datetime
    finished_at: datetime | None
    """When all of its payouts were made; null while it is under way."""
    payouts: dict[Status, int] = Field(examples=[{"requested": 3, "paid": 12}])
    """How many of its payouts are in each status."""


class PayoutChange(Shape):
    """The outcome of a manual transfer."""

    status: Literal[Status.sent, Status.paid, Status.failed] = Field(examples=["paid"])
    reference: Line | None = Field(None, max_length=140, examples=["2030-02-04/17"])
    """Its reference at the bank."""
    reason: Line | None = Field(None, examples=["The account was closed."])
    """Why it failed; the vendor reads it."""

    @model_validator(mode="after")
    def _failed_with_reason(self) -> Self:
        if self.status is Status.failed and not self.reason:
            raise PydanticCustomError("reason_missing", "say in the reason why it failed")
        return self


class Changed(Shape):
    """How many payouts were moved."""

    changed: int = Field(examples=[12])


class AccountWrite(DoubleConfirmation):
    """A vendor's new payout account, and the proof that an owner sets it."""

    method: Literal[Method.manual, Method.test] = Method.manual
    """`manual` is a transfer to a bank account; `test`, where it is offered, pays in pretended money."""
    holder: Holder = Field(examples=["North Kiln Ltd"])
    """The holder of the account."""
    iban: Annotated[str, StringConstraints(max_length=42, pattern=r"^[A-Za-z0-9 ]*$")] | None = Field(
        None, examples=["DE89 3704 0044 0532 0130 00"]
    )
    bic: Annotated[str, StringConstraints(max_length=11, pattern=r"^[A-Za-z0-9]*$")] | None = Field(
        None, examples=["COBADEFFXXX"]
    )
    """Needed by some banks outside of the euro area."""

    @model_validator(mode="after")
    def _bank_account(self) -> Self:
        if self.method is Method.manual and not self.iban:
            raise PydanticCustomError("iban_missing", "a transfer needs an IBAN")
        return self


class AccountRead(Shape):
    """A vendor's payout account."""

    method: Method
    holder: str = Field(examples=["North Kiln Ltd"])
    account: str = Field(examples=["DE89…3000"])
    """Of a bank account's number only the ends."""
    ready: bool
    """Whether money can be sent there. At Stripe, the vendor has to identify itself first."""
    held_until: datetime | None
    """Payouts are held until then."""


class OnboardingStart(DoubleConfirmation):
    """Let the vendor identify itself at Stripe; with the proof that an owner asks for it."""

    return_url: PageUrl = Field(examples=["https://shop.example/portal/payouts"])
    """The page that the person returns to."""


class Onboarding(Shape):
    """The page to open."""

    url: str = Field(examples=["https://connect.stripe.com/setup/e/acct_1Nq3kP/x"])
    """Good for a few minutes and for one visit."""


class AdjustmentCreate(Shape):
    """Credit or debit a vendor's balance by hand."""

    amount: Money = Field(examples=[{"amount": "-12.50", "currency": "EUR"}])
    """What the vendor gets from the marketplace; if negative, what is taken from it."""
    reason: Line = Field(examples=["Parcel label that we paid for"])
    """The reason; the vendor's statement shows it."""

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.amount.minor:
            raise PydanticCustomError("amount_nothing", "an adjustment moves something")
        return self


class AdjustmentRead(Shape):
    """A credit or debit by hand."""

    id: UUID
    vendor_id: UUID
    amount: Money
    reason: str = Field(examples=["Parcel label that we paid for"])
    made_at: datetime


class FileFormat(StrEnum):
    """Formats in which a run can be downloaded."""

    csv = "csv"
    sepa = "sepa"


class RunFile(Shape):
    """The format of the file."""

    format: FileFormat = FileFormat.csv
    """`csv` for spreadsheets, or `sepa`: pain.001.001.09 for a bank."""


class StatementPeriod(Shape):
    """The period and the currency."""

    since: Moment | None = Field(None, alias="from")
    """The first moment; left out, the beginning of this month in UTC."""
    until: Moment | None = Field(None, alias="to")
    """The end, exclusive; left out, now."""
    currency: str = Field(default_factory=default_currency, pattern="^[A-Z]{3}$", examples=["EUR"])
    """Left out, the marketplace's default currency."""

    @model_validator(mode="after")
    def _forward(self) -> Self:
        if self.currency not in EXPONENTS:
            raise PydanticCustomError("currency", "there is no such currency")
        if self.end < self.begin:
            raise PydanticCustomError("period", "`to` is not before `from`")
        return self

    @property
    def begin(self) -> datetime:
        """The first moment."""
        return self.since or clock.now().replace(day=1, hour=0, minute=0, second=0, microsecond=0)

    @property
    def end(self) -> datetime:
        """The end, exclusive; far ahead if none was named, so that the last line is the current one."""
        return self.until or datetime.max.replace(tzinfo=UTC, microsecond=0)


class StatementWanted(StatementPeriod):
    """The page of a statement's lines."""

    cursor: Annotated[str, StringConstraints(max_length=MAX_CURSOR)] | None = None
    """Left out to begin, then each answer's `next_cursor`."""
    limit: WholeNumber = Field(50, ge=1, le=MAX_SIZE)
    """Lines per page."""


class StatementFormat(StrEnum):
    """Formats in which a statement can be downloaded."""

    csv = "csv"
    ndjson = "ndjson"


class StatementExport(StatementPeriod):
    """The statement and its format."""

    format: StatementFormat = StatementFormat.csv
    """`csv`, or `ndjson` with a line of the statement in each line."""


class StatementLine(Shape):
    """Something that changed what a vendor is owed."""

    at: datetime
    type: str = Field(examples=["order"])
    """`order`, `refund`, `commission`, `payout` or `adjustment`; files also have `opening` and `closing`."""
    reference: str = Field(examples=["M-100042"])
    """The number of the order, or the id of the payout or adjustment."""
    note: str = Field(examples=[""])
    """Why an adjustment was made; `failed` where a payout failed."""
    amount: Money
    """A credit of the vendor, or if negative a debit."""
    balance: Money
    """The balance afterwards."""


class StatementPage(Shape):
    """Lines of a statement."""

    currency: str = Field(examples=["EUR"])
    opening: Money
    """The balance before the first line of the whole statement."""
    closing: Money
    """The balance after its last line."""
    items: list[StatementLine]
    next_cursor: str | None
