"""Reference rates in the European Central Bank's XML format: of a day, or of ninety.

Nothing of the file is believed before all of it was read: it declares no entities, is no longer than it may be, and
names each day and currency once. The address is an operator's setting; redirects are not followed.
"""

import asyncio
import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from xml.parsers import expat

from mercat.exchange.provider import DailyRates, RatesUnusable
from mercat.kit import clock
from mercat.kit.currencies import EXPONENTS

EURO = "EUR"
SOURCE = "ecb"
CUBE = "http://www.ecb.int/vocabulary/2002-08-01/eurofxref Cube"
MOST_BYTES = 1 << 20
MOST_DAYS = 200
MOST_CURRENCIES = 300
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
CODE = re.compile(r"[A-Z]{3}", re.ASCII)
RATE = re.compile(r"[0-9]{1,9}(\.[0-9]{1,10})?", re.ASCII)


class EcbRates:
    """The file at an address."""

    source = SOURCE

    def __init__(self, url: str, seconds: float) -> None:
        self.url, self.seconds = url, seconds

    async def read(self) -> Sequence[DailyRates]:
        """Fetch and read the file.

        Raises:
            RatesUnusable: it cannot be had in time, is too long, or is no file of rates.
        """
        return parse(await self._fetch())

    async def _fetch(self) -> bytes:
        import httpx2  # noqa: PLC0415 - for the worker of a marketplace with several currencies alone

        # compressed bytes are refused: a short answer could unpack to any length
        headers = {"Accept": "application/xml, text/xml", "Accept-Encoding": "identity"}
        content = bytearray()
        try:
            async with (
                asyncio.timeout(self.seconds),
                httpx2.AsyncClient(timeout=self.seconds, follow_redirects=False) as client,
                client.stream("GET", self.url, headers=headers) as answer,
            ):
                if answer.status_code != 200:
                    raise RatesUnusable(f"the server answers {answer.status_code}")
                if answer.headers.get("content-encoding", "identity") != "identity":
                    raise RatesUnusable("the file is compressed")
                async for part in answer.aiter_raw():
                    content += part
                    if len(content) > MOST_BYTES:
                        raise RatesUnusable("the file is too long")
        except TimeoutError:
            raise RatesUnusable(f"the file did not arrive within {self.seconds:g} seconds") from None
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
            raise RatesUnusable(f"the server cannot be read ({type(error).__name__})") from None
        return bytes(content)


def parse(content: bytes) -> list[DailyRates]:
    """Read a file, the newest day last.

    Raises:
        RatesUnusable: it is no whole and plain file of rates.
    """
    reader = _Reader()
    try:
        reader.parser.Parse(content, True)  # noqa: FBT003 - expat takes no keywords
    except (expat.ExpatError, LookupError, ValueError, UnicodeError):
        raise RatesUnusable("the file is no XML") from None
    if not reader.days:
        raise RatesUnusable("the file has no rates")
    if any(not rates for rates in reader.days.values()):
        raise RatesUnusable("a day has no rates")
    if max(reader.days) > clock.now().date() + timedelta(days=1):
        raise RatesUnusable("the rates are of a day to come")
    return [
        DailyRates(day, EURO, {code: rate for code, rate in rates.items() if code in EXPONENTS})
        for day, rates in sorted(reader.days.items())
    ]


class _Reader:
    """Collects days and rates while expat reads."""

    def __init__(self) -> None:
        self.days: dict[date, dict[str, Decimal]] = {}
        self._depth = 0
        self._day: tuple[int, dict[str, Decimal]] | None = None
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.StartDoctypeDeclHandler = _refuse_declarations
        self.parser.EntityDeclHandler = _refuse_declarations

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._depth += 1
        if name != CUBE:
            return
        if "time" in attributes:
            self._begin(attributes["time"])
        elif "currency" in attributes or "rate" in attributes:
            self._take(attributes.get("currency", ""), attributes.get("rate", ""))

    def _end(self, _name: str) -> None:
        if self._day is not None and self._day[0] == self._depth:
            self._day = None
        self._depth -= 1

    def _begin(self, written: str) -> None:
        try:
            day = date.fromisoformat(written) if DAY.fullmatch(written) else None
        except ValueError:
            day = None
        if day is None or day in self.days or self._day is not None or len(self.days) == MOST_DAYS:
            raise RatesUnusable("the file has a day that is none, or twice")
        self._day = self._depth, self.days.setdefault(day, {})

    def _take(self, code: str, rate: str) -> None:
        if self._day is None or not CODE.fullmatch(code) or not RATE.fullmatch(rate) or not Decimal(rate):
            raise RatesUnusable("the file has a rate that is none")
        rates = self._day[1]
        if code in rates or code == EURO or len(rates) == MOST_CURRENCIES:
            raise RatesUnusable("the file has a currency twice")
        rates[code] = Decimal(rate)


def _refuse_declarations(*_: object) -> None:
    raise RatesUnusable("the file declares entities")
