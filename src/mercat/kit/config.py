"""Base of every settings class: environment variables first, then `.env`, never anything else.

Each domain keeps one small subclass in its own `config.py`. A process reads them once: `AuthSettings.read()`, and
`by_settings` for what is made of them. Only those who put a process together make them themselves, and a test says so.
"""

from enum import StrEnum
from typing import Annotated, ClassVar, Literal, Self, cast
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

from mercat.kit.settings_memory import READ

PLACEHOLDER = "change-me"


class Environment(StrEnum):
    """Where the process runs; only `development` and `test` tolerate placeholder secrets."""

    development = "development"
    test = "test"
    production = "production"


class Settings(BaseSettings):
    """Settings read from `MERCAT_*`; unknown variables belong to other domains and are left alone."""

    # a setting that is refused may be a secret: the message names it and does not show it
    model_config = SettingsConfigDict(
        env_prefix="MERCAT_", env_file=".env", extra="ignore", frozen=True, hide_input_in_errors=True
    )
    registry: ClassVar[list[type["Settings"]]] = []

    def __init_subclass__(cls, **kwargs: object) -> None:
        """Remember the class, so that `.env.example` and the start-up check see every domain's settings."""
        super().__init_subclass__(**kwargs)  # type: ignore[arg-type]  # pydantic types its own keywords only
        Settings.registry.append(cls)

    @classmethod
    def read(cls) -> Self:
        """Return the settings as they were when the process first asked: reading them takes half a millisecond."""
        found = READ.get(cls)
        if found is None:
            found = READ[cls] = cls()
        return cast("Self", found)


def address(*schemes: str) -> AfterValidator:
    """Take an address of one of these schemes, or none; the refusal names them and shows nothing of what was given."""

    def of_these(given: str) -> str:
        try:
            scheme = urlsplit(given).scheme
        except ValueError:
            scheme = ""
        if given and scheme not in schemes:
            kinds = " or ".join(f"{scheme}://" for scheme in schemes)
            raise PydanticCustomError("address", "write an address that begins with {kinds}", {"kinds": kinds})
        return given

    return AfterValidator(of_these)


class ProcessSettings(Settings):
    """What every process needs to know about where it runs."""

    environment: Environment = Field(
        Environment.development, description="development, test or production; production refuses placeholder secrets."
    )
    public_url: Annotated[str, address("http", "https")] = Field(
        "http://127.0.0.1:8000", description="Where buyers reach the marketplace; links in mail are built from it."
    )
    marketplace_name: str = Field(
        "Mercat", min_length=1, description="What mail, invoices, authenticator apps and passkeys call the marketplace."
    )
    data_dir: str = Field(".data", description="Folder for what this machine keeps: embedded databases, media, mail.")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="DEBUG, INFO, WARNING or ERROR."
    )
