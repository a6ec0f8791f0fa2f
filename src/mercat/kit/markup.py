"""Descriptions: what vendors write, made safe to show."""

import re

import nh3

ALLOWED = {
    "a", "b", "blockquote", "br", "code", "dd", "div", "dl", "dt", "em", "h2", "h3", "h4", "h5", "h6", "hr", "i",
    "li", "ol", "p", "pre", "s", "small", "span", "strong", "sub", "sup", "table", "tbody", "td", "th", "thead", "tr",
    "u", "ul",
}  # fmt: skip
CLEANER = nh3.Cleaner(tags=ALLOWED, attributes={"a": {"href", "title"}}, url_schemes={"http", "https", "mailto"})

RENAMED = re.compile(
    r"<(/?)(h1|section|article|header|footer|main|aside|figure|figcaption|center|address|nav|caption|fieldset|legend)"
    r"(?=[\s/>])",
    re.IGNORECASE,
)
"""Blocks that pages have no room for. Taken away, they would glue what is in them to what is around."""


def clean(text: str) -> str:
    """Return HTML without anything that could run, load or restyle; plain text without `<` and `&` as it is."""
    if "<" not in text:
        return CLEANER.clean(text) if "&" in text else text
    return CLEANER.clean(RENAMED.sub(_named, text))


def _named(found: re.Match[str]) -> str:
    return f"<{found[1]}h2" if found[2] in {"h1", "H1"} else f"<{found[1]}div"
