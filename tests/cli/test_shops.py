"""`mercat vendor`: what operators do with shops from a terminal."""

import json
from pathlib import Path

import psycopg
import pytest
from typer.testing import CliRunner, Result

from mercat.cli import app

USER = "0199a3c4-7d1e-7c30-9a40-2f3f6a1b7c58"


@pytest.fixture(autouse=True)
def _here(database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MERCAT_DATABASE_URL", database_url)
    monkeypatch.setenv("MERCAT_DATA_DIR", str(tmp_path))
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO users (id, email, email_key, locale) VALUES (%s, 'ada@example.com', 'ada@example.com', 'en')",
            (USER,),
        )
        connection.execute(
            "INSERT INTO vendors (id, slug, name, status) VALUES"
            " (gen_random_uuid(), 'north-kiln', 'North Kiln', 'applied'),"
            " (gen_random_uuid(), 'wool', 'Wool', 'active')"
        )


def vendor(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["vendor", *arguments])


def test_shops_are_listed_and_shown() -> None:
    listed = json.loads(vendor("list", "--json").stdout)
    found = {shop["slug"]: shop["status"] for shop in listed["items"]}
    assert found == {"north-kiln": "applied", "wool": "active"}
    assert "north-kiln" in vendor("list", "--status", "applied").stdout
    assert "wool" not in vendor("list", "--status", "applied").stdout
    assert vendor("list", "--status", "closed").exit_code == 2
    assert "there are no such vendors" in vendor("list", "--status", "rejected").stderr
    assert "North Kiln is applied" in vendor("show", "north-kiln").stdout
    missing = vendor("show", "nowhere")
    assert (missing.exit_code, missing.stderr) == (1, "error: There is no such shop.\n")


def test_shops_are_decided_about() -> None:
    assert json.loads(vendor("approve", "north-kiln", "--json").stdout)["status"] == "active"
    again = vendor("approve", "north-kiln")
    assert (again.exit_code, again.stderr) == (1, "error: A shop that is active cannot become active.\n")
    assert vendor("suspend", "north-kiln").exit_code == 2
    assert vendor("suspend", "north-kiln", "--reason", "Fraud.").stdout.endswith("is suspended (Fraud.)\n")
    assert vendor("reinstate", "north-kiln").exit_code == 0
    assert vendor("reject", "wool", "--reason", "No.").exit_code == 1


def test_people_are_let_in() -> None:
    assert vendor("add-member", "wool", "ada@example.com", "--role", "owner").exit_code == 0
    assert json.loads(vendor("add-member", "wool", "ada@example.com", "--json").stdout) == {"added": False}
    members = json.loads(vendor("show", "wool", "--json").stdout)["members"]
    assert [(member["email"], member["role"]) for member in members] == [("ada@example.com", "owner")]
    assert "owner    ada@example.com" in vendor("show", "wool").stdout
    assert vendor("add-member", "wool", "nobody@example.com").exit_code == 1
    assert vendor("add-member", "wool", "ada@example.com", "--role", "king").exit_code == 2


BOOK = """
WITH entry AS (
    INSERT INTO ledger_entries (id, cause, kind, posted_at)
    VALUES (gen_random_uuid(), 'order.paid:x', 'order.paid', '2020-01-15T12:00:00Z') RETURNING id
)
INSERT INTO ledger_postings (entry_id, account, party, currency, amount_minor)
SELECT entry.id, p.account, v.id::text, 'EUR', p.amount
FROM entry, vendors v, (VALUES ('commission', 1000), ('commission_income', -1000)) AS p(account, amount)
WHERE v.slug = 'wool'
"""


def test_they_are_billed_once_and_reconcile_knows_when_they_are_not(database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(BOOK)
    compared = CliRunner().invoke(app, ["reconcile", "--dry-run"])
    assert compared.exit_code == 1
    assert "commission_not_billed" in compared.stdout
    assert "wool, 2020-01: here 10.00 EUR, there no invoice" in compared.stdout

    (document,) = json.loads(vendor("bill", "2020-01", "--vendor", "wool", "--json").stdout)
    assert (document["month"], document["total"]) == ("2020-01", {"amount": "10.00", "currency": "EUR"})
    again = vendor("bill", "2020-01")
    assert (again.exit_code, again.stdout, again.stderr) == (0, "", "0 documents for 2020-01\n")
    assert "everything agrees" in CliRunner().invoke(app, ["reconcile"]).stdout

    assert vendor("bill", "2020-13").exit_code == 2
    assert vendor("bill", "2020-01", "--vendor", "nowhere").stderr == "error: There is no such shop.\n"
    early = vendor("bill", "2999-01")
    assert early.exit_code == 1
    assert early.stderr.startswith("error: This month is not over")
