"""Background drawing of commission documents."""

import asyncio
from hashlib import sha256
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from mercat import outbox
from mercat.invoices.commissions.document import CommissionDocument
from mercat.invoices.commissions.events import CommissionInvoiceDrawn
from mercat.invoices.commissions.models import CommissionInvoice, CommissionInvoiceFile
from mercat.invoices.commissions.pdf import draw


@outbox.job("invoices.draw_commission_invoice", lane=outbox.Lane.bulk)
async def draw_commission_invoice(context: outbox.JobContext, commission_invoice_id: str) -> None:
    """Draw a document outside of any transaction and keep the file; of two at once the first is kept and published."""
    async with context.database.primary_session() as session:
        document = await session.get_one(CommissionInvoice, UUID(commission_invoice_id))
    content = await asyncio.to_thread(draw, CommissionDocument.model_validate(document.document))
    values = {"commission_invoice_id": document.id, "content": content, "sha256": sha256(content).hexdigest()}
    keep = insert(CommissionInvoiceFile).values(values).on_conflict_do_nothing()
    async with context.database.transaction() as session:
        if await session.scalar(keep.returning(CommissionInvoiceFile.commission_invoice_id)):
            await outbox.publish(session, CommissionInvoiceDrawn(commission_invoice_id=document.id))
