"""What people write in HTML or Markdown, made safe to show."""

import html
import re
from functools import cache
from typing import TYPE_CHECKING

import nh3

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from markdown_it.token import Token

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


OUR_PICTURES = "/media/"
"""Pictures in Markdown are ours: one from elsewhere would tell somebody who reads it."""
LANGUAGE = re.compile(r"language-[a-z0-9+#-]{1,30}")
TAG = re.compile(r"<[^>]*>")


def _as_written(tag: str, name: str, value: str) -> str | None:
    """Return an attribute's value if it may stay: pictures of ours, and the languages of code."""
    if (tag, name) == ("img", "src"):
        return value if value.startswith(OUR_PICTURES) and ".." not in value else None
    if (tag, name) == ("code", "class"):
        return value if LANGUAGE.fullmatch(value) else None
    return value


FROM_MARKDOWN = nh3.Cleaner(
    tags=(ALLOWED - {"div", "small", "span", "u"}) | {"img"},
    attributes={"a": {"href", "title"}, "img": {"src", "alt", "title"}, "code": {"class"}},
    attribute_filter=_as_written,
    url_schemes={"http", "https", "mailto"},
    link_rel="noopener noreferrer nofollow",
)


def render(text: str) -> str:
    """Return Markdown as HTML without anything that could run, load from elsewhere or restyle.

    CommonMark with tables and strikethrough; HTML in it is shown as text. The cleaner that HTML goes through goes over
    what came of it all the same.
    """
    return FROM_MARKDOWN.clean(RENAMED.sub(_named, _markdown()(text))).strip()


def words(rendered: str) -> str:
    """Return the words of HTML that `render` or `clean` made, in one line."""
    return " ".join(html.unescape(TAG.sub(" ", rendered)).split())


@cache
def _markdown() -> "Callable[[str], str]":
    from markdown_it import MarkdownIt  # noqa: PLC0415 - for those who write

    made = MarkdownIt("commonmark", {"html": False, "typographer": False}).enable(["table", "strikethrough"])

    def picture(self: object, tokens: "Sequence[Token]", at: int, *_more: object) -> str:  # noqa: ARG001 - markdown-it's
        token = tokens[at]
        source, alt = str(token.attrGet("src") or ""), html.escape(token.content)
        return f'<img src="{html.escape(source)}" alt="{alt}">' if source.startswith(OUR_PICTURES) else alt

    made.add_render_rule("image", picture)
    return made.render
