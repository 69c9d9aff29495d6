"""The pages of a list."""

from gatewright.cluster.api import MOST_BYTES, Api, TooLarge


class Pager:
    """Reads a list by its pages. Where one has too many bytes, smaller ones are asked for from then on."""

    def __init__(self, api: Api, path: str, *, objects: int, size: int, timeout: float) -> None:
        """Takes what to read, how many objects and bytes a page has at most, and how many seconds it may take.

        A single object may have as many bytes as any answer.
        """
        self._api = api
        self._path = path
        self._limit = objects
        self._size = size
        self._timeout = timeout

    def read(self, following: str = "") -> bytes:
        """The first page, or the one where another said that the list goes on.

        Raises:
            NoPath, Forbidden, Gone: the API server says so.
            Unavailable: it cannot be read.
        """
        query = {"continue": following} if following else {}
        while True:
            most = self._size if self._limit > 1 else MOST_BYTES
            try:
                return self._api.read(self._path, timeout=self._timeout, most=most, limit=self._limit, **query)
            except TooLarge:
                if self._limit == 1:
                    raise
                self._limit = max(self._limit // 4, 1)
