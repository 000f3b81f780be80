"""Reading and encoding Python source: PEP 263 cookies, BOMs, and bytes that are no program."""

from __future__ import annotations

import codecs
import tokenize
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from aurora_migrate.findings import Applicability, Certainty, Finding, Location, Position

if TYPE_CHECKING:
    from aurora_migrate.files.notebook import Notebook

NOTEBOOK = ".ipynb"
"""What the names of Jupyter's files end in; what reads them is imported when there is one."""
DATA = ".json"
"""What the names of the data files end in that tests read their bodies from."""
UNREADABLE_CODE = "AUR001"
UNREADABLE_NAME = "unreadable-file"

# Python refuses these as source; named here so that the user learns what the file is.
_WIDE_BOMS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)


class UnreadableFile(Exception):
    """A file that cannot be worked on; `reason` is a clause that completes "this file ..."."""

    def __init__(self, path: Path, reason: str) -> None:
        self.path = path
        self.reason = reason
        super().__init__(f"{path}: {reason}")

    def finding(self) -> Finding:
        """The error as reports show it: AUR001 at the top of the file."""
        top = Position(1, 1)
        return Finding(
            rule=UNREADABLE_CODE,
            name=UNREADABLE_NAME,
            location=Location(self.path, top, top),
            message=self.reason,
            certainty=Certainty.PROVEN,
            applicability=Applicability.MANUAL,
        )


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file's decoded text, newlines as on disk, and what it takes to encode it again.

    Of a notebook, `text` is the program of its code cells.
    """

    path: Path
    text: str
    encoding: str = "utf-8"
    bom: bool = False
    notebook: Notebook | None = field(default=None, compare=False, repr=False)


def read_source(path: Path) -> SourceFile:
    """The decoded file. Raises UnreadableFile when it cannot be read, or is no text that Python would run."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableFile(path, os_reason(error)) from error
    return decode(path, data)


def decode(path: Path, data: bytes) -> SourceFile:
    """`data`, which is the content of `path`, decoded by its BOM and its PEP 263 cookie, else as UTF-8."""
    source = _decode(path, data)
    return source if path.suffix != NOTEBOOK else _as_program(source, data)


def _as_program(source: SourceFile, data: bytes) -> SourceFile:
    """A notebook's file as the program of its cells."""
    from aurora_migrate.files import notebook

    try:
        found = notebook.read(source.text)
        program = replace(source, text=found.program, notebook=found)
        exact = encode(program, program.text) == data
    except notebook.NotANotebook as error:
        raise UnreadableFile(source.path, str(error)) from error
    if not exact:
        raise UnreadableFile(source.path, "is a notebook that cannot be written back byte for byte")
    return program


def _decode(path: Path, data: bytes) -> SourceFile:
    for wide, name in _WIDE_BOMS:
        if data.startswith(wide):
            raise UnreadableFile(path, f"is encoded in {name}, which Python does not read")
    if b"\0" in data:
        raise UnreadableFile(path, "holds NUL bytes, so it is no Python source")
    bom = data.startswith(codecs.BOM_UTF8)
    encoding = _encoding(path, data)
    try:
        text = data[len(codecs.BOM_UTF8) if bom else 0 :].decode(encoding)
        source = SourceFile(path, text, encoding, bom)
        exact = encode(source, text) == data
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UnreadableFile(path, f"cannot be decoded as {encoding}: bad byte in line {line}") from error
    except (LookupError, ValueError) as error:
        raise UnreadableFile(path, f"cannot be decoded as {encoding}: {error}") from error
    if not exact:
        # Some codecs (UTF-7, ISO-2022) have several spellings of one text: writing would change other bytes.
        raise UnreadableFile(
            path, f"is encoded in {encoding} in a way that cannot be written back byte for byte"
        )
    return source


def encode(source: SourceFile, new_text: str) -> bytes:
    """The bytes of `new_text` in the encoding of `source`, with its BOM. Raises UnicodeEncodeError.

    Of a notebook, all but the changed lines of its cells stays as it is. Raises UnreadableFile where the
    cells of the text are not those of the notebook.
    """
    if source.notebook is not None:
        from aurora_migrate.files import notebook

        try:
            new_text = source.notebook.with_program(new_text)
        except notebook.NotANotebook as error:
            raise UnreadableFile(source.path, str(error)) from error
    return (codecs.BOM_UTF8 if source.bom else b"") + new_text.encode(source.encoding)


def os_reason(error: OSError) -> str:
    """Why the system refused, as a clause that completes "this file ..."."""
    return f"cannot be read: {(error.strerror or type(error).__name__).lower()}"


def _encoding(path: Path, data: bytes) -> str:
    lines = iter(_first_two_lines(data))
    try:
        encoding, _ = tokenize.detect_encoding(lambda: next(lines, b""))
    except SyntaxError as error:
        if str(error).startswith("invalid or missing"):
            raise UnreadableFile(path, "is not valid UTF-8 and declares no other encoding") from error
        raise UnreadableFile(path, f"declares an encoding that Python cannot use: {error}") from error
    return "utf-8" if encoding == "utf-8-sig" else encoding


def _first_two_lines(data: bytes) -> list[bytes]:
    """The only lines a cookie may stand in; a bare carriage return ends a line, as it does for Python."""
    lines = []
    start = 0
    for _ in range(2):
        ends = [end for end in (data.find(b"\n", start), data.find(b"\r", start)) if end != -1]
        end = min(ends, default=len(data))
        lines.append(data[start:end] + b"\n")
        start = end + (2 if data[end : end + 2] == b"\r\n" else 1)
    return lines
