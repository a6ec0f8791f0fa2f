"""Descriptions without their markup."""

import html
import re

MARKUP = re.compile(r"<[^>]+>")
SPACES = re.compile(r"[ \t\r\f\v]*\n\s*|[ \t]{2,}")
BLOCK = re.compile(r"</?(?:p|li|div|h[1-6]|tr|ul|ol|dl|dt|dd|blockquote|pre|table|hr)(?: [^>]*)?/?>|<br ?/?>")
CELL_END = re.compile(r"</t[dh]>")


def plain_text(markup: str) -> str:
    """Return HTML as plain text: blocks on lines of their own, cells apart, everything else of the markup goes."""
    if "<" not in markup and "&" not in markup:
        return markup
    text = MARKUP.sub("", CELL_END.sub(" ", BLOCK.sub("\n", markup)))
    return SPACES.sub(lambda found: "\n" if "\n" in found[0] else " ", html.unescape(text)).strip()
