"""The changes that make a list's birth retrieve each item: a comprehension, with a function where needed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import libcst as cst

from aurora_migrate.changes.repeats.births import Birth
from aurora_migrate.changes.repeats.copies import (
    Splice,
    in_literal,
    indentation,
    line_end,
    line_start,
    newline,
    outer_span,
    refuse_long_strings,
    reindented,
    rendered,
    span,
    unit,
)
from aurora_migrate.changes.repeats.own_names import names_in, variables
from aurora_migrate.changes.repeats.slices import Slice, Step, slice_between
from aurora_migrate.changes.surgery.style import quotes_of
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.findings import Edit
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.trees import walk

_ATOMS = (cst.Name, cst.Attribute, cst.Call, cst.Subscript, cst.SimpleString, cst.FormattedString)
_NARROW, _WIDE = 88, 120
"""Lines may always be as long as the first, and never longer than the second."""


@dataclass(frozen=True, slots=True)
class Repetition:
    """One birth that is to retrieve its items, and the changes inside the repeated code."""

    birth: Birth
    slice: Slice
    splices: tuple[Splice, ...]
    variable: str
    function: str
    """The name of the function for an item, where one is needed."""

    @property
    def module(self) -> Module:
        return self.birth.frame.module

    def edits(self) -> tuple[Edit, ...]:
        """The changes of the text. Raises Refused where the code cannot stand there."""
        refuse_place(self.module, self.birth.whole, self._waits)
        call = f"{self.function}({self.variable})"
        call = f"await {call}" if self._waits else call
        item = self._expression(self.birth.node) if self.is_inline else call
        if self.birth.again:
            return (self._stored(item),)
        return self._listed(item) if self.is_inline else (*self._defined(), *self._listed(item))

    @property
    def is_inline(self) -> bool:
        """Whether the repeated code is one expression."""
        if not self.slice.is_plain:
            return False
        used = [name.value for node in self._evaluated() for name in variables(node)]
        return all(used.count(name) <= 1 for step in self.slice.steps for name in step.names)

    def _evaluated(self) -> Iterator[cst.BaseExpression]:
        yield self.birth.node
        yield from (step.value for step in self.slice.steps if step.value is not None)

    @property
    def _waits(self) -> bool:
        opened = any(
            step.gathered or (step.encloses and _is_async(step.statement)) for step in self.slice.steps
        )
        return opened or any(_is_async(each) for node in self.repeated for each in walk(node))

    @property
    def repeated(self) -> tuple[cst.CSTNode, ...]:
        """The code that runs again for each item."""
        return (self.birth.node, *(node for step in self.slice.steps for node in step.nodes))

    def _expression(self, node: cst.BaseExpression) -> str:
        """An expression with the changes in it, and what it takes from assignments put in their place."""
        start, end = span(self.module, node)
        splices = [*self.splices, *self._substituted(node)]
        return rendered(self.module, start, end, splices)

    def _substituted(self, node: cst.BaseExpression) -> Iterator[Splice]:
        for name in variables(node):
            step = self._step_for(name.value)
            if step is None or step.value is None:
                continue
            text = self._expression(step.value)
            text = f"await {text}" if step.gathered else text
            is_atom = isinstance(step.value, _ATOMS) and not step.gathered
            yield Splice(*span(self.module, name), text if is_atom else f"({text})")

    def _step_for(self, name: str) -> Step | None:
        return next((step for step in reversed(self.slice.steps) if name in step.names), None)

    # -- the comprehension

    def _listed(self, item: str) -> tuple[Edit, ...]:
        start, end = span(self.module, self.birth.whole)
        missing = " or []" if self._may_be_missing() else ""
        path = self.module.path
        text = self.module.text[start:end]
        longer = len(_line(self.module, start, end)) + len(f"[{item} for {self.variable} in {missing}]")
        long = longer > _width(self.module)
        if not long and "\n" not in text + item:
            opening, closing = f"[{item} for {self.variable} in ", f"{missing}]"
            return Edit(path, start, start, opening), Edit(path, end, end, closing)
        refuse_long_strings(self.birth.whole)
        return tuple(self._spread(item, start, end, missing))

    def _spread(self, item: str, start: int, end: int, missing: str) -> Iterator[Edit]:
        """The comprehension on lines of its own, the list's further lines moved in."""
        path, end_of_line, step = self.module.path, newline(self.module), unit(self.module)
        indent = indentation(self.module, start)
        inner = reindented(item, indent, indent + step) if "\n" in item else item
        opening = f"[{end_of_line}{indent}{step}{inner}{end_of_line}{indent}{step}for {self.variable} in "
        yield Edit(path, start, start, opening)
        at = line_end(self.module, start)
        while at < end:
            begin = at + len(end_of_line)
            if self.module.text[begin : begin + 1] not in ("\n", "\r", ""):
                yield Edit(path, begin, begin, step)
            at = line_end(self.module, begin)
        yield Edit(path, end, end, f"{missing}{end_of_line}{indent}]")

    def _may_be_missing(self) -> bool:
        """Whether the list is asked for with `.get(key)` and None would have gone on."""
        node, read = self.birth.node, self.birth.read.node
        if node is not self.birth.whole or read is not node or not isinstance(node, cst.Call):
            return False
        return len(node.args) == 1

    def _stored(self, item: str) -> Edit:
        """The comprehension put in the list's place, above the first of several looks at it."""
        statement, _ = _statement_around(self.module, self.birth.whole)
        start, end = span(self.module, self.birth.whole)
        holder = self.birth.node.func if isinstance(self.birth.node, cst.Call) else self.birth.node
        if not isinstance(holder, (cst.Attribute, cst.Subscript)) or "\n" in item:
            raise Refused("the list is looked at in several places")
        quote = quotes_of(self.birth.node, quotes_of(self.module.tree)).quote
        body = self.module.tree.code_for_node(holder.value)
        target = f"{body}[{quote}{self.birth.read.name}{quote}]"
        source = self.module.text[start:end] + (" or []" if self._may_be_missing() else "")
        at = _above(self.module, span(self.module, statement)[0])
        indent, end_of_line = indentation(self.module, span(self.module, statement)[0]), newline(self.module)
        step = end_of_line + indent + unit(self.module)
        lines = f"{target} = [{step}{item}{step}for {self.variable} in {source}{end_of_line}{indent}]"
        above = "" if self.is_inline else next(self._defined()).replacement
        return Edit(self.module.path, at, at, f"{above}{indent}{lines}{end_of_line}")

    # -- the function

    def _defined(self) -> Iterator[Edit]:
        statement, is_first = _statement_around(self.module, self.birth.whole)
        at = _above(self.module, span(self.module, statement)[0])
        indent = indentation(self.module, span(self.module, statement)[0])
        lines = list(self._body(indent + unit(self.module)))
        end_of_line = newline(self.module)
        head = f"{indent}{'async ' if self._waits else ''}def {self.function}({self.variable}):"
        gap = end_of_line if indent else end_of_line * 2
        before = "" if is_first or _is_blank_above(self.module, at) else gap
        text = before + end_of_line.join([head, *lines]) + end_of_line + gap
        yield Edit(self.module.path, at, at, text)

    def _body(self, indent: str) -> Iterator[str]:
        opened: list[tuple[Step, str]] = []
        for step in self.slice.steps:
            start, end = _extent(self.module, step)
            text = self._moved(start, end, indent).rstrip()
            text = f"{min(step.names)} = await {text}" if step.gathered else text
            yield f"{indent}{text}{':' if step.encloses else ''}"
            if step.encloses:
                opened.append((step, indent))
                indent += unit(self.module)
        start, end = span(self.module, self.birth.node)
        yield f"{indent}return {self._moved(start, end, indent)}"
        for step, outer in reversed(opened):
            for statement in step.tail:
                yield outer + self._moved(*span(self.module, statement), outer).rstrip()

    def _moved(self, start: int, end: int, indent: str) -> str:
        text = rendered(self.module, start, end, self.splices)
        return reindented(text, indentation(self.module, start), indent)


