"""What `./mercat reconcile` says about providers that nobody can ask."""

import json
from pathlib import Path

import psycopg
import pytest
from typer.testing import CliRunner

from mercat.cli import app

PAID_BY_STRIPE = """
INSERT INTO payments (id, order_id, provider, status, currency, amount_minor, captured_minor, provider_ref)
VALUES (gen_random_uuid(), gen_random_uuid(), 'stripe', 'captured', 'EUR', 0, 0, 'pi_1')
"""


@pytest.fixture(autouse=True)
def _here(database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MERCAT_DATABASE_URL", database_url)
    monkeypatch.setenv("MERCAT_DATA_DIR", str(tmp_path))


def test_a_provider_that_is_not_set_up_here_is_named_and_ends_with_1(database_url: str) -> None:
    assert CliRunner().invoke(app, ["reconcile"]).exit_code == 0
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")  # a payment alone: its order is not looked at
        connection.execute(PAID_BY_STRIPE)

    told = CliRunner().invoke(app, ["reconcile"])
    as_json = CliRunner().invoke(app, ["reconcile", "--json"])

    assert told.exit_code == 1
    assert "OPEN      stripe has payments and cannot be asked: it is not set up here" in told.stdout
    assert "everything agrees" not in told.stdout
    assert (as_json.exit_code, json.loads(as_json.stdout)["not_set_up"]) == (1, ["stripe"])
