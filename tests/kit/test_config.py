"""Settings, and the secrets that must be set before production."""

from pathlib import Path

import pytest
from pydantic import Field, SecretStr, ValidationError

from mercat.kit.config import PLACEHOLDER, ProcessSettings, Settings
from mercat.kit.database import DatabaseSettings
from mercat.kit.edge import EdgeSettings
from mercat.kit.redis import RedisSettings
from mercat.kit.settings_memory import by_settings, read_anew
from mercat.kit.startup import BadSettingError, PlaceholderSecretError, refuse_invalid, refuse_placeholders
from mercat.notifications import MailSettings
from mercat.pricing.config import PricingSettings


@pytest.fixture(autouse=True)
def _own_registry(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Classes made here are not settings of the product, and no `.env` of a developer is read."""
    monkeypatch.setattr(Settings, "registry", [])
    monkeypatch.chdir(tmp_path_factory.mktemp("cwd"))


def lamps() -> type[Settings]:
    class Lamps(Settings):
        lamp_key: SecretStr = Field(
            SecretStr(f"{PLACEHOLDER}-please"), min_length=8, json_schema_extra={"secret": True}
        )
        lamp_password: str = Field(PLACEHOLDER, json_schema_extra={"secret": True})
        lamp_colour: str = Field(PLACEHOLDER)
        lamp_count: int = 1

    return Lamps


def production(monkeypatch: pytest.MonkeyPatch, **variables: str) -> None:
    monkeypatch.setenv("MERCAT_ENVIRONMENT", "production")
    for name, value in variables.items():
        monkeypatch.setenv(f"MERCAT_{name}", value)


def test_every_settings_class_is_remembered() -> None:
    made = lamps()

    class Shades(Settings):
        shade: str = ""

    assert Settings.registry == [made, Shades]


def test_the_products_own_classes_were_remembered_when_they_were_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()

    assert {ProcessSettings, DatabaseSettings, EdgeSettings} <= set(Settings.registry)


def test_production_refuses_placeholders_and_names_each_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    lamps()
    production(monkeypatch)

    with pytest.raises(PlaceholderSecretError) as refusal:
        refuse_placeholders()

    assert str(refusal.value).endswith(": MERCAT_LAMP_KEY, MERCAT_LAMP_PASSWORD")


def test_only_those_that_are_missing_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    lamps()
    production(monkeypatch, LAMP_KEY="a-real-long-key")

    with pytest.raises(PlaceholderSecretError, match=r": MERCAT_LAMP_PASSWORD$"):
        refuse_placeholders()


def test_a_placeholder_in_the_environment_is_one_too(monkeypatch: pytest.MonkeyPatch) -> None:
    lamps()
    production(monkeypatch, LAMP_KEY="x", LAMP_PASSWORD=f"please {PLACEHOLDER} now")
    monkeypatch.setenv("MERCAT_LAMP_KEY", "a-real-long-key")

    with pytest.raises(PlaceholderSecretError, match=r": MERCAT_LAMP_PASSWORD$"):
        refuse_placeholders()


def test_a_placeholder_too_short_to_be_a_setting_is_still_named(monkeypatch: pytest.MonkeyPatch) -> None:
    class Doors(Settings):
        door_key: SecretStr = Field(SecretStr("x" * 32), min_length=32, json_schema_extra={"secret": True})

    production(monkeypatch, DOOR_KEY=PLACEHOLDER)

    with pytest.raises(PlaceholderSecretError, match="MERCAT_DOOR_KEY"):
        refuse_placeholders()


def test_a_placeholder_in_the_env_file_is_one_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    lamps()
    production(monkeypatch, LAMP_PASSWORD="set")
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text(f"MERCAT_LAMP_KEY={PLACEHOLDER}-of-the-example\n")

    with pytest.raises(PlaceholderSecretError, match=r": MERCAT_LAMP_KEY$"):
        refuse_placeholders()


def test_the_refusal_does_not_show_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    lamps()
    production(monkeypatch, LAMP_KEY=f"{PLACEHOLDER}-hunter2")

    with pytest.raises(PlaceholderSecretError) as refusal:
        refuse_placeholders()
    assert "hunter2" not in str(refusal.value)


def test_production_starts_with_secrets_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    lamps()
    production(monkeypatch, LAMP_KEY="a-real-long-key", LAMP_PASSWORD="set")

    refuse_placeholders()


@pytest.mark.parametrize("environment", ["development", "test"])
def test_elsewhere_placeholders_will_do(monkeypatch: pytest.MonkeyPatch, environment: str) -> None:
    lamps()
    monkeypatch.setenv("MERCAT_ENVIRONMENT", environment)

    refuse_placeholders()


def test_an_unknown_environment_is_not_taken_for_a_harmless_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MERCAT_ENVIRONMENT", "prod")

    with pytest.raises(ValidationError, match="environment"):
        refuse_placeholders()


def test_a_refused_setting_is_named_and_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    made = lamps()
    monkeypatch.setenv("MERCAT_LAMP_KEY", "hunter2")
    monkeypatch.setenv("MERCAT_LAMP_COUNT", "hunter3")

    with pytest.raises(ValidationError) as refusal:
        made()

    assert "lamp_key" in str(refusal.value)
    assert "lamp_count" in str(refusal.value)
    assert "hunter" not in str(refusal.value)


def test_a_process_that_starts_names_every_setting_that_cannot_be(monkeypatch: pytest.MonkeyPatch) -> None:
    lamps()

    class Shades(Settings):
        shades: list[str] = Field(default_factory=list)

    refuse_invalid()
    for name, value in (("LAMP_KEY", "hunter2"), ("LAMP_COUNT", "hunter3"), ("SHADES", "hunter4")):
        monkeypatch.setenv(f"MERCAT_{name}", value)
    with pytest.raises(BadSettingError) as refusal:
        refuse_invalid()

    said = str(refusal.value)
    assert "MERCAT_LAMP_KEY: Value should have at least 8" in said
    assert "MERCAT_LAMP_COUNT: Input should be a valid integer" in said
    assert '"shades"' in said
    assert "hunter" not in said


def test_the_environment_comes_before_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    made = lamps()
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("MERCAT_LAMP_COLOUR=red\nMERCAT_LAMP_COUNT=3\nMERCAT_OF_ANOTHER_DOMAIN=1\n")
    monkeypatch.setenv("MERCAT_LAMP_COUNT", "5")

    assert made().model_dump(include={"lamp_colour", "lamp_count"}) == {"lamp_colour": "red", "lamp_count": 5}


def test_settings_do_not_change_after_the_start() -> None:
    settings = ProcessSettings()

    with pytest.raises(ValidationError, match="frozen"):
        settings.log_level = "DEBUG"


def test_lists_are_written_as_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MERCAT_CORS_ORIGINS", '["https://a.test", "https://b.test"]')

    assert EdgeSettings().cors_origins == ["https://a.test", "https://b.test"]


@pytest.mark.parametrize(
    ("settings", "name", "value"),
    [
        (DatabaseSettings, "DATABASE_URL", "mysql://me:hunter2@db/shop"),
        (DatabaseSettings, "DATABASE_URL", "host=db password=hunter2"),
        (DatabaseSettings, "DATABASE_REPLICA_URL", "http://[hunter2"),
        (RedisSettings, "REDIS_URL", "hunter2"),
        (MailSettings, "MAIL_URL", "imap://me:hunter2@mail"),
        (ProcessSettings, "PUBLIC_URL", "hunter2.example"),
        (ProcessSettings, "LOG_LEVEL", "hunter2"),
        (PricingSettings, "SHIPPING_FEE", "hunter2"),
        (PricingSettings, "SHIPPING_FEE", "-1"),
    ],
)
def test_what_cannot_be_used_is_refused_before_it_is(
    monkeypatch: pytest.MonkeyPatch, settings: type[Settings], name: str, value: str
) -> None:
    monkeypatch.setattr(Settings, "registry", [settings])
    monkeypatch.setenv(f"MERCAT_{name}", value)

    with pytest.raises(BadSettingError) as refusal:
        refuse_invalid()

    assert f"MERCAT_{name}:" in str(refusal.value)
    assert "hunter" not in str(refusal.value)


def test_a_fee_with_cents_is_refused_where_there_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Settings, "registry", [PricingSettings])
    monkeypatch.setattr("mercat.pricing.config.default_currency", lambda: "JPY")

    with pytest.raises(BadSettingError, match="MERCAT_SHIPPING_FEE: JPY has 0 decimals"):
        refuse_invalid()


def test_an_address_that_is_left_out_is_none() -> None:
    assert DatabaseSettings(database_replica_url="").database_replica_url == ""


def test_a_process_reads_its_settings_once(monkeypatch: pytest.MonkeyPatch) -> None:
    kind = lamps()

    @by_settings
    def shown() -> str:
        return f"{kind.read().lamp_count} lamps"  # type: ignore[attr-defined]

    assert kind.read() is kind.read()
    assert shown() == "1 lamps"
    pytest.MonkeyPatch.setenv(monkeypatch, "MERCAT_LAMP_COUNT", "7")  # as from outside: nothing is told of it
    assert shown() == "1 lamps"

    read_anew()

    assert shown() == "7 lamps"


def test_what_cannot_be_is_not_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    kind = lamps()
    monkeypatch.setenv("MERCAT_LAMP_COUNT", "seven")
    with pytest.raises(ValidationError):
        kind.read()
    monkeypatch.setenv("MERCAT_LAMP_COUNT", "8")

    assert kind.read().lamp_count == 8  # type: ignore[attr-defined]
