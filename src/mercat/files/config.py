"""Settings of files, and where they lie."""

from typing import Annotated

from pydantic import Field, SecretStr

from mercat.kit.config import ProcessSettings, Settings, address


class FileSettings(Settings):
    """Where pictures and other files lie, and how large they may be."""

    upload_max_bytes: int = Field(10_485_760, ge=1024, description="Largest file that may be uploaded, in bytes.")
    upload_max_pixels: int = Field(
        30_000_000, ge=10_000, description="Most pixels of a picture; decoding takes 4 to 17 bytes for each."
    )
    media_url: Annotated[str, address("http", "https")] = Field(
        "", description="Where a CDN serves what is below /media; empty: the marketplace does it itself."
    )
    storage_bucket: str = Field(
        "", description="Bucket for files at an S3-compatible server; empty: they lie in the data folder."
    )
    storage_endpoint: Annotated[str, address("http", "https")] = Field(
        "", description="Where the S3-compatible server is; empty: AWS."
    )
    storage_region: str = Field("us-east-1", description="Region of the bucket.")
    storage_access_key: str = Field("", description="Access key; empty: what the machine's role gives.")
    storage_secret_key: SecretStr = Field(SecretStr(""), description="The secret of that key.")
    storage_timeout: float = Field(10.0, gt=0, description="Seconds that the storage may take for one file.")


def settings() -> FileSettings:
    """Return the settings, read once."""
    return FileSettings.read()


def data_dir() -> str:
    """Return the folder for what this machine keeps."""
    return ProcessSettings.read().data_dir
