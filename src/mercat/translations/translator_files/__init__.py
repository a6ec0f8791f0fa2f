"""Texts as files for translators: out as CSV or XLIFF 2, and back in by a job.

Owns: imports of translations.
Calls: files, auth, outbox, i18n.
Publishes: nothing.
Listens: nothing.
"""

from mercat.translations.translator_files import jobs
from mercat.translations.translator_files.export import exported
from mercat.translations.translator_files.file_forms import open_rows
from mercat.translations.translator_files.importer import Report, take_rows
from mercat.translations.translator_files.router import router
from mercat.translations.translator_files.rows import BadFile
from mercat.translations.translator_files.service import everything, write

__all__ = ["BadFile", "Report", "everything", "exported", "jobs", "open_rows", "router", "take_rows", "write"]
