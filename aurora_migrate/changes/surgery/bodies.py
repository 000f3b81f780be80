"""Statements of a block: some left out, some put in, comments and blank lines as a person leaves them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import libcst as cst

from aurora_migrate.changes.surgery.brackets import without_own_comments
from aurora_migrate.changes.surgery.marks import Marks
from aurora_migrate.changes.surgery.tree import Refused

Statement = cst.SimpleStatementLine | cst.BaseCompoundStatement


@dataclass(slots=True)
class Block:
    """The statements that remain, and the comment lines that stood above removed ones at the end."""

    statements: list[Statement] = field(default_factory=list)
    rest: list[cst.EmptyLine] = field(default_factory=list)


def rewritten_block(
    original: Sequence[cst.BaseStatement],
    updated: Sequence[cst.BaseStatement],
    marks: Marks,
    config: cst.Module,
    after_header: bool = False,
) -> Block:
    """The block after the marks; `after_header`: comments stand above its first statement."""
    block = Block()
    pending: list[cst.EmptyLine] | None = None
    for old, new in zip(original, updated, strict=True):
        assert isinstance(new, (cst.SimpleStatementLine, cst.BaseCompoundStatement))
        at_start = not block.statements and not after_header
        lines = _leading(new)
        if id(old) in marks.gone:
            kept = without_own_comments(lines)
            pending = kept if pending is None else joined(pending, kept, at_start)
            arrivals = _arrivals(old, marks, config)
            if arrivals:
                first = arrivals[0].with_changes(leading_lines=pending)
                block.statements.extend([first, *arrivals[1:]])
                pending = None
            continue
        if pending is not None:
            new = new.with_changes(leading_lines=joined(pending, lines, at_start))
            pending = None
        block.statements.extend(_with_neighbours(old, new, marks, config, bool(block.statements)))
    block.rest = _trimmed(pending or [])
    return block


def joined(above: list[cst.EmptyLine], below: Sequence[cst.EmptyLine], at_start: bool) -> list[cst.EmptyLine]:
    """Two runs of lines that meet where a statement has gone, without doubled blank lines."""
    tail = _blanks(list(reversed(above)))
    head = _blanks(below)
    if at_start and tail == len(above):
        return [*above, *below[head:]]
    blanks = above[len(above) - tail :] if tail >= head else list(below[:head])
    return [*above[: len(above) - tail], *blanks, *below[head:]]


def _blanks(lines: Sequence[cst.EmptyLine]) -> int:
    count = 0
    while count < len(lines) and lines[count].comment is None:
        count += 1
    return count


def _trimmed(lines: list[cst.EmptyLine]) -> list[cst.EmptyLine]:
    while lines and lines[-1].comment is None:
        lines = lines[:-1]
    return lines


def _leading(statement: Statement) -> list[cst.EmptyLine]:
    found: Sequence[cst.EmptyLine] = getattr(statement, "leading_lines", ())
    return list(found)


def _arrivals(old: cst.BaseStatement, marks: Marks, config: cst.Module) -> list[Statement]:
    anchors = [old, *old.body] if isinstance(old, cst.SimpleStatementLine) else [old]
    places = (marks.before, marks.after)
    return [one for place in places for anchor in anchors for one in _parsed(place, anchor, config)]


def _parsed(sources: dict[int, list[str]], anchor: cst.CSTNode, config: cst.Module) -> list[Statement]:
    return [one for source in sources.get(id(anchor), ()) for one in parsed_statements(source, config)]


def _with_neighbours(
    old: cst.BaseStatement, new: Statement, marks: Marks, config: cst.Module, follows: bool
) -> list[Statement]:
    above = _parsed(marks.before, old, config)
    below = _parsed(marks.after, old, config)
    if isinstance(old, cst.SimpleStatementLine):
        above += _parsed(marks.before, old.body[0], config)
        below = _parsed(marks.after, old.body[-1], config) + below
    if above and id(old) in marks.spaced:
        lines = _leading(new)
        blank = cst.EmptyLine(indent=False)
        above[0] = above[0].with_changes(leading_lines=[blank] if follows else [])
        if not _blanks(lines):
            wide = isinstance(new, (cst.FunctionDef, cst.ClassDef))
            new = new.with_changes(leading_lines=[blank, *([blank] if wide else []), *lines])
    elif above:
        lines = _leading(new)
        kept = without_own_comments(lines)
        above[0] = above[0].with_changes(leading_lines=kept)
        new = new.with_changes(leading_lines=lines[len(kept) :])
    return [*above, new, *below]


def parsed_statements(source: str, config: cst.Module) -> list[Statement]:
    """The statements of a source text, to be put into a module written like `config`."""
    try:
        module = cst.parse_module(source, config=config.config_for_parsing)
    except cst.ParserSyntaxError as error:
        raise Refused(f"the new statement is no valid Python: {source!r}") from error
    found: list[Statement] = []
    for statement in module.body:
        assert isinstance(statement, (cst.SimpleStatementLine, cst.BaseCompoundStatement))
        found.append(statement)
    return found


def small_statements(source: str, config: cst.Module) -> list[cst.BaseSmallStatement]:
    """The same for a place where only simple statements can stand."""
    found: list[cst.BaseSmallStatement] = []
    for statement in parsed_statements(source, config):
        if not isinstance(statement, cst.SimpleStatementLine):
            raise Refused("a block cannot stand in a one-line suite")
        found.extend(statement.body)
    return found


def rewritten_line(
    original: Sequence[cst.BaseSmallStatement],
    updated: Sequence[cst.BaseSmallStatement],
    marks: Marks,
    config: cst.Module,
    inline: bool,
) -> list[cst.BaseSmallStatement]:
    """The simple statements of one line; `inline`: also what comes before its first and after its last."""
    kept: list[cst.BaseSmallStatement] = []
    for index, (old, new) in enumerate(zip(original, updated, strict=True)):
        if inline or index > 0:
            for source in marks.before.get(id(old), ()):
                kept.extend(small_statements(source, config))
        if id(old) not in marks.gone:
            kept.append(new)
        if inline or index < len(original) - 1:
            for source in marks.after.get(id(old), ()):
                kept.extend(small_statements(source, config))
    ends_open = original[-1].semicolon
    default = cst.Semicolon(whitespace_after=cst.SimpleWhitespace(" "))
    result: list[cst.BaseSmallStatement] = []
    for index, statement in enumerate(kept):
        between = statement.semicolon if isinstance(statement.semicolon, cst.Semicolon) else default
        if isinstance(ends_open, cst.Semicolon) and statement.semicolon is ends_open:
            between = default
        result.append(statement.with_changes(semicolon=ends_open if index == len(kept) - 1 else between))
    return result
