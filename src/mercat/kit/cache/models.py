"""The generations of what answers show."""

from sqlalchemy import BigInteger, Identity
from sqlalchemy.orm import Mapped, mapped_column

from mercat.kit.models import Base


class CacheGeneration(Base):
    """A log of random numbers by tag; all of a tag's, combined by XOR, are its generation.

    Triggers append one in the transaction of each change. Appending waits for nobody, and a generation that was left
    never comes back, also if a backup is restored or the table is emptied.
    """

    __tablename__ = "cache_generations"
    # rows live for seconds, and every reader looks at all of them
    __table_args__ = ({"postgresql_with": {"autovacuum_vacuum_scale_factor": 0, "autovacuum_vacuum_threshold": 500}},)
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    tag: Mapped[str]
    delta: Mapped[int] = mapped_column(BigInteger)
