"""The bounds that the guide names are those that hold."""

import re
from pathlib import Path

import mercat.main
from mercat.kit.config import Settings
from mercat.kit.drain import MOST_BYTES, MOST_SECONDS
from mercat.realtime.conversation import LONGEST_MESSAGE, MOST_MESSAGES, MOST_TOPICS

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guides" / "operations.md"
BOUNDING = re.compile(r"MERCAT_(MAX_\w+|UPLOAD_MAX_\w+|(HEADER|BODY|SEND|REQUEST)_TIMEOUT|REALTIME_CONNECTIONS\w*)")


def defaults() -> dict[str, str]:
    assert mercat.main  # importing it has registered every domain's settings
    return {
        f"MERCAT_{name.upper()}": str(field.default)
        for settings in Settings.registry
        for name, field in settings.model_fields.items()
    }


def section() -> str:
    return GUIDE.read_text(encoding="utf-8").partition("\n## Bounds\n")[2].partition("\n## ")[0]


def test_every_bound_is_named_with_its_default() -> None:
    known, named = defaults(), set()
    for line in section().splitlines():
        for setting in re.findall(r"`(MERCAT_\w+)`", line):
            assert re.search(rf"(?<![\d.]){re.escape(known[setting])}(?![\d.])", line), f"{setting} is {known[setting]}"
            named.add(setting)

    assert {setting for setting in known if BOUNDING.fullmatch(setting)} <= named


def test_what_no_setting_bounds_is_true_too() -> None:
    text = " ".join(section().split())
    assert f"at most {MOST_TOPICS} topics" in text
    assert f"at most {MOST_MESSAGES} messages of {LONGEST_MESSAGE} characters" in text
    assert (MOST_SECONDS, MOST_BYTES) == (2.0, 8 * 1024 * 1024)
    assert "up to two seconds, or 8 MiB" in text