def _extent(module: Module, step: Step) -> tuple[int, int]:
    """The text of a step: all of it, or of an enclosing one what comes before the colon."""
    for node in step.nodes:
        refuse_long_strings(node)
    start, end = span(module, step.value if step.gathered and step.value is not None else step.statement)
    if not step.encloses:
        return start, end
    if isinstance(step.statement, cst.With):
        if isinstance(step.statement.lpar, cst.LeftParen):
            raise Refused("the `with` has parentheses")
        return start, span(module, step.statement.items[-1])[1]
    return start, end_of(module, step.nodes[0])


def end_of(module: Module, node: cst.CSTNode) -> int:
    """Where a node ends, an expression with its parentheses."""
    return outer_span(module, node)[1] if isinstance(node, cst.BaseExpression) else span(module, node)[1]


def repetition(
    birth: Birth, splices: Sequence[Splice], variable: str, function: str, taken: frozenset[str]
) -> Repetition:
    """The repetition of what lies between the call and the birth. Raises Refused."""
    found = slice_between(birth.frame.module, birth.frame.call, birth.node)
    made = Repetition(birth, found, tuple(splices), variable, function)
    _refuse_unrepeatable(made)
    if not made.is_inline and function in taken:
        raise Refused(f"a function for an item would be called `{function}`, which is taken")
    return made


