"""Comma-separated things in brackets: taking one out or putting one in, with the layout of the rest kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import libcst as cst

Item = cst.Arg | cst.Element | cst.StarredElement | cst.DictElement | cst.StarredDictElement | cst.ImportAlias
Holder = cst.Call | cst.Dict | cst.List | cst.Tuple | cst.Set | cst.ImportFrom | cst.Import
Gap = cst.BaseParenthesizableWhitespace
ITEMS = (cst.Arg, cst.Element, cst.StarredElement, cst.DictElement, cst.StarredDictElement, cst.ImportAlias)
HOLDERS = (cst.Call, cst.Dict, cst.List, cst.Tuple, cst.Set, cst.ImportFrom, cst.Import)

NOTHING = cst.SimpleWhitespace("")
SPACE = cst.SimpleWhitespace(" ")


@dataclass(slots=True)
class Row:
    """The items, the white space around them (one gap more than items), and whether a comma ends them."""

    items: list[Item]
    gaps: list[Gap]
    trailing: bool = False
    before_commas: list[Gap] = field(default_factory=list)

    def remove(self, index: int) -> None:
        first, last = index == 0, index == len(self.items) - 1
        gap = _closed(self.gaps[index], self.gaps[index + 1], first, last)
        self.gaps[index : index + 2] = [gap]
        del self.items[index]
        del self.before_commas[index]
        if not self.items:
            self.trailing = False
            if not _comments(gap):
                self.gaps = [NOTHING]

    def insert(self, index: int, item: Item) -> None:
        if not self.items:
            self._fill(item)
            return
        self.gaps[index : index + 1] = self._opened(index)
        self.items.insert(index, item)
        self.before_commas.insert(index, NOTHING)

    def _fill(self, item: Item) -> None:
        gap = self.gaps[0]
        self.items, self.before_commas = [item], [NOTHING]
        if not isinstance(gap, cst.ParenthesizedWhitespace):
            self.gaps = [gap, NOTHING if not getattr(gap, "value", "") else gap]
            return
        comments = [line for line in gap.empty_lines if line.comment is not None]
        inner = comments[-1].whitespace if comments else cst.SimpleWhitespace("    ")
        self.gaps = [gap.with_changes(indent=True, last_line=inner), _bare(gap)]
        self.trailing = True

    def _opened(self, index: int) -> list[Gap]:
        """The two gaps around a new item that replace the one at `index`."""
        gap = self.gaps[index]
        if index < len(self.items):
            if not isinstance(gap, cst.ParenthesizedWhitespace):
                return [gap, self._inner_space()] if index == 0 else [gap, gap]
            return [gap.with_changes(empty_lines=[]), _bare(gap, keep_lines=True)]
        model = self.gaps[index - 1]
        if not isinstance(model, cst.ParenthesizedWhitespace):
            return [self._inner_space(), gap]
        if isinstance(gap, cst.ParenthesizedWhitespace):
            between = gap.with_changes(indent=model.indent, last_line=model.last_line)
            return [between, _bare(gap)]
        return [_bare(model), gap]

    def _inner_space(self) -> Gap:
        for gap in self.gaps[1:-1]:
            if isinstance(gap, cst.SimpleWhitespace) and "\\" not in gap.value:
                return gap
        return SPACE


def read(node: Holder) -> Row:
    """The row of a call, display or import."""
    items = list(_items(node))
    opening, closing = _brackets(node)
    gaps: list[Gap] = [opening]
    before: list[Gap] = []
    for item in items:
        comma = item.comma
        gaps.append(comma.whitespace_after if isinstance(comma, cst.Comma) else NOTHING)
        before.append(comma.whitespace_before if isinstance(comma, cst.Comma) else NOTHING)
    trailing = bool(items) and isinstance(items[-1].comma, cst.Comma)
    if items and closing is not None:
        gaps[-1] = closing
    elif items and isinstance(items[-1], cst.Arg) and not trailing:
        gaps[-1] = items[-1].whitespace_after_arg
    return Row(items, gaps, trailing, before)


def write(node: Holder, row: Row) -> Holder:
    """The node with this row in it."""
    inside = isinstance(node, (cst.Call, cst.ImportFrom, cst.Import))
    items: list[Item] = []
    for index, item in enumerate(row.items):
        last = index == len(row.items) - 1
        after = row.gaps[index + 1] if not last or inside else NOTHING
        comma: cst.Comma | cst.MaybeSentinel = cst.MaybeSentinel.DEFAULT
        if not last or row.trailing:
            comma = cst.Comma(row.before_commas[index], after)
        item = item.with_changes(comma=comma)
        if isinstance(item, cst.Arg):
            bare_end = last and not row.trailing
            item = item.with_changes(whitespace_after_arg=row.gaps[-1] if bare_end else NOTHING)
        items.append(item)
    return _with_row(node, items, row)


def _items(node: Holder) -> Sequence[Item]:
    if isinstance(node, cst.Call):
        return node.args
    if isinstance(node, (cst.Import, cst.ImportFrom)):
        return [] if isinstance(node.names, cst.ImportStar) else node.names
    return [item for item in node.elements if isinstance(item, ITEMS)]


def _brackets(node: Holder) -> tuple[Gap, Gap | None]:
    if isinstance(node, cst.Call):
        return node.whitespace_before_args, None
    if isinstance(node, cst.Import):
        return NOTHING, None
    if isinstance(node, cst.ImportFrom):
        return (node.lpar.whitespace_after if node.lpar else NOTHING), None
    if isinstance(node, (cst.Dict, cst.Set)):
        return node.lbrace.whitespace_after, node.rbrace.whitespace_before
    if isinstance(node, cst.List):
        return node.lbracket.whitespace_after, node.rbracket.whitespace_before
    if node.lpar:
        return node.lpar[-1].whitespace_after, node.rpar[0].whitespace_before
    return NOTHING, NOTHING


def _with_row(node: Holder, items: list[Item], row: Row) -> Holder:
    opening = row.gaps[0]
    closing = row.gaps[-1] if items else NOTHING
    if isinstance(node, cst.Call):
        return node.with_changes(args=items, whitespace_before_args=opening)
    if isinstance(node, cst.Import):
        return node.with_changes(names=items)
    if isinstance(node, cst.ImportFrom):
        lpar = node.lpar.with_changes(whitespace_after=opening) if node.lpar else None
        return node.with_changes(names=items, lpar=lpar)
    if isinstance(node, (cst.Dict, cst.Set)):
        return node.with_changes(
            elements=items,
            lbrace=node.lbrace.with_changes(whitespace_after=opening),
            rbrace=node.rbrace.with_changes(whitespace_before=closing),
        )
    if isinstance(node, cst.List):
        return node.with_changes(
            elements=items,
            lbracket=node.lbracket.with_changes(whitespace_after=opening),
            rbracket=node.rbracket.with_changes(whitespace_before=closing),
        )
    return _tuple_with(node, items, opening, closing)


def _tuple_with(node: cst.Tuple, items: list[Item], opening: Gap, closing: Gap) -> cst.Tuple:
    if len(items) == 1 and not isinstance(items[0].comma, cst.Comma):
        items = [items[0].with_changes(comma=cst.Comma())]
    if not node.lpar:
        parens = [] if items else [cst.LeftParen()]
        return node.with_changes(elements=items, lpar=parens, rpar=[cst.RightParen()] if parens else [])
    return node.with_changes(
        elements=items,
        lpar=[*node.lpar[:-1], node.lpar[-1].with_changes(whitespace_after=opening)],
        rpar=[node.rpar[0].with_changes(whitespace_before=closing), *node.rpar[1:]],
    )


def _closed(before: Gap, after: Gap, first: bool, last: bool) -> Gap:
    """The gap that remains where the item between two gaps has gone, its own comments with it."""
    wide_before = isinstance(before, cst.ParenthesizedWhitespace)
    wide_after = isinstance(after, cst.ParenthesizedWhitespace)
    if isinstance(before, cst.ParenthesizedWhitespace) and isinstance(after, cst.ParenthesizedWhitespace):
        lines = [*without_own_comments(before.empty_lines), *after.empty_lines]
        return after.with_changes(first_line=before.first_line, empty_lines=lines)
    if wide_before:
        return after if last and not first and not _comments(before) else before
    if isinstance(after, cst.ParenthesizedWhitespace) and first and not last:
        return _bare(after, keep_lines=True) if after.empty_lines else before
    if wide_after or last:
        return after
    return before if first else after


def without_own_comments(lines: Sequence[cst.EmptyLine]) -> list[cst.EmptyLine]:
    """Lines without the comments at their end, which belong to what follows."""
    kept = list(lines)
    while kept and kept[-1].comment is not None:
        kept.pop()
    return kept


def _comments(gap: Gap) -> bool:
    if not isinstance(gap, cst.ParenthesizedWhitespace):
        return False
    return gap.first_line.comment is not None or any(line.comment is not None for line in gap.empty_lines)


def _bare(gap: cst.ParenthesizedWhitespace, keep_lines: bool = False) -> cst.ParenthesizedWhitespace:
    line = gap.first_line.with_changes(whitespace=NOTHING, comment=None)
    return gap.with_changes(first_line=line, empty_lines=gap.empty_lines if keep_lines else [])


def closing_gap(before: Gap, after: Gap) -> Gap:
    """The gap before a closing bracket once the last operand has gone."""
    return _closed(before, after, first=False, last=True)
