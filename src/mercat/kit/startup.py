"""What a process looks at before it starts, so that a wrong setting is one sentence and not a traceback."""

import os

from pydantic import ValidationError
from pydantic_settings import SettingsError

from mercat.kit.config import PLACEHOLDER, Environment, ProcessSettings, Settings


class BadSettingError(RuntimeError):
    """A process must not start with these settings; the message names them and shows no value."""


def refuse_invalid() -> None:
    """Stop a process with a setting that cannot be; the message names each with the reason."""
    bad: list[str] = []
    for cls in Settings.registry:
        try:
            cls()
        except (ValidationError, SettingsError) as error:
            bad.append(complaint(error) or str(error))
    if bad:
        raise BadSettingError("; ".join(bad))


def complaint(error: Exception) -> str | None:
    """Return what is wrong with a setting, or None if the error is about something else."""
    if isinstance(error, BadSettingError | SettingsError):  # the latter: no JSON where a list is wanted, by name
        return str(error)
    if isinstance(error, ValidationError) and error.title in {cls.__name__ for cls in Settings.registry}:
        named = [(".".join(map(str, found["loc"])).upper(), found["msg"]) for found in error.errors()]
        return "; ".join(f"MERCAT_{name}: {reason}" for name, reason in named)
    return None


class PlaceholderSecretError(RuntimeError):
    """A secret still has its example value in an environment that must not run with it."""


def refuse_placeholders() -> None:
    """Stop a production process whose secrets were never set; the message names each of them."""
    if ProcessSettings().environment is not Environment.production:
        return
    bad = [
        f"MERCAT_{name.upper()}"
        for cls in Settings.registry
        for name, field in cls.model_fields.items()
        if isinstance(field.json_schema_extra, dict)
        and field.json_schema_extra.get("secret")
        and PLACEHOLDER in _current(cls, name)
    ]
    if bad:
        raise PlaceholderSecretError(
            f"refusing to start in production with placeholder secrets: {', '.join(sorted(bad))}"
        )


def _current(cls: type[Settings], name: str) -> str:
    # the variable comes first: a placeholder may be too short for its class even to be made
    given = os.environ.get(f"MERCAT_{name.upper()}")
    return _plain(getattr(cls(), name)) if given is None else given


def _plain(value: object) -> str:
    reveal = getattr(value, "get_secret_value", None)
    return str(reveal() if reveal is not None else value)
