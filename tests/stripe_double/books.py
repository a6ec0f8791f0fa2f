"""What the double keeps: every object of an account, and the events that tell of them."""

import itertools
import time
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from stripe_double.cards import CARDS, Card
from stripe_double.refusals import Refused, missing

API_VERSION = "2026-10-28.endive"
PREFIXES = {
    "payment_intent": "pi",
    "charge": "ch",
    "refund": "re",
    "dispute": "dp",
    "customer": "cus",
    "payment_method": "pm",
    "setup_intent": "seti",
    "balance_transaction": "txn",
    "account": "acct",
    "transfer": "tr",
    "event": "evt",
}
MODELESS = frozenset({"refund", "balance_transaction", "account"})
"""Kinds that do not say whether they are of the test mode."""
NEWEST = 10
"""Refunds that travel with a charge."""
UNSEEN = "_card"
"""Where a payment method keeps what becomes of it; nobody is shown it."""


@dataclass
class Books:
    """Objects by kind and id, the oldest first. They name each other by id; `view` puts one into the other."""

    things: dict[str, dict[str, dict[str, Any]]] = field(default_factory=lambda: {kind: {} for kind in PREFIXES})
    events: list[dict[str, Any]] = field(default_factory=list)
    on_event: Callable[[dict[str, Any]], None] = lambda _event: None
    refunds_pend: bool = False
    settles: dict[str, tuple[str, Fraction]] = field(default_factory=dict)
    """In which currency charges of another are settled, and at which rate; others are settled in their own."""
    balance: dict[str, int] = field(default_factory=dict)
    """What the platform may transfer, by currency; charges do not fill it, `top_up` does."""
    spent: set[str] = field(default_factory=set)
    """Methods that may not be used again: detached, or used by somebody who is no customer."""
    numbers: itertools.count = field(default_factory=lambda: itertools.count(1))  # type: ignore[type-arg]  # a field's type is read at run time

    def __getitem__(self, kind: str) -> dict[str, dict[str, Any]]:
        return self.things[kind]

    def add(self, kind: str, **fields: Any) -> dict[str, Any]:
        """Keep a new object."""
        ref = f"{PREFIXES[kind]}_{next(self.numbers):024d}"
        base = {"id": ref, "object": kind, "created": int(time.time())}
        if kind not in MODELESS:
            base["livemode"] = False
        self.things[kind][ref] = {**base, **fields}
        return self.things[kind][ref]

    def get(self, kind: str, ref: str) -> dict[str, Any]:
        """Return an object.

        Raises:
            Refused: there is none.
        """
        if ref not in self.things[kind]:
            raise missing(kind, ref)
        return self.things[kind][ref]

    def method(self, ref: str) -> dict[str, Any]:
        """Return a payment method; a test card's name makes a new one each time."""
        return self.new_method(CARDS[ref]) if ref in CARDS else self.get("payment_method", ref)

    def new_method(self, card: Card) -> dict[str, Any]:
        """Keep a method that belongs to nobody yet."""
        said = {"brand": card.brand, "last4": card.last4, "exp_month": 4, "exp_year": 2034}
        detail = said if card.kind == "card" else {"last4": card.last4, "bank_name": "STRIPE TEST BANK"}
        return self.add(
            "payment_method", type=card.kind, customer=None, metadata={}, **{card.kind: detail, UNSEEN: card}
        )

    def tell(self, kind: str, thing: dict[str, Any]) -> None:
        """Keep an event with the object as it is now."""
        about = {"data": {"object": self.view(thing)}, "type": kind, "api_version": API_VERSION}
        event = self.add("event", **about, pending_webhooks=1, request={"id": None, "idempotency_key": None})
        self.events.append(event)
        self.on_event(event)

    def to_balance(self, source: str, minor: int, currency: str, kind: str) -> str:
        """Keep what a charge or a refund is to the balance; returns its id. The fee of a charge is 1.5 % and 25."""
        into, rate = self.settles.get(currency, (currency, Fraction(1)))
        amount = round(minor * rate)
        fee = amount * 15 // 1000 + 25 if kind == "charge" else 0
        kept = {"amount": amount, "fee": fee, "net": amount - fee, "currency": into, "type": kind}
        return str(self.add("balance_transaction", **kept, source=source, status="pending")["id"])

    def refunds_of(self, charge: dict[str, Any]) -> list[dict[str, Any]]:
        """Return a charge's refunds, the newest first."""
        return [refund for refund in reversed(self["refund"].values()) if refund["charge"] == charge["id"]]

    def view(self, thing: dict[str, Any], expand: list[str] | None = None) -> dict[str, Any]:
        """Return an object as it is answered, with the objects that shall stand in place of their ids."""
        shown = {name: deepcopy(value) for name, value in thing.items() if name != UNSEEN}
        for path in expand or []:
            self._expand(shown, path.split("."), path)
        return shown

    def _expand(self, shown: dict[str, Any], path: list[str], whole: str) -> None:
        name, *rest = path
        if name == "refunds" and shown["object"] == "charge":
            shown.setdefault("refunds", self._refund_list(shown))
        elif name not in shown:
            raise Refused(400, f"This property cannot be expanded ({whole}).", param="expand")
        elif isinstance(shown[name], str):
            kind = next(kind for kind, prefix in PREFIXES.items() if shown[name].startswith(f"{prefix}_"))
            shown[name] = self.view(self.get(kind, shown[name]))
        if rest and shown[name] is not None:
            self._expand(shown[name], rest, whole)

    def _refund_list(self, charge: dict[str, Any]) -> dict[str, Any]:
        found = [self.view(refund) for refund in self.refunds_of(charge)]
        url = f"/v1/charges/{charge['id']}/refunds"
        return {"object": "list", "data": found[:NEWEST], "has_more": len(found) > NEWEST, "url": url}
