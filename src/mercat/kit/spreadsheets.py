"""Text that goes through spreadsheets: nothing of it may be taken for a formula."""

import re

FORMULA = re.compile("'*[=+\\-@\t\r]")


def neutral(text: str) -> str:
    """Return text that no spreadsheet takes for a formula."""
    return f"'{text}" if FORMULA.match(text) else text


def restored(text: str) -> str:
    """Undo `neutral`."""
    return text[1:] if text[:1] == "'" and FORMULA.match(text) else text
