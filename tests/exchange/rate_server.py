"""A server of rates, as real as the European Central Bank's: files of its shape, and everything that can be wrong."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta

DAILY = {
    "USD": "1.0842", "JPY": "163.18", "BGN": "1.9558", "CZK": "25.312", "DKK": "7.4588", "GBP": "0.83298",
    "HUF": "408.73", "PLN": "4.3418", "RON": "4.9763", "SEK": "11.5235", "CHF": "0.9311", "ISK": "145.10",
    "NOK": "11.6995", "TRY": "36.5430", "AUD": "1.6706", "BRL": "6.2848", "CAD": "1.5156", "CNY": "7.8493",
    "HKD": "8.4375", "IDR": "17265.46", "ILS": "3.9493", "INR": "91.8060", "KRW": "1513.55", "MXN": "22.2067",
    "MYR": "4.8415", "NZD": "1.8360", "PHP": "63.686", "SGD": "1.4521", "THB": "37.145", "ZAR": "19.3005",
}  # fmt: skip
"""What a day's file lists."""


def file_of(*days: tuple[date, dict[str, str]]) -> bytes:
    """Write a file as the bank does, the newest day first."""

    def cubes_of(rates: dict[str, str]) -> str:
        return "".join(f"<Cube currency='{code}' rate='{rate}'/>" for code, rate in rates.items())

    cubes = "".join(f"<Cube time='{day}'>{cubes_of(rates)}</Cube>" for day, rates in days)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" '
        'xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">\n'
        "\t<gesmes:subject>Reference rates</gesmes:subject>\n\t<gesmes:Sender>\n"
        "\t\t<gesmes:name>European Central Bank</gesmes:name>\n\t</gesmes:Sender>\n"
        f"\t<Cube>{cubes}</Cube>\n</gesmes:Envelope>"
    ).encode()


def ninety_days(until: date) -> bytes:
    """Write the file of ninety days: working days only, each a little different."""
    days = [until - timedelta(days=n) for n in range(90)]
    return file_of(
        *((day, {**DAILY, "USD": f"1.{800 + day.day:04}"}) for day in days if day.weekday() < 5 or day == until)
    )


@dataclass
class RateServer:
    """Says what it is told to say."""

    url: str
    body: bytes = b""
    status: str = "200 OK"
    headers: dict[str, str] = field(default_factory=dict)
    stalls: bool = False
    asked: list[str] = field(default_factory=list)

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
        except asyncio.IncompleteReadError:  # the other side has had enough already
            writer.close()
            return
        self.asked.append(head.split()[1])
        headers = {"Content-Type": "text/xml", "Content-Length": str(len(self.body)), **self.headers}
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        with suppress(OSError):
            writer.write(f"HTTP/1.1 {self.status}\r\nConnection: close\r\n{lines}\r\n".encode())
            writer.write(self.body[: len(self.body) // 2 if self.stalls else None])
            await writer.drain()
            if self.stalls:
                await reader.read()  # until the other side has had enough
            writer.close()
            await writer.wait_closed()
