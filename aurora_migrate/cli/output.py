"""Writing to standard output and error: colour on terminals only, any encoding, closed pipes endured."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TextIO

from aurora_migrate.report.styled import Line, plain


class Output:
    """Writes reports to `stream`."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def lines(self, lines: Iterable[Line]) -> None:
        """Write lines, coloured if the stream is a terminal and the user has not said NO_COLOR."""
        if wants_colour(self._stream):
            from aurora_migrate.report.paint import painted

            self.text(painted(lines))
        else:
            self.text(plain(lines))

    def text(self, text: str) -> None:
        """Write `text` and flush. Once the reader is gone nothing more is written, and that is no error."""
        try:
            self._write(text)
            self._stream.flush()
        except BrokenPipeError:
            self._silence()

    def _write(self, text: str) -> None:
        buffer = getattr(self._stream, "buffer", None)
        if buffer is None:
            self._stream.write(text)
            return
        self._stream.flush()
        buffer.write(encoded(text, self._stream.encoding or "utf-8"))

    def _silence(self) -> None:
        # Python flushes once more at exit, and would complain then.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self._stream.fileno())
        os.close(nowhere)


def encoded(text: str, encoding: str) -> bytes:
    """`text` in `encoding`: bytes of file names as they are on disk, what cannot be written as escapes."""
    try:
        return text.encode(encoding, "surrogateescape")
    except UnicodeEncodeError:
        return text.encode(encoding, "backslashreplace")


def wants_colour(stream: TextIO) -> bool:
    """Whether escape sequences are welcome: NO_COLOR, then FORCE_COLOR decide, else there is a terminal."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"
