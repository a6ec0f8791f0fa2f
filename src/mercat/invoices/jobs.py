"""Background drawing of documents, and erasure of buyers when the law allows it."""

import asyncio
from hashlib import sha256
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert

from mercat import outbox
from mercat.invoices.document import Document
from mercat.invoices.events import InvoiceDrawn
from mercat.invoices.models import Invoice, InvoiceFile
from mercat.invoices.pdf import draw


@outbox.job("invoices.draw_invoice")
async def draw_invoice(context: outbox.JobContext, invoice_id: str) -> None:
    """Draw a document outside of any transaction and keep the file; of two at once the first is kept and published."""
    await _draw(context, UUID(invoice_id), told=True)


@outbox.job("invoices.draw_past_invoice", lane=outbox.Lane.bulk)
async def draw_past_invoice(context: outbox.JobContext, invoice_id: str) -> None:
    """Draw a backfilled document like `draw_invoice`, without publishing it."""
    await _draw(context, UUID(invoice_id), told=False)


async def _draw(context: outbox.JobContext, invoice_id: UUID, *, told: bool) -> None:
    async with context.database.primary_session() as session:
        document = await session.get_one(Invoice, invoice_id)
    content = await asyncio.to_thread(draw, Document.model_validate(document.document))
    values = {"invoice_id": document.id, "content": content, "sha256": sha256(content).hexdigest()}
    keep = insert(InvoiceFile).values(values).on_conflict_do_nothing().returning(InvoiceFile.invoice_id)
    async with context.database.transaction() as session:
        if await session.scalar(keep) and told:
            await outbox.publish(session, InvoiceDrawn(invoice_id=document.id, order_id=document.order_id))


@outbox.every(outbox.daily(4, 29), "invoices.forget_buyers", lane=outbox.Lane.bulk)
async def forget_buyers(context: outbox.JobContext) -> None:
    """Erase the buyers from documents that need not be kept any more, and their files; numbers and sums stay."""
    async with context.database.transaction() as session:
        await session.execute(text("SELECT forget_buyers_of_invoices()"))
