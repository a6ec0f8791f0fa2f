"""What Markdown becomes: nothing that runs, loads from elsewhere or restyles, whatever was written."""

import re
from html.parser import HTMLParser

import pytest

from mercat.kit.markup import render, words

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<iframe src='javascript:alert(1)'></iframe>",
    "<style>*{display:none}</style>",
    "<div style='position:fixed;inset:0'>x</div>",
    "<a href='javascript:alert(1)'>x</a>",
    "<form action='//evil.example'><input name=password></form>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<?xml version='1.0'?><x onclick=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\nscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](<javascript:alert(1)>)",
    "[x]( javascript:alert(1))",
    "[x][1]\n\n[1]: javascript:alert(1)",
    "<javascript:alert(1)>",
    "![x](javascript:alert(1))",
    "![x](https://tracker.example/pixel.gif)",
    "![x](//tracker.example/pixel.gif)",
    "![x](/media/../auth/logout)",
    '![x"onerror="alert(1)](/media/files/a.jpg)',
    '![x](/media/files/a.jpg"onerror="alert(1))',
    '[x](https://a.example "onmouseover=alert(1) x=")',
    '[x](https://a.example"onmouseover="alert(1))',
    "`<script>alert(1)</script>`",
    '```"onmouseover=alert(1)\nx\n```',
    "```html\n<script>alert(1)</script>\n```",
    '~~~js" onclick="alert(1)\nx\n~~~',
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "# <script>alert(1)</script>",
    "| <img src=x onerror=alert(1)> |\n|-|\n| <script>x</script> |",
    '<a href="https://a.example" onclick="alert(1)">x</a>',
    "[x](https://a.example){onclick=alert(1)}",
    "<b><script>alert(1)</b></script>",
    "\u2028<script\u2028>alert(1)</script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
]
TAGS = {
    "p", "h2", "h3", "em", "strong", "a", "img", "code", "pre", "table", "thead", "tbody", "tr", "th", "td", "br", "ul",
    "ol", "li", "blockquote", "hr", "s",
}  # fmt: skip


class Seen(HTMLParser):
    """What a browser would find in HTML."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_runs_and_nothing_is_loaded_from_elsewhere(text: str) -> None:
    for written in (text, f"Before\n\n{text}\n\nafter", f"> - {text}"):
        for tag, attributes in Seen(render(written)).tags:
            assert tag in TAGS
            assert set(attributes) <= {"href", "title", "rel", "src", "alt", "class"}
            assert re.match(r"(https?:|mailto:|/(?!/)|#)|$", attributes.get("href") or "")
            if tag == "a":
                assert attributes["rel"] == "noopener noreferrer nofollow"
            if "src" in attributes:
                assert str(attributes["src"]).startswith("/media/")
                assert ".." not in str(attributes["src"])
            assert re.fullmatch(r"language-[a-z0-9+#-]+", attributes.get("class") or "language-x")


def test_markdown_is_rendered() -> None:
    assert render("# A *b*\n\n[c](https://d.example) ~~e~~") == (
        '<h2>A <em>b</em></h2>\n<p><a href="https://d.example" rel="noopener noreferrer nofollow">c</a> <s>e</s></p>'
    )
    assert "<td>1</td>" in render("|a|b|\n|-|-|\n|1|2|")
    assert render("![A mug](/media/files/aa/b.jpg)") == '<p><img src="/media/files/aa/b.jpg" alt="A mug"></p>'
    assert render("![A mug](https://elsewhere.example/b.jpg)") == "<p>A mug</p>"
    assert render("a < b & c") == "<p>a &lt; b &amp; c</p>"
    assert render("```py\nx\n```") == '<pre><code class="language-py">x\n</code></pre>'


def test_words_are_what_people_read() -> None:
    assert words(render("# Tea & *milk*\n\n- one\n- <two>")) == "Tea & milk one <two>"


@pytest.mark.parametrize(
    "text",
    [
        "[" * 50_000,
        "![" * 25_000,
        ">" * 50_000,
        "*a " * 16_000,
        "*_" * 25_000,
        "[a](" * 12_500,
        "- " * 25_000,
        "<" * 50_000,
    ],
)
def test_what_is_made_to_be_slow_ends(text: str) -> None:
    assert len(render(text)) <= 10 * len(text)
