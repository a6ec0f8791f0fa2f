"""How files can be refused."""

from collections.abc import Mapping
from typing import ClassVar

from mercat.kit.problems import Conflict, Invalid, Malformed, NotFound, Unavailable


class BadUpload(Malformed):
    """No multipart form, or one that is cut off, or too many parts."""

    code = "files.bad_upload"
    detail = "The upload could not be read. Send a multipart form with at most {most} files in the field `file`."


class NoFile(Invalid):
    """A form without a file."""

    code = "files.no_file"
    detail = "The form holds no file. Put it into the field `file`."


class UnknownKind(Invalid):
    """What the bytes are, whatever their name and type say, is nothing that is taken here."""

    code = "files.unknown_kind"
    detail = "This is no file of a kind that is taken here: {kinds}."


class PictureBroken(Invalid):
    """Cut off, or made to look like a picture."""

    code = "files.picture_broken"
    detail = "The picture cannot be decoded. It may be cut off or damaged."


class TooManyPixels(Invalid):
    """A picture that is small as a file and huge once it is decoded."""

    code = "files.too_many_pixels"
    detail = "The picture has more than {limit} pixels."


class UploadExpired(Conflict):
    """A file that waited too long for what it was uploaded for."""

    code = "files.upload_expired"
    detail = "The file was taken away because nothing came of its upload. Upload it again."


class FileNotFound(NotFound):
    """No such file, or a link that is not valid any more."""

    code = "files.not_found"
    detail = "There is no such file, or the link to it is not valid any more."


class StorageAway(Unavailable):
    """The storage does not answer, or takes nothing. Nothing else depends on it."""

    code = "files.storage_away"
    detail = "Files cannot be stored or read right now. Everything else goes on; try again in a moment."
    headers: ClassVar[Mapping[str, str]] = {"Retry-After": "15"}
