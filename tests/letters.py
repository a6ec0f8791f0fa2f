"""What arrives in people's mailboxes: the worker's work, done now, and the letters that it wrote."""

import email
import email.policy
import re
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from shopping import Shop

LINK = re.compile(r"(http://\S+/([a-z-]+)\?token=([A-Za-z0-9_-]+))")


@dataclass(frozen=True)
class Letter:
    """A message as its reader sees it."""

    to: str
    subject: str
    text: str
    html: str

    @property
    def link(self) -> str:
        """The whole address of the one link."""
        return LINK.findall(self.text)[0][0]

    @property
    def page(self) -> str:
        """The page that the link leads to; empty without a link."""
        return next((found[1] for found in LINK.findall(self.text)), "")

    @property
    def token(self) -> str:
        """The secret in the one link of the message; both bodies have the same one."""
        in_text = {found[2] for found in LINK.findall(self.text)}
        assert len(in_text) == 1, self.text
        assert in_text.pop() in self.html
        return LINK.findall(self.text)[0][2]


@dataclass
class Mailbox:
    """A maildir, and the worker that fills it."""

    shop: Shop
    folder: Path

    async def work(self) -> None:
        """Do what is queued."""
        await self.shop.handle_events()

    async def letters(self) -> list[Letter]:
        """Do what is queued, then return and remove what has arrived, in the order in which it was written."""
        await self.work()
        found: list[tuple[str, Letter]] = []
        for path in self.folder.iterdir() if self.folder.exists() else ():
            message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            assert isinstance(message, EmailMessage)
            bodies = [message.get_body((kind,)) for kind in ("plain", "html")]
            text, html = (body.get_content() for body in bodies if body is not None)
            found.append((message["Message-ID"], Letter(message["To"], message["Subject"], text, html)))
            path.unlink()
        return [letter for _, letter in sorted(found, key=lambda one: one[0])]

    async def only(self, to: str) -> Letter:
        """Return the one letter that arrived, which went to this address."""
        letters = await self.letters()
        assert [letter.to for letter in letters] == [to]
        return letters[0]
