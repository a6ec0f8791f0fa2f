"""HTML that came of Markdown as plain text, for readers whose program shows no HTML."""

from html.parser import HTMLParser

BLOCKS = {"blockquote", "dd", "dl", "dt", "h2", "h3", "h4", "h5", "h6", "p", "pre", "table"}
NESTED = {"ol", "ul"}
INDENT = "  "


def plain_text(html: str) -> str:
    """Return sanitised HTML as text: blank lines between blocks, dashes and numbers before items, links in brackets."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.result()


class _Reader(HTMLParser):
    """Collects lines. A link's address follows its words unless it is what they say."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[str] = []
        self.line = ""
        self.begins = ""
        self.nesting: list[int | None] = []
        self.links: list[tuple[str, int]] = []
        self.cells = 0
        self.verbatim = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a block, an item, a row or a link."""
        found = dict(attrs)
        if tag in BLOCKS:
            self._end(blank=not self.begins)
            self.verbatim = tag == "pre"
        elif tag in NESTED:
            self._end(blank=not self.nesting)
            self.nesting.append(1 if tag == "ol" else None)
        elif tag == "li":
            self._end()
            self.begins = INDENT * (len(self.nesting) - 1) + self._mark()
        elif tag == "tr":
            self._end()
            self.cells = 0
        elif tag in {"td", "th"}:
            self.line += INDENT if self.cells else ""
            self.cells += 1
        elif tag == "br":
            self.line += "\n"
        elif tag == "hr":
            self._end(blank=True)
            self.line = "* * *"
            self._end(blank=True)
        elif tag == "img":
            self.line += found.get("alt") or ""
        elif tag == "a":
            self.links.append((found.get("href") or "", len(self.line)))

    def handle_endtag(self, tag: str) -> None:
        """End what was begun."""
        if tag in BLOCKS:
            self.verbatim = False
            self._end(blank=not self.nesting)
        elif tag in NESTED:
            self._end()
            if self.nesting:
                self.nesting.pop()
            if not self.nesting:
                self._end(blank=True)
        elif tag in {"li", "tr"}:
            self._end()
        elif tag == "a" and self.links:
            href, begun = self.links.pop()
            said = self.line[begun:].strip()
            if href and href not in {said, f"mailto:{said}"}:
                self.line += f" ({href})" if said else href

    def handle_data(self, data: str) -> None:
        """Take words; blanks and line breaks between them are one blank, but where text is verbatim."""
        if self.verbatim:
            self.line += data
            return
        words = " ".join(data.split())
        if not words:
            self.line += " " if self.line.strip() and not self.line[-1].isspace() else ""
            return
        before = " " if data[0].isspace() and self.line and not self.line[-1].isspace() else ""
        self.line += before + words + (" " if data[-1].isspace() else "")

    def result(self) -> str:
        """Return everything, without blank lines around it."""
        self._end()
        text = "\n".join(self.blocks)
        while "\n\n\n" in text:
            text = text.replace("\n\n\n", "\n\n")
        return text.strip("\n")

    def _mark(self) -> str:
        number = self.nesting[-1] if self.nesting else None
        if number is None:
            return "- "
        self.nesting[-1] = number + 1
        return f"{number}. "

    def _end(self, *, blank: bool = False) -> None:
        """End a line; what begins it is written once, and further lines of an item stand below its words."""
        lines = [one.rstrip() for one in self.line.strip("\n").split("\n")]
        if any(lines):
            indent = " " * len(self.begins) or INDENT * len(self.nesting)
            self.blocks += [(self.begins if at == 0 and self.begins else indent) + one for at, one in enumerate(lines)]
            self.begins = ""
        self.line = ""
        if blank:
            self.blocks.append("")
