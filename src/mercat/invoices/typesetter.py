"""The process in which documents are typeset: it reads requests as lines of JSON and ends with its input.

Run by its path and in isolation, so that it loads the compiler and nothing of the application. The compiler keeps 60 MB
of what it has drawn, which go with the process; `typesetting` starts it, and ends it when nothing is left to draw.
"""

import json
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import typst

ROOM = Path(__file__).parent


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer each request with a line of JSON, the sizes of its pages or an error, and then the pages themselves."""
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(ROOM / "fonts")])
    templates = ROOM / "templates"
    compiler = typst.Compiler(str(templates / "invoice.typ"), root=str(templates), font_paths=fonts)
    for line in requests:
        asked = json.loads(line)
        day = datetime.fromisoformat(asked["day"]).replace(tzinfo=UTC)
        pages: list[bytes] = []
        try:
            made = compiler.compile(
                format=asked["form"], ppi=asked["ppi"], sys_inputs={"sheet": asked["sheet"]}, timestamp=day
            )
        except typst.TypstError as error:
            answer: dict[str, object] = {"error": str(error)}
        else:
            pages = [page for page in (made if isinstance(made, list) else [made]) if page is not None]
            answer = {"sizes": [len(page) for page in pages]}
        answers.write(json.dumps(answer).encode() + b"\n" + b"".join(pages))
        answers.flush()


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # meant for whoever asks us
    serve(sys.stdin.buffer, sys.stdout.buffer)
