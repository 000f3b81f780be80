"""The transformer that carries out the marks on a tree in one pass."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from typing import cast

import libcst as cst

from aurora_migrate.changes.surgery import brackets
from aurora_migrate.changes.surgery.bodies import rewritten_block, rewritten_line
from aurora_migrate.changes.surgery.marks import INNER, Marks
from aurora_migrate.changes.surgery.strings import apply_cuts, as_plain, spelling_of
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.flow.trees import parents_of

_PASS = cst.SimpleStatementLine([cst.Pass()])
ATOMS = (cst.Name, cst.Attribute, cst.Call, cst.Subscript, cst.SimpleString, cst.FormattedString)
_OPEN_PLACES = (cst.Assign, cst.Arg, cst.Element, cst.DictElement, cst.AnnAssign)


def rewritten(tree: cst.Module, marks: Marks, parents: dict[int, cst.CSTNode] | None = None) -> cst.Module:
    """The tree after the marks; nodes that no mark is under stay the same objects."""
    try:
        result = tree.visit(_Rewriter(tree, marks, parents if parents is not None else parents_of(tree)))
    except cst.CSTValidationError as error:
        raise Refused("what would remain is no valid code") from error
    except RecursionError as error:
        raise Refused("the code is nested too deeply to be rewritten") from error
    assert isinstance(result, cst.Module)
    return result


def changed_node(
    node: cst.CSTNode, tree: cst.Module, marks: Marks, parents: dict[int, cst.CSTNode]
) -> cst.CSTNode:
    """One node after the marks that are on it and under it."""
    result = node.visit(_Rewriter(tree, marks, parents))
    if not isinstance(result, cst.CSTNode):
        raise Refused("what would remain is no valid code")
    return result


class _Filler(cst.CSTTransformer):
    """Puts an expression in the place of the name `INNER`."""

    def __init__(self, inner: cst.BaseExpression) -> None:
        super().__init__()
        self.inner = inner

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> cst.BaseExpression:
        if updated_node.value != INNER:
            return updated_node
        lpar, rpar = (*updated_node.lpar, *self.inner.lpar), (*self.inner.rpar, *updated_node.rpar)
        return self.inner.with_changes(lpar=lpar, rpar=rpar)


class _Rewriter(cst.CSTTransformer):
    def __init__(self, tree: cst.Module, marks: Marks, parents: dict[int, cst.CSTNode]) -> None:
        super().__init__()
        self.tree = tree
        self.marks = marks
        self.parents = parents
        self.emptied: set[int] = set()
        self.touched = {id(tree)}
        for marked in marks.ids():
            while marked not in self.touched:
                self.touched.add(marked)
                if marked in parents:
                    marked = id(parents[marked])

    def on_visit(self, node: cst.CSTNode) -> bool:
        key = id(node)
        return key in self.touched and key not in self.marks.replaced and key not in self.marks.gone

    def on_leave(
        self, original_node: cst.CSTNodeT, updated_node: cst.CSTNodeT
    ) -> cst.CSTNodeT | cst.RemovalSentinel | cst.FlattenSentinel[cst.CSTNodeT]:
        return cast(cst.CSTNodeT, self._left(original_node, updated_node))

    def _left(self, original_node: cst.CSTNode, updated_node: cst.CSTNode) -> cst.CSTNode:
        key = id(original_node)
        if key not in self.touched or key in self.marks.gone:
            return updated_node
        if key in self.marks.replaced:
            return self._replacement(original_node)
        handler = _HANDLERS.get(type(original_node))
        if handler is not None:
            updated_node = handler(self, original_node, updated_node)
        if key in self.marks.wrapped and isinstance(updated_node, cst.BaseExpression):
            return cast(cst.CSTNode, self.marks.wrapped[key].visit(_Filler(updated_node)))
        if key in self.marks.added and isinstance(updated_node, brackets.HOLDERS):
            updated_node = self._with_added(updated_node, self.marks.added[key])
        return updated_node

    def _replacement(self, original: cst.CSTNode) -> cst.CSTNode:
        new = self.marks.replaced[id(original)]
        if isinstance(original, cst.BaseExpression) and original.lpar and not new.lpar:
            return new.with_changes(lpar=original.lpar, rpar=original.rpar)
        return new

    def _with_added(self, node: brackets.Holder, items: list[brackets.Item]) -> brackets.Holder:
        row = brackets.read(node)
        sole = row.items[0] if len(row.items) == 1 else None
        if isinstance(sole, cst.Arg) and isinstance(sole.value, cst.GeneratorExp) and not sole.value.lpar:
            value = sole.value.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
            row.items[0] = sole.with_changes(value=value)
        for item in items:
            index = len(row.items)
            if isinstance(node, cst.Call):
                while index and cast(cst.Arg, row.items[index - 1]).star == "**":
                    index -= 1
            row.insert(index, item)
        return brackets.write(node, row)

    def _string(self, original: cst.SimpleString, updated: cst.SimpleString) -> cst.CSTNode:
        cuts = self.marks.cuts.get(id(original))
        if not cuts:
            return updated
        spelling = spelling_of(original, None)
        opening = original.value[: spelling.opening]
        return updated.with_changes(value=opening + apply_cuts(spelling, cuts) + spelling.quote)

    def _text(self, original: cst.FormattedStringText, updated: cst.FormattedStringText) -> cst.CSTNode:
        cuts = self.marks.cuts.get(id(original))
        if not cuts:
            return updated
        return updated.with_changes(
            value=apply_cuts(spelling_of(original, host_of(original, self.parents)), cuts)
        )

    def _formatted(self, original: cst.FormattedString, updated: cst.FormattedString) -> cst.CSTNode:
        kept = [new for old, new in zip(original.parts, updated.parts, strict=True) if not self._gone(old)]
        updated = updated.with_changes(parts=kept)
        if any(isinstance(part, cst.FormattedStringExpression) for part in kept):
            return self._bare(original, updated)
        had = any(isinstance(part, cst.FormattedStringExpression) for part in original.parts)
        return as_plain(updated) if had else updated

    def _bare(self, original: cst.FormattedString, updated: cst.FormattedString) -> cst.CSTNode:
        """`f"{x}"` that was left of a longer text gives way to `x`."""
        parts = [
            part for part in updated.parts if not isinstance(part, cst.FormattedStringText) or part.value
        ]
        sole = parts[0] if len(parts) == 1 and len(original.parts) > 1 else None
        if not isinstance(sole, cst.FormattedStringExpression) or not isinstance(sole.expression, ATOMS):
            return updated
        parent = self.parents.get(id(original))
        if sole.conversion is not None or sole.format_spec is not None or sole.equal is not None:
            return updated
        if isinstance(parent, cst.ConcatenatedString) or not any(self._gone(part) for part in original.parts):
            return updated
        inner = sole.expression
        return inner.with_changes(lpar=[*updated.lpar, *inner.lpar], rpar=[*inner.rpar, *updated.rpar])

    def _binary(self, original: cst.BinaryOperation, updated: cst.BinaryOperation) -> cst.CSTNode:
        if id(original) in self.marks.collapsed:
            operand = remaining_operand(updated, ())
            if operand is not None:
                return operand.with_changes(
                    lpar=[*updated.lpar, *operand.lpar], rpar=[*operand.rpar, *updated.rpar]
                )
        if self._gone(original.left) and not self._gone(original.right):
            return self._in_place_of(original, updated.right, updated)
        if self._gone(original.right) and not self._gone(original.left):
            return self._in_place_of(original, updated.left, updated)
        inner = original.left
        if not isinstance(inner, cst.BinaryOperation) or type(inner.operator) is not type(original.operator):
            return updated
        if self._gone(inner.right) and not self._gone(inner.left):
            return updated.with_changes(operator=inner.operator)
        return updated

    def _concatenated(self, original: cst.ConcatenatedString, updated: cst.ConcatenatedString) -> cst.CSTNode:
        if self._gone(original.left):
            return self._in_place_of(original, updated.right, updated)
        if self._gone(original.right):
            return self._in_place_of(original, updated.left, updated)
        return updated

    def _in_place_of(
        self, original: cst.CSTNode, kept: cst.BaseExpression, whole: cst.BaseExpression
    ) -> cst.BaseExpression:
        """The operand that remains, inside the parentheses of the whole if they are still of use."""
        outer_left, outer_right = list(whole.lpar), list(whole.rpar)
        parent = self.parents.get(id(original))
        plain = isinstance(kept, ATOMS) and not kept.lpar and isinstance(parent, _OPEN_PLACES)
        if plain and outer_left and not self._has_comment([*outer_left, *outer_right]):
            return kept
        if isinstance(whole, cst.BinaryOperation) and kept is whole.left and outer_right:
            before = cast(cst.Add, whole.operator).whitespace_before
            gap = brackets.closing_gap(before, outer_right[0].whitespace_before)
            outer_right[0] = outer_right[0].with_changes(whitespace_before=gap)
        return kept.with_changes(lpar=[*outer_left, *kept.lpar], rpar=[*kept.rpar, *outer_right])

    def _has_comment(self, nodes: list[cst.LeftParen | cst.RightParen]) -> bool:
        return any("#" in self.tree.code_for_node(node) for node in nodes)

    def _holder(self, original: brackets.Holder, updated: brackets.Holder) -> cst.CSTNode:
        items = brackets.read(original).items
        places = [index for index, item in enumerate(items) if self._gone(item)]
        beside = [index for index, item in enumerate(items) if id(item) in self.marks.beside]
        if places or beside:
            row = brackets.read(updated)
            for index in reversed(beside):
                for new in reversed(self.marks.beside[id(items[index])]):
                    row.insert(index + 1, new)
                places = [
                    place + len(self.marks.beside[id(items[index])]) * (place > index) for place in places
                ]
            for index in reversed(places):
                row.remove(index)
            updated = brackets.write(updated, row)
        if id(original) in self.marks.collapsed and isinstance(updated, cst.Call):
            return self._collapsed(updated)
        return updated

    def _collapsed(self, call: cst.Call) -> cst.CSTNode:
        """`"x".format()` gives way to the template, `urljoin(x)` to its argument."""
        kept = call.args[0].value if call.args else cast(cst.Attribute, call.func).value
        return kept.with_changes(lpar=[*call.lpar, *kept.lpar], rpar=[*kept.rpar, *call.rpar])

    def _line(self, original: cst.SimpleStatementLine, updated: cst.SimpleStatementLine) -> cst.CSTNode:
        self._note_self_assignments(original.body, updated.body)
        body = rewritten_line(original.body, updated.body, self.marks, self.tree, inline=False)
        if not body:
            self.marks.gone.add(id(original))
            return updated
        return updated.with_changes(body=body)

    def _suite(self, original: cst.SimpleStatementSuite, updated: cst.SimpleStatementSuite) -> cst.CSTNode:
        self._note_self_assignments(original.body, updated.body)
        body = rewritten_line(original.body, updated.body, self.marks, self.tree, inline=True)
        if not body:
            self.emptied.add(id(original))
        return updated.with_changes(body=body or [cst.Pass()])

    def _note_self_assignments(
        self, before: Sequence[cst.BaseSmallStatement], after: Sequence[cst.BaseSmallStatement]
    ) -> None:
        for old, new in zip(before, after, strict=True):
            if new is not old and _is_self_assignment(new) and not _is_self_assignment(old):
                self.marks.gone.add(id(old))

    def _block(self, original: cst.IndentedBlock, updated: cst.IndentedBlock) -> cst.CSTNode:
        block = rewritten_block(original.body, updated.body, self.marks, self.tree)
        if not block.statements:
            self.emptied.add(id(original))
        footer = [*block.rest, *updated.footer]
        return updated.with_changes(body=block.statements or [_PASS], footer=footer)

    def _module(self, original: cst.Module, updated: cst.Module) -> cst.CSTNode:
        headed = bool(original.header)
        block = rewritten_block(original.body, updated.body, self.marks, self.tree, after_header=headed)
        return updated.with_changes(body=block.statements, footer=[*block.rest, *updated.footer])

    def _branch(self, original: cst.If, updated: cst.If) -> cst.CSTNode:
        orelse = original.orelse
        hollow = isinstance(orelse, cst.Else) and id(orelse.body) in self.emptied
        if hollow or (orelse is not None and self._gone(orelse)):
            updated = updated.with_changes(orelse=None)
        if id(original.body) in self.emptied and updated.orelse is None and is_plain(original.test):
            self.marks.gone.add(id(original))
        return updated

    def _loop(self, original: cst.For | cst.While, updated: cst.For | cst.While) -> cst.CSTNode:
        if original.orelse is not None and id(original.orelse.body) in self.emptied:
            updated = updated.with_changes(orelse=None)
        nothing = id(original.body) in self.emptied and updated.orelse is None
        if (
            nothing
            and isinstance(original, cst.For)
            and original.asynchronous is None
            and is_plain(original.iter)
        ):
            self.marks.gone.add(id(original))
        return updated

    def _gone(self, node: cst.CSTNode) -> bool:
        return id(node) in self.marks.gone


def host_of(node: cst.CSTNode, parents: dict[int, cst.CSTNode]) -> cst.FormattedString | None:
    """The f-string that a literal part stands in, also when it is in a format specification."""
    current = parents.get(id(node))
    while current is not None and not isinstance(current, cst.FormattedString):
        current = parents.get(id(current))
    return current


def remaining_operand(
    filling: cst.Call | cst.BinaryOperation, gone: Container[int]
) -> cst.BaseExpression | None:
    """The one value that a template is still filled with."""
    if isinstance(filling, cst.Call):
        args = [arg for arg in filling.args if id(arg) not in gone]
        return args[0].value if len(args) == 1 and not args[0].star else None
    if not isinstance(filling.right, cst.Tuple):
        return None
    elements = [each for each in filling.right.elements if id(each) not in gone]
    return elements[0].value if len(elements) == 1 and isinstance(elements[0], cst.Element) else None


def is_plain(node: cst.BaseExpression) -> bool:
    """Whether the expression only looks at something: names, attributes, constants, comparisons."""
    if isinstance(node, cst.Attribute):
        return is_plain(node.value)
    if isinstance(node, cst.UnaryOperation):
        return is_plain(node.expression)
    if isinstance(node, cst.BooleanOperation):
        return is_plain(node.left) and is_plain(node.right)
    if isinstance(node, cst.Comparison):
        return is_plain(node.left) and all(is_plain(each.comparator) for each in node.comparisons)
    return isinstance(node, (cst.Name, cst.SimpleString, cst.Integer, cst.Float))


def _is_self_assignment(node: cst.BaseSmallStatement) -> bool:
    if not isinstance(node, cst.Assign) or len(node.targets) != 1:
        return False
    target = node.targets[0].target
    return isinstance(target, (cst.Name, cst.Attribute)) and target.deep_equals(node.value)


_HANDLERS = cast(
    "dict[type[cst.CSTNode], Callable[[_Rewriter, cst.CSTNode, cst.CSTNode], cst.CSTNode]]",
    {
        cst.SimpleString: _Rewriter._string,
        cst.FormattedStringText: _Rewriter._text,
        cst.FormattedString: _Rewriter._formatted,
        cst.BinaryOperation: _Rewriter._binary,
        cst.ConcatenatedString: _Rewriter._concatenated,
        **dict.fromkeys(brackets.HOLDERS, _Rewriter._holder),
        cst.SimpleStatementLine: _Rewriter._line,
        cst.SimpleStatementSuite: _Rewriter._suite,
        cst.IndentedBlock: _Rewriter._block,
        cst.Module: _Rewriter._module,
        cst.If: _Rewriter._branch,
        cst.For: _Rewriter._loop,
        cst.While: _Rewriter._loop,
    },
)
