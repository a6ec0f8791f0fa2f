"""The operator's commands: what they print, where, and with which exit code."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Protocol

import psycopg
import pytest
from typer.testing import CliRunner, Result

from mercat.cli import app
from surroundings import python_path

HEADER = (
    "Handle,Title,Body (HTML),Vendor,Type,Tags,Option1 Name,Option1 Value,Variant SKU,Variant Inventory Qty,"
    "Variant Price\n"
)
GOOD = "mug,Mug,<p>Holds tea</p>,Hearth,Kitchen,tea,Title,Default Title,MUG-1,5,12.50\n"
BAD = "cup,Cup,,Hearth,Kitchen,,Title,Default Title,CUP-1,5,twelve\n"


class Run(Protocol):
    """Runs a command in this process."""

    def __call__(self, *arguments: str, typed: str = "") -> Result: ...


@pytest.fixture
def run(database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Run a command in this process, on the test's own database."""
    monkeypatch.setenv("MERCAT_DATABASE_URL", database_url)
    monkeypatch.setenv("MERCAT_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("MERCAT_MAIL_URL", f"maildir://{tmp_path}/mail")

    def command(*arguments: str, typed: str = "") -> Result:
        return CliRunner().invoke(app, list(arguments), input=typed)

    return command


def products(url: str) -> list[tuple[str, str]]:
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT handle, name FROM products ORDER BY handle").fetchall()


def test_every_command_has_help(run: Run) -> None:
    text = run("--help").output
    for name in ("demo", "serve", "worker", "migrate", "import", "export", "user", "jobs", "doctor", "openapi"):
        assert name in text
        assert run(name, "--help").exit_code == 0
    assert "prepare" not in text


def test_an_import_tells_what_it_did_and_the_second_one_that_there_was_nothing_to_do(
    run: Run, tmp_path: Path, database_url: str
) -> None:
    file = tmp_path / "feed.csv"
    file.write_text(HEADER + GOOD)

    first, second = run("import", str(file)), run("import", str(file), "--json")

    assert first.exit_code == 0, first.output
    assert "1 created" in first.stdout
    assert (json.loads(second.stdout)["unchanged"], second.exit_code) == (1, 0)
    assert "nothing changed" in run("import", str(file)).stdout
    assert products(database_url) == [("mug", "Mug")]


def test_an_import_with_bad_rows_keeps_the_good_ones_and_fails(run: Run, tmp_path: Path, database_url: str) -> None:
    file, report = tmp_path / "feed.csv", tmp_path / "report.csv"
    file.write_text(HEADER + BAD + GOOD)

    done = run("import", str(file), "--report", str(report))

    assert done.exit_code == 1
    assert "line 2" in done.stderr
    assert [row[0] for row in csv.reader(report.read_text().splitlines())] == ["line", "2", "2"]
    assert ("mug", "Mug") in products(database_url)


def test_an_export_imports_back_unchanged(run: Run, tmp_path: Path) -> None:
    feed, out = tmp_path / "feed.csv", tmp_path / "out.csv.gz"
    feed.write_text(HEADER + GOOD)
    run("import", str(feed))

    written = run("export", str(out), "--json")
    back = run("import", str(out), "--json")

    assert json.loads(written.stdout)["products"] == 1
    assert json.loads(back.stdout) | {"seconds": 0} == {
        "read": 1, "variants": 1, "created": 0, "updated": 0, "unchanged": 1, "errors": [], "error_count": 0,
        "seconds": 0, "not_for_sale": [],
    }  # fmt: skip


def test_a_misspelt_vendor_is_refused_with_the_ones_that_are_meant(run: Run, tmp_path: Path, database_url: str) -> None:
    file = tmp_path / "feed.csv"
    file.write_text(HEADER + GOOD)
    assert run("import", str(file), "--vendor", "green-gable-nursery", "--create-vendor").exit_code == 0
    assert run("import", str(file), "--vendor", "green-gable-nursery").exit_code == 0

    typo = run("import", str(file), "--vendor", "green-gable-nursry")
    other = run("import", str(file), "--vendor", "zzz")

    assert (typo.exit_code, other.exit_code) == (1, 1)
    assert "did you mean green-gable-nursery?" in typo.stderr
    assert "no vendor zzz; --create-vendor" in other.stderr
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT slug FROM vendors").fetchall() == [("green-gable-nursery",)]


def test_an_import_says_what_is_not_for_sale_and_why(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "feed.csv"
    file.write_text(HEADER + GOOD.replace(",5,", ",,") + BAD.replace("twelve", ""))

    said, as_json = run("import", str(file)), run("import", str(file), "--json")

    assert "not for sale:" in said.stdout
    assert "1 product with 1 variant (such as Mug): no stock was counted" in said.stdout
    assert "1 row: no price" in said.stdout
    assert [one["reason"] for one in json.loads(as_json.stdout)["not_for_sale"]] == ["missing_price", "not_counted"]


def test_a_file_that_is_not_there_is_called_wrongly(run: Run) -> None:
    assert run("import", "nowhere.csv").exit_code == 2


def test_an_import_counts_variants_and_a_file_without_products_is_no_success(run: Run, tmp_path: Path) -> None:
    more, none = tmp_path / "more.csv", tmp_path / "none.csv"
    more.write_text(HEADER + "mug,Mug,,,,,Size,S,MUG-S,5,12.50\nmug,,,,,,,M,MUG-M,5,12.50\n")
    none.write_text(HEADER)

    assert "1 product with 2 variants read" in run("import", str(more)).stdout
    assert "nothing changed: 1 product with 2 variants" in run("import", str(more)).stdout
    assert "holds no products" in run("import", str(none)).stdout


@pytest.mark.parametrize("slug", ["", "Bad Slug!", "-mugs", "a/b"])
def test_a_shop_is_not_made_with_an_address_that_nobody_could_write(
    run: Run, tmp_path: Path, database_url: str, slug: str
) -> None:
    file = tmp_path / "feed.csv"
    file.write_text(HEADER + GOOD)

    assert run("import", str(file), "--vendor", slug).exit_code == 2
    assert products(database_url) == []


def test_a_folder_that_is_not_there_is_said_before_the_work(run: Run, tmp_path: Path, database_url: str) -> None:
    file, nowhere = tmp_path / "feed.csv", tmp_path / "nowhere" / "file"
    file.write_text(HEADER + GOOD)

    for arguments in (
        ("import", str(file), "--report", str(nowhere)),
        ("export", str(nowhere)),
        ("openapi", str(nowhere)),
    ):
        refused = run(*arguments)
        assert refused.exit_code == 2
        assert "there is no folder" in " ".join(refused.stderr.replace("│", "").split())
    assert products(database_url) == []


def test_an_export_of_a_shop_that_is_not_there_is_no_empty_file(run: Run, tmp_path: Path) -> None:
    refused = run("export", str(tmp_path / "out.csv"), "--vendor", "nobody")

    assert (refused.exit_code, refused.stderr.splitlines()[-1]) == (1, "error: there is no vendor nobody")
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize("command", [("export", "out.csv"), ("doctor",), ("user", "list")])
def test_commands_that_only_look_make_no_marketplace(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.delenv("MERCAT_DATABASE_URL")
    monkeypatch.chdir(tmp_path)

    refused = run(*command, "--data-dir", "elsewhere")

    assert refused.exit_code == 1
    assert refused.stderr.startswith("error: there is no marketplace in elsewhere; ")
    assert list(tmp_path.iterdir()) == []


COMMANDS = [
    ("import", __file__),
    ("export", "out.csv"),
    ("migrate",),
    ("user", "list"),
    ("user", "create", "a@b.example"),
]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_database_that_is_away_is_a_sentence(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.setenv("MERCAT_DATABASE_URL", "postgresql://mercat:hunter2@127.0.0.1:1/mercat")
    monkeypatch.chdir(tmp_path)

    refused = run(*command, typed="correct horse battery staple\n")

    assert refused.exit_code == 1
    assert "error: the database does not answer: " in refused.stderr
    assert "hunter2" not in refused.output


@pytest.mark.parametrize("command", COMMANDS)
def test_a_setting_that_cannot_be_is_a_sentence(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.setenv("MERCAT_DATABASE_URL", "mysql://mercat:hunter2@127.0.0.1:1/mercat")
    monkeypatch.chdir(tmp_path)

    refused = run(*command, typed="correct horse battery staple\n")

    assert (refused.exit_code, refused.stderr[:28]) == (1, "error: MERCAT_DATABASE_URL: ")
    assert "hunter2" not in refused.output


def test_a_data_folder_that_cannot_be_is_a_sentence(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MERCAT_DATABASE_URL")
    file = tmp_path / "file"
    file.touch()

    refused = run("migrate", "--data-dir", str(file))

    assert (refused.exit_code, refused.stderr) == (1, f"error: {file} cannot be a data folder: File exists\n")


def test_accounts_are_made_and_listed(run: Run) -> None:
    made = run(
        "user", "create", "ada@example.com", "--role", "admin", "--role", "buyer", typed="correct horse battery\n"
    )
    twice = run("user", "create", "ADA@example.com", typed="correct horse battery\n")
    short = run("user", "create", "bob@example.com", typed="short\n")
    unknown = run("user", "create", "bob@example.com", "--role", "king", typed="correct horse battery\n")
    listed = run("user", "list", "--json")

    assert (made.exit_code, twice.exit_code, short.exit_code, unknown.exit_code) == (0, 1, 1, 1)
    assert "already an account" in twice.stderr
    assert "password: should have at least 8 characters" in short.stderr
    assert "there is no role king; there are admin, " in unknown.stderr
    assert [(u["email"], u["roles"]) for u in json.loads(listed.stdout)] == [("ada@example.com", ["admin", "buyer"])]
    assert "ada@example.com" in run("user", "list").stdout


def test_accounts_get_roles_and_are_blocked_and_restored(run: Run) -> None:
    for email, role in (("ada@example.com", "admin"), ("bob@example.com", "buyer")):
        assert run("user", "create", email, "--role", role, typed="correct horse battery\n").exit_code == 0

    given = run("user", "role", "BOB@example.com", "support", "buyer", "--json")
    blocked = run("user", "deactivate", "bob@example.com")
    restored = run("user", "restore", "bob@example.com", "--json")

    assert json.loads(given.stdout)["roles"] == ["buyer", "support"]
    assert blocked.stdout == "bob@example.com is blocked (buyer, support)\n"
    assert json.loads(restored.stdout)["is_active"] is True
    for wrong, reason in (
        (("role", "bob@example.com", "king"), "no role king"),
        (("role", "ada@example.com", "buyer"), "last account"),
        (("deactivate", "ada@example.com"), "last account"),
        (("restore", "nobody@example.com"), "no such account"),
    ):
        refused = run("user", *wrong)
        assert (refused.exit_code, refused.stdout) == (1, ""), wrong
        assert reason in refused.stderr
    assert run("user", "role", "bob@example.com").exit_code == 2
    assert [user["roles"] for user in json.loads(run("user", "list", "--json").stdout)] == [
        ["admin"],
        ["buyer", "support"],
    ]


def test_the_doctor_names_what_is_wrong(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    found = {check["check"]: check for check in json.loads(run("doctor", "--json").stdout)}
    assert found["database"]["ok"]
    assert found["migrations"]["ok"]
    assert not found["redis"]["ok"]
    assert "MERCAT_REDIS_URL" in found["redis"]["says"]
    assert run("doctor").exit_code == 0  # the shop goes on without Redis

    monkeypatch.setenv("MERCAT_MAIL_URL", "smtp://127.0.0.1:1")
    monkeypatch.setenv("MERCAT_DATABASE_URL", "postgresql://mercat@127.0.0.1:1/mercat")
    found = {check["check"]: check for check in json.loads(run("doctor", "--json").stdout)}
    assert not found["database"]["ok"]
    assert not found["mail"]["ok"]
    assert run("doctor").exit_code == 1


def test_migrating_says_what_it_did(run: Run, postgres: str, monkeypatch: pytest.MonkeyPatch) -> None:
    name = "empty_for_migrate"
    with psycopg.connect(postgres, autocommit=True) as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {name}")
        admin.execute(f"CREATE DATABASE {name}")
    monkeypatch.setenv("MERCAT_DATABASE_URL", postgres.rsplit("/", 1)[0] + f"/{name}")

    first, second = run("migrate"), run("migrate")

    assert "migrated to 0001: Initial schema" in first.stderr
    assert "nothing to do" in second.stdout


def test_a_database_of_another_version_is_refused_in_a_sentence(
    run: Run, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0024'")
    monkeypatch.setenv("MERCAT_DATABASE_URL", database_url)

    refused = run("migrate")

    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "revision 0024, which this version does not know" in refused.stderr


def test_the_openapi_document_is_the_same_each_time(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "openapi.json"
    assert run("openapi", str(file)).exit_code == 0

    assert json.loads(file.read_text())["openapi"].startswith("3.1")
    assert run("openapi").stdout == file.read_text()


def test_production_refuses_placeholder_secrets(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "MERCAT_SECRET_KEY"}
    environment |= {"MERCAT_ENVIRONMENT": "production", "PYTHONPATH": python_path()}
    for command in ("serve", "worker"):
        done = subprocess.run(
            [sys.executable, "-m", "mercat", command],
            env=environment,
            cwd=tmp_path,
            capture_output=True,
            check=False,
            text=True,
        )
        assert done.returncode == 1
        assert "MERCAT_SECRET_KEY" in done.stderr
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_a_setting_that_cannot_be_is_refused_by_name(tmp_path: Path, command: str) -> None:
    environment = os.environ | {
        "PYTHONPATH": python_path(),
        "MERCAT_DATABASE_POOL_SIZE": "none",
        "MERCAT_RATE_LIMIT_READ": "often",
        "MERCAT_TRUSTED_PROXIES": "*",
    }
    done = subprocess.run(
        [sys.executable, "-m", "mercat", command],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("error: ")
    assert "MERCAT_DATABASE_POOL_SIZE: Input should be a valid integer" in done.stderr
    if command == "serve":
        assert "MERCAT_RATE_LIMIT_READ: write a rate like 600/minute" in done.stderr
        assert "MERCAT_TRUSTED_PROXIES: write the addresses or networks of your proxies" in done.stderr
    assert "Traceback" not in done.stderr
    assert "often" not in done.stderr


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--host", "192.0.2.1"), "192.0.2.1 is no address of this computer; choose another one with --host"),
        (("--data-dir", "file"), "file cannot be a data folder: File exists"),
    ],
)
def test_a_demo_says_what_keeps_it_from_starting(tmp_path: Path, options: tuple[str, ...], said: str) -> None:
    (tmp_path / "file").touch()
    done = subprocess.run(
        [sys.executable, "-m", "mercat", "demo", *options],
        env=os.environ | {"PYTHONPATH": python_path()},
        cwd=tmp_path,
        capture_output=True,
        check=False,
        text=True,
    )

    assert (done.returncode, done.stderr) == (1, f"mercat: error: {said}\n")
