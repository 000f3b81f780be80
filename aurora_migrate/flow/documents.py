"""Documents of settings as modules: what they say as a Python display whose nodes stand in their texts."""

from __future__ import annotations

from functools import cached_property, lru_cache
from pathlib import Path

import libcst as cst

from aurora_migrate.files.documents import Leaf, Node, Row, read_document
from aurora_migrate.files.project import Project
from aurora_migrate.findings import Location
from aurora_migrate.flow.modules import Module, Parsed

Spans = dict[int, tuple[int, int]]


class ParsedDocument(Parsed):
    """A document's text and the display of what it says; only texts that are spelled there have places."""

    def __init__(self, path: Path, text: str, node: Node) -> None:
        self.path = path
        self.text = text
        self._spans: Spans = {}
        display = _display(node, self._spans)
        self.tree = cst.Module([cst.SimpleStatementLine([cst.Expr(display)])])

    @cached_property
    def prints_back(self) -> bool:
        """Never: only the texts in a document can be changed, in their places."""
        return False

    def span(self, node: cst.CSTNode) -> tuple[int, int] | None:
        """Where a text stands, with a character on either side for the quotes that it has as Python."""
        return self._spans.get(id(node))

    def location(self, node: cst.CSTNode) -> Location:
        """Where a text stands; for anything else the first text in it, or the first line."""
        found = self._spans.get(id(node)) or next(
            (self._spans[id(each)] for each in _strings_in(node) if id(each) in self._spans), (-1, 1)
        )
        return self.location_of(found[0] + 1, found[1] - 1)


class Document(Module):
    """A document of the project, as a module that is one display."""

    rendered = False

    def __init__(self, path: Path, text: str, parsed: ParsedDocument, project: Project) -> None:
        super().__init__(path, path.stem, text, project, parsed)


def document_of(path: Path, text: str, project: Project) -> Document | None:
    """The document as a module; None where it is none, or in no format that is followed."""
    parsed = _parsed_document(path, text)
    return Document(path, text, parsed, project) if parsed is not None else None


@lru_cache(maxsize=256)
def _parsed_document(path: Path, text: str) -> ParsedDocument | None:
    node = read_document(path, text)
    return ParsedDocument(path, text, node) if node is not None and not isinstance(node, Leaf) else None


def _display(node: Node, spans: Spans) -> cst.BaseExpression:
    if isinstance(node, Leaf):
        return _literal(node, spans)
    if isinstance(node, Row):
        return cst.List([cst.Element(_display(each, spans)) for each in node.items])
    return cst.Dict(
        [cst.DictElement(_literal(key, spans), _display(value, spans)) for key, value in node.items]
    )


def _literal(leaf: Leaf, spans: Spans) -> cst.BaseExpression:
    if not isinstance(leaf.value, str):
        return cst.Name("None")
    plain = leaf.start >= 0 and leaf.value.isprintable() and not set("\"'\\") & set(leaf.value)
    made = cst.SimpleString(f'"{leaf.value}"' if plain else repr(leaf.value))
    if plain:
        spans[id(made)] = (leaf.start - 1, leaf.end + 1)
    return made


def _strings_in(node: cst.CSTNode) -> list[cst.SimpleString]:
    held: list[cst.SimpleString] = [node] if isinstance(node, cst.SimpleString) else []
    for child in node.children:
        held.extend(_strings_in(child))
    return held
