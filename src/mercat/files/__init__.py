"""Pictures and other files: taken in, cleaned, kept in a folder or a bucket, drawn in the sizes that pages show.

A room that lets people upload something has a `Purpose` and takes three steps. Outside of any transaction, after it
has asked for rights: `async with received(request, actor, most=10) as form`, then `ids = await accept(database, actor,
form.files, PURPOSE)`. In the transaction of what the files are for: `await keep(session, id, belongs_to)`, and its
own row with a foreign key to `files.id`. When that row goes: `release(session, ids)` in the same transaction. What
`keep` returns, and `read` later, has the address; private files have none but what `private_url` makes. Write
addresses down as `written_url` has them and show them as `public_url` does.

Owns: files.
Calls: auth, outbox.
Publishes: PictureReady.
Listens: nothing.
"""

from mercat.files import jobs
from mercat.files.downloads import router
from mercat.files.exceptions import (
    BadUpload,
    FileNotFound,
    NoFile,
    PictureBroken,
    StorageAway,
    TooManyPixels,
    UnknownKind,
    UploadExpired,
)
from mercat.files.links import picture, picture_of, public_url, renditions_of, written_url
from mercat.files.models import Drawn
from mercat.files.personal import forget, record_of
from mercat.files.schemas import FileRead, FileRecord, Picture, Rendition
from mercat.files.service import Purpose, accept, for_update, ids_by_url, keep, pictures, private_url, read, release
from mercat.files.storage import whereabouts
from mercat.files.upload_reader import LONGEST_ALT, Form, form, received

REFUSED = (BadUpload, NoFile, UnknownKind, PictureBroken, TooManyPixels, UploadExpired, StorageAway)
"""What every route that takes uploads may answer, for its `responses=`."""

__all__ = [
    "LONGEST_ALT",
    "REFUSED",
    "Drawn",
    "FileNotFound",
    "FileRead",
    "FileRecord",
    "Form",
    "Picture",
    "Purpose",
    "Rendition",
    "StorageAway",
    "accept",
    "for_update",
    "forget",
    "form",
    "ids_by_url",
    "jobs",
    "keep",
    "picture",
    "picture_of",
    "pictures",
    "private_url",
    "public_url",
    "read",
    "received",
    "record_of",
    "release",
    "renditions_of",
    "router",
    "whereabouts",
    "written_url",
]