def _refuse_unrepeatable(made: Repetition) -> None:
    for node in made.repeated:
        for each in walk(node):
            if isinstance(each, (cst.NamedExpr, cst.Yield)):
                raise Refused("the code does more than ask for the list")
            if isinstance(each, cst.Name) and each.value == "super":
                raise Refused("`super()` means something else inside a comprehension")
    if made.birth.frame.awaitable and not _is_awaited(made):
        raise Refused("the answer is awaited elsewhere")


def _is_awaited(made: Repetition) -> bool:
    call, parents = made.birth.frame.call, made.module.parents
    parent = parents.get(id(call))
    if isinstance(parent, cst.WithItem):
        block = parents.get(id(parent))
        return isinstance(block, cst.With) and block.asynchronous is not None
    if any(step.gathered and step.value is call for step in made.slice.steps):
        return True
    return isinstance(parent, cst.Await)


def refuse_place(module: Module, node: cst.BaseExpression, waits: bool) -> None:
    """Refuse places where a comprehension cannot stand or would mean something else."""
    current: cst.CSTNode = node
    while True:
        parent = module.parents.get(id(current))
        if parent is None or isinstance(parent, (cst.FunctionDef, cst.Module)):
            return
        if isinstance(parent, cst.FormattedString):
            raise Refused("it stands inside an f-string")
        if isinstance(parent, (cst.AssignTarget, cst.Del)):
            raise Refused("it is written to there")
        inner = isinstance(parent, (cst.Lambda, cst.CompFor, cst.BaseComp))
        if waits and inner and not _runs_outside(module, parent, current):
            raise Refused("it is awaited inside another comprehension")
        current = parent


def _runs_outside(module: Module, parent: cst.CSTNode, node: cst.CSTNode) -> bool:
    """Whether the code around a comprehension evaluates the node: what the first `for` goes through."""
    if isinstance(parent, cst.CompFor):
        return parent.iter is node and isinstance(module.parents.get(id(parent)), cst.BaseComp)
    return isinstance(parent, cst.BaseComp) and parent.for_in is node


def _is_async(node: cst.CSTNode) -> bool:
    return isinstance(node, cst.Await) or isinstance(getattr(node, "asynchronous", None), cst.Asynchronous)


def _statement_around(module: Module, node: cst.CSTNode) -> tuple[cst.CSTNode, bool]:
    """The statement of a block that holds a node, and whether it is the block's first."""
    current: cst.CSTNode = node
    while True:
        parent = module.parents.get(id(current))
        if isinstance(parent, (cst.IndentedBlock, cst.Module)):
            return current, parent.body[0] is current
        if parent is None or isinstance(parent, (cst.SimpleStatementSuite, cst.Lambda)):
            raise Refused("there is no line to put a function on")
        current = parent


def _above(module: Module, offset: int) -> int:
    """The start of the line, or of the comment lines right above it."""
    at = line_start(module, offset)
    while at > 0:
        above = line_start(module, at - 1)
        if not module.text[above:at].lstrip(" \t").startswith("#"):
            return at
        at = above
    return at


def _is_blank_above(module: Module, at: int) -> bool:
    return at == 0 or not module.text[line_start(module, at - 1) : at].strip()


def _width(module: Module) -> int:
    """How long the lines of a module are allowed to be, as far as it shows."""
    longest = max(map(len, module.text.splitlines()), default=0)
    return min(max(longest, _NARROW), _WIDE)


def _line(module: Module, start: int, end: int) -> str:
    return module.text[line_start(module, start) : line_end(module, end)]


def whole_literal(module: Module, node: cst.CSTNode, text: str) -> list[Splice]:
    """The splices that make a literal say another text."""
    value = getattr(node, "evaluated_value", None)
    if not isinstance(node, cst.SimpleString) or not isinstance(value, str):
        raise Refused("the key is put together from several parts")
    return in_literal(module, node, 0, len(value), text)


def fresh_name(candidates: Sequence[str], nodes: Sequence[cst.CSTNode], around: cst.CSTNode) -> str:
    """A name that the code around does not use, or at least not the repeated code."""
    near = frozenset(name for node in nodes for name in names_in(node))
    free = [name for name in candidates if name not in near]
    wide = names_in(around)
    for name in free:
        if name not in wide:
            return name
    if free:
        return free[0]
    raise Refused("every name for an item is taken there")
