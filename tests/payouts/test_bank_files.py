"""Files for banks against the official schema of their format, pain.001.001.09, whatever shops are called."""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files as resources
from uuid import UUID

import pytest
from pydantic import ValidationError
from xmlschema import XMLSchema, XMLSchemaValidationError

from mercat.kit.ids import new_id
from mercat.payouts import numbers
from mercat.payouts.config import PayoutSettings
from mercat.payouts.files import as_sepa, latin
from mercat.payouts.lifecycle import Method, Status
from mercat.payouts.models import Payout
from payouts.stories import IBAN

RUN = UUID("01935b0f-0000-7000-8000-000000000001")
NOW = datetime(2030, 2, 4, 13, 30, 5, 123456, tzinfo=UTC)
FROM = PayoutSettings(payout_debtor_iban="FR14 2004 1010 0505 0001 3M02 606", payout_debtor_name="Bazar & Söhne")
HOSTILE = (
    "Bitter & Bean <Rösterei> »Ærø« ß",
    "株式会社ミルク",
    "&<>\"'/>]]><!--",
    "Ж" * 200,
    "   ",
    "x\u0301\u200b\u202e\U0001f9c0\ufffe",
    "//",
)


@cache
def schema() -> XMLSchema:
    """The official schema; reading it takes a second."""
    return XMLSchema(str(resources("sepaxml").joinpath("schemas/pain.001.001.09.xsd")))


def payout(holder: str = "North Kiln Ltd", *, bic: str | None = None, minor: int = 12050) -> Payout:
    payout_id = new_id()
    return Payout(
        id=payout_id,
        run_id=RUN,
        vendor_id=new_id(),
        currency="EUR",
        amount_minor=minor,
        status=Status.requested,
        method=Method.manual,
        holder=holder,
        **numbers.sealed(payout_id, IBAN),
        bic=bic,
    )


def accepted(payouts: Sequence[Payout], settings: PayoutSettings = FROM) -> str:
    """Write the file and show it to the schema."""
    document = as_sepa(RUN, payouts, settings, NOW).decode()
    schema().validate(document)
    return document


@pytest.mark.parametrize("name", HOSTILE)
def test_whatever_a_shop_is_called_the_schema_takes_it(name: str) -> None:
    document = accepted([payout(name)], FROM.model_copy(update={"payout_debtor_name": name[:70]}))

    assert f"<Nm>{latin(name)}</Nm>" in document
    assert document.isascii()


@pytest.mark.parametrize("bic", [None, "cobadeffxxx"])
@pytest.mark.parametrize("debtor_bic", ["", "bnpafrpp"])
def test_banks_are_named_where_they_are_known(bic: str | None, debtor_bic: str) -> None:
    document = accepted([payout(bic=bic)], FROM.model_copy(update={"payout_debtor_bic": debtor_bic}))

    assert ("<BICFI>COBADEFFXXX</BICFI>" in document) == (bic is not None)
    assert ("<BICFI>BNPAFRPP</BICFI>" in document) == (debtor_bic != "")
    assert ("NOTPROVIDED" in document) == (debtor_bic == "")


def test_a_large_run_is_one_message_with_the_sum_of_all() -> None:
    names = [HOSTILE[number % len(HOSTILE)] for number in range(500)]
    payouts = [payout(name, bic="COBADEFF" if number % 2 else None, minor=1) for number, name in enumerate(names)]

    document = accepted(payouts)

    assert document.count("<NbOfTxs>500</NbOfTxs>") == document.count("<CtrlSum>5.00</CtrlSum>") == 2
    assert all(f"<EndToEndId>{one.id.hex}</EndToEndId>" in document for one in payouts)


def test_the_same_run_is_the_same_file() -> None:
    payouts = [payout("Ada"), payout("Bob")]

    document = accepted(payouts)

    assert document == accepted(payouts)
    assert f"<MsgId>{RUN.hex}</MsgId><CreDtTm>2030-02-04T13:30:05Z</CreDtTm>" in document
    assert f"<PmtInfId>{RUN.hex}-1</PmtInfId>" in document
    assert "<ReqdExctnDt><Dt>2030-02-04</Dt></ReqdExctnDt>" in document


@pytest.mark.parametrize("wrong", [{"payout_debtor_iban": f"{IBAN[:-1]}1"}, {"payout_debtor_bic": "COBADEF"}])
def test_a_wrong_account_of_the_marketplace_is_no_setting(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="a digit or letter of it is wrong") as refused:
        PayoutSettings.model_validate(wrong)

    assert next(iter(wrong.values())) not in str(refused.value)
    assert PayoutSettings(payout_debtor_iban=IBAN.lower(), payout_debtor_bic="cobadeff").payout_debtor_bic == "COBADEFF"


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("<Nm>North Kiln Ltd</Nm>", f"<Nm>{'x' * 141}</Nm>"),
        (f"<IBAN>{IBAN}</IBAN>", "<IBAN>not one</IBAN>"),
        ("<BICFI>COBADEFF</BICFI>", "<BICFI>cobadeff</BICFI>"),
        ("<PmtMtd>TRF</PmtMtd>", ""),
        (RUN.hex, RUN.hex + "0123"),
        ("120.50", "120,50"),
        ("pain.001.001.09", "pain.001.001.03"),
    ],
)
def test_the_schema_takes_nothing_that_is_wrong(right: str, wrong: str) -> None:
    document = accepted([payout(bic="COBADEFF")])
    assert right in document

    with pytest.raises(XMLSchemaValidationError):
        schema().validate(document.replace(right, wrong))
