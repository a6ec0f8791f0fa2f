"""Descriptions: what shops write, made safe to show."""

import nh3

ALLOWED = {
    "a", "b", "blockquote", "br", "code", "dd", "div", "dl", "dt", "em", "h2", "h3", "h4", "h5", "h6", "hr", "i",
    "li", "ol", "p", "pre", "s", "small", "span", "strong", "sub", "sup", "table", "tbody", "td", "th", "thead", "tr",
    "u", "ul",
}  # fmt: skip
CLEANER = nh3.Cleaner(tags=ALLOWED, attributes={"a": {"href", "title"}}, url_schemes={"http", "https", "mailto"})


def clean(text: str) -> str:
    """Return HTML without anything that could run, load or restyle; plain text without `<` and `&` as it is."""
    return CLEANER.clean(text) if "<" in text or "&" in text else text
