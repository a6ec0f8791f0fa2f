"""Settings of imports."""

from pydantic import Field

from mercat.kit.config import Settings


class ImportSettings(Settings):
    """How much of a product file is read."""

    import_max_bytes: int = Field(
        268_435_456, ge=1_048_576, description="Bytes of a product file that are read, unpacked if it is compressed."
    )
    import_decimal_comma: bool = Field(
        default=False, description="Read 1.234,50 in product files as 1234.50; amounts with a point are read as ever."
    )
    import_max_rows: int = Field(250_000, ge=1_000, description="Rows of a product file that are read.")


def settings() -> ImportSettings:
    """Return the settings, read once."""
    return ImportSettings.read()
