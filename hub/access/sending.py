"""What is sent bit by bit, and who is told when it is over."""

from collections.abc import Callable, Iterable, Iterator


class Sending:
    """An iterator that says once that it is over: at its end, when it is closed, or when nobody holds it any more."""

    def __init__(self, content: Iterable[bytes], over: Callable[[], None]) -> None:
        self._content, self._over = content, [over]
        self._parts = iter(content)

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        try:
            return next(self._parts)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the content, and let the next one in."""
        while self._over:
            over = self._over.pop()
            try:
                getattr(self._content, "close", bool)()
            finally:
                over()

    __del__ = close
