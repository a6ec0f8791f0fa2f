"""A run as a file: operators submit it to their bank, or work through it by hand."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID
from xml.etree import ElementTree as ET

from mercat.kit.config import ProcessSettings
from mercat.kit.money import Money
from mercat.kit.spreadsheets import csv_lines, neutral
from mercat.payouts import numbers
from mercat.payouts.config import PayoutSettings
from mercat.payouts.exceptions import NoDebtor, NotSepa
from mercat.payouts.lifecycle import Method
from mercat.payouts.models import Payout

COLUMNS = ("payout_id", "vendor", "holder", "iban", "bic", "amount", "currency", "reference")
NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
NOT_IN_SEPA = re.compile(r"[^A-Za-z0-9/\-?:().,'+ ]")
"""The letters that every bank accepts."""
LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "ø": "o", "Æ": "AE", "Ø": "O", "ł": "l", "Ł": "L", "&": "+"})


def as_csv(payouts: Sequence[Payout], names: Mapping[UUID, str]) -> str:
    """Return a line for each payout; spreadsheets take no cell of it for a formula.

    Raises:
        NumberUnreadable: no known key opens the number of one of them.
    """
    cells = [
        (
            str(payout.id),
            names.get(payout.vendor_id, ""),
            payout.holder,
            numbers.opened(payout) or "",
            payout.bic or "",
            Money(payout.amount_minor, payout.currency).amount,
            payout.currency,
            payout.id.hex,
        )
        for payout in payouts
    ]
    return "".join(csv_lines([COLUMNS, *(tuple(map(neutral, row)) for row in cells)]))


def as_sepa(run_id: UUID, payouts: Sequence[Payout], settings: PayoutSettings, now: datetime) -> bytes:
    """Return the run's payouts in euros as one credit transfer initiation (pain.001.001.09).

    The same run gives the same message id, by which banks reject what was submitted already.

    Raises:
        NoDebtor: the account that pays is not set.
        NotSepa: there is nothing that SEPA transfers.
        NumberUnreadable: no known key opens the number of one of them.
    """
    if not settings.payout_debtor_iban:
        raise NoDebtor
    euros = [payout for payout in payouts if payout.currency == "EUR" and payout.method == Method.manual]
    if not euros:
        raise NotSepa
    total = Money(sum(payout.amount_minor for payout in euros), "EUR").amount
    root = ET.Element("Document", xmlns=NAMESPACE)
    message = ET.SubElement(root, "CstmrCdtTrfInitn")
    name = latin(settings.payout_debtor_name or ProcessSettings.read().marketplace_name)
    head = _put(message, "GrpHdr")
    _put(head, "MsgId", run_id.hex)
    _put(head, "CreDtTm", f"{now:%Y-%m-%dT%H:%M:%SZ}")
    _put(head, "NbOfTxs", str(len(euros)))
    _put(head, "CtrlSum", total)
    _put(head, "InitgPty/Nm", name)
    batch = _put(message, "PmtInf")
    _put(batch, "PmtInfId", f"{run_id.hex}-1")
    _put(batch, "PmtMtd", "TRF")
    _put(batch, "NbOfTxs", str(len(euros)))
    _put(batch, "CtrlSum", total)
    _put(batch, "PmtTpInf/SvcLvl/Cd", "SEPA")
    _put(batch, "ReqdExctnDt/Dt", f"{now:%Y-%m-%d}")
    _put(batch, "Dbtr/Nm", name)
    _put(batch, "DbtrAcct/Id/IBAN", settings.payout_debtor_iban)
    _agent(batch, "DbtrAgt", settings.payout_debtor_bic, required=True)
    _put(batch, "ChrgBr", "SLEV")
    for payout in euros:
        _transfer(batch, payout, name)
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def latin(text: str) -> str:
    """Return text in letters that every bank accepts, 70 at most."""
    plain = unicodedata.normalize("NFKD", text.translate(LETTERS))
    shown = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return NOT_IN_SEPA.sub(".", shown).strip()[:70] or "."


def _transfer(batch: ET.Element, payout: Payout, name: str) -> None:
    one = _put(batch, "CdtTrfTxInf")
    _put(one, "PmtId/EndToEndId", payout.id.hex)
    amount = _put(one, "Amt/InstdAmt", Money(payout.amount_minor, payout.currency).amount)
    amount.set("Ccy", payout.currency)
    if payout.bic:
        _agent(one, "CdtrAgt", payout.bic, required=False)
    _put(one, "Cdtr/Nm", latin(payout.holder))
    _put(one, "CdtrAcct/Id/IBAN", numbers.opened(payout) or "")
    _put(one, "RmtInf/Ustrd", f"{name} {payout.id.hex}"[:140])


def _agent(parent: ET.Element, tag: str, bic: str, *, required: bool) -> None:
    if bic:
        _put(parent, f"{tag}/FinInstnId/BICFI", bic.upper())
    elif required:
        _put(parent, f"{tag}/FinInstnId/Othr/Id", "NOTPROVIDED")


def _put(parent: ET.Element, path: str, text: str = "") -> ET.Element:
    """Add elements inside each other; returns the innermost."""
    for tag in path.split("/"):
        parent = ET.SubElement(parent, tag)
    parent.text = text or None
    return parent
