"""Files of a folder that anybody may have, with a word about who keeps them for how long."""

from typing import Any

from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from mercat.kit.conditional import CHECKED


class PublicFiles(StaticFiles):
    """Static files with one `Cache-Control`; when nothing is said they are kept and asked about each time."""

    cache_control = CHECKED.decode()

    def file_response(self, *args: Any, **kwargs: Any) -> Response:  # noqa: ANN401 - passed through as they come
        """Return a file with the policy of public files."""
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = self.cache_control
        return response
