"""The edits that turn a call with query parameters into one of the endpoint that takes their place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from aurora_migrate.changes.context import Context, carried_out
from aurora_migrate.changes.queries.places import Parameter, piece_at, roles_of
from aurora_migrate.changes.repeats.copies import Splice, in_literal, rendered, span
from aurora_migrate.changes.repeats.frames import Frame, frames_of
from aurora_migrate.changes.repeats.holders import has_other_uses
from aurora_migrate.changes.repeats.own_names import assigned, function_of, functions_of
from aurora_migrate.changes.repeats.stillness import refuse_changed
from aurora_migrate.changes.repeats.tails import Ending, Extension
from aurora_migrate.changes.surgery.plan import Plan
from aurora_migrate.changes.surgery.style import quotes_of
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.findings import Edit
from aurora_migrate.flow.facts import Request, Role
from aurora_migrate.flow.places import Use
from aurora_migrate.flow.text import characters
from aurora_migrate.flow.trees import walk
from aurora_migrate.flow.values import Piece


@dataclass(frozen=True, slots=True)
class TakingOver:
    """One request whose parameters go, and whose path goes on with the id that one of them gave."""

    context: Context
    request: Request
    source: Parameter
    parameters: tuple[Parameter, ...]
    suffix: str
    """What follows the id in the new path, with its slash."""

    def edits(self, plan: Plan) -> tuple[Edit, ...]:
        """The changes of the text, those of `plan`, too.

        Raises Refused where the code cannot be told for certain.
        """
        if self.context.targets.is_signed(self.request):
            raise Refused("the request is signed for one path; replace the signature first")
        if all(parameter.in_url and parameter.entry is None for parameter in self.parameters):
            planned = plan.edits(self.context.modules)
            return tuple(sorted({*self._in_url(), *planned}))
        if any(parameter.entry is None for parameter in self.parameters):
            raise Refused("the parameters are part of a text")
        frame = self._frame()
        splices = list(self._longer_path(frame))
        start, end = span(frame.module, frame.path)
        text = rendered(frame.module, start, end, splices)
        self._take_entries_out(plan, frame)
        if frame.ending is not Ending.TEXT or frame.path.keyword is not None or "\n" in text:
            path = frame.module.path
            found = {Edit(path, s.start, s.end, s.text) for s in splices}
            return tuple(sorted({*found, *carried_out(plan, self.context.modules)}))
        plan.replace(frame.module, frame.path.value, text)
        return carried_out(plan, self.context.modules)

    def _frame(self) -> Frame:
        """The call in whose code the parameters are given."""
        node = self.source.expression
        home = function_of(self.source.module, node) if node is not None else None
        for frame in frames_of(self.context.facts, self.request, functions_of(self.context.modules)):
            if frame.function is home:
                self._refuse_other_uses(frame)
                return frame
        raise Refused("the path is spelled in other code than the parameters, which other calls may share")

    def _refuse_other_uses(self, frame: Frame) -> None:
        """Refuse a call that also sends requests without the parameters."""
        for other in self.context.facts.requests.values():
            calls = [other.node, *(call for _, call in other.callers)]
            if any(call is frame.call for call in calls) and not _has(other, self.source.name):
                raise Refused("the same call is also made without the parameters")

    def _longer_path(self, frame: Frame) -> Iterator[Splice]:
        seen = characters(self.request.url)
        if "?" in seen:
            raise Refused("the URL also holds query parameters")
        if self.source.expression is None:
            raise Refused("the id is not spelled in the code")
        code = self.source.module.tree.code_for_node(self.source.expression).strip()
        known = functions_of(self.context.modules)
        refuse_changed(frame.module, frame.function, [self.source.expression], frame.call, known)
        joint = "" if seen.endswith("/") else "/"
        extension = Extension(frame.module, frame.function, code, self.suffix, joint, known)
        yield from extension.at(frame.path, frame.ending)

    def _take_entries_out(self, plan: Plan, frame: Frame) -> None:
        ours = {id(parameter.entry) for parameter in self.parameters}
        for role in roles_of(self.request):
            entries = role.entries.items if role.entries is not None else ()
            if not any(id(entry) in ours for entry in entries):
                continue
            if role.entries is None or role.entries.open:
                raise Refused("the query parameters are not all seen")
            whole = all(id(entry) in ours for entry in entries)
            given = _argument(frame, role)
            arg = given if whole else None
            self._take_out(plan, frame, given, arg)
            if arg is not None:
                plan.remove_argument(frame.module, frame.call, arg)

    def _take_out(self, plan: Plan, frame: Frame, given: cst.Arg | None, gone: cst.Arg | None) -> None:
        """The entries taken out where they are written; a mapping with other uses stays as it is."""
        uses = [use for use in self._uses(frame) if gone is None or not _holds(gone, use)]
        apart = [use for use in uses if not _holds(frame.call, use)]
        if has_other_uses(self.context.modules, frame, apart, given):
            if gone is None:
                raise Refused("the query parameters are used elsewhere, too")
            return
        for use in uses:
            plan.take_out(use)

    def _uses(self, frame: Frame) -> Iterator[Use]:
        for parameter in self.parameters:
            use = parameter.entry.uses[-1] if parameter.entry is not None and parameter.entry.uses else None
            if use is None or function_of(use.module, use.operand) is not frame.function:
                raise Refused("the parameters are put together in other code")
            if not _runs_always(frame, use):
                raise Refused(f"`{parameter.name}` is given under a condition")
            yield use

    # -- in the text of the URL

    def _in_url(self) -> Iterator[Edit]:
        """`...?source=ID&all=true` becomes `.../ID/suffix`."""
        url = self.request.url
        seen = characters(url)
        start = seen.find("?")
        names = {part.partition("=")[0] for part in seen[start + 1 :].split("&")}
        if names != {parameter.name for parameter in self.parameters}:
            raise Refused("the URL also holds other query parameters")
        hole = seen.find(f"{self.source.name}=", start) + len(self.source.name) + 1
        if piece_at(url, hole) is None or (piece_at(url, hole) or Piece("")).text is not None:
            raise Refused("the id is part of a longer text")
        yield from self._cut(start, hole, "/" if not seen[:start].endswith("/") else "")
        if hole + 1 == len(seen):
            yield self._appended(piece_at(url, hole))
        else:
            yield from self._cut(hole + 1, len(seen), self.suffix)

    def _appended(self, hole: Piece | None) -> Edit:
        """The suffix behind an id that ends the URL's text."""
        use = hole.uses[-1] if hole is not None and hole.uses else None
        if use is not None and isinstance(use.container, cst.FormattedString):
            end = span(use.module, use.container)[1] - len(use.container.end)
            return Edit(use.module.path, end, end, self.suffix)
        whole = use.container if use is not None else None
        adds = isinstance(whole, cst.BinaryOperation) and isinstance(whole.operator, cst.Add)
        if use is not None and isinstance(whole, cst.BinaryOperation) and adds and whole.right is use.operand:
            end, quote = span(use.module, whole)[1], quotes_of(use.module.tree).quote
            return Edit(use.module.path, end, end, f" + {quote}{self.suffix}{quote}")
        raise Refused(f"`{self.source.name}` ends the URL's text")

    def _cut(self, start: int, end: int, text: str) -> Iterator[Edit]:
        """Characters of the URL replaced, which must stand in one literal."""
        offset = 0
        found: list[tuple[Piece, int, int]] = []
        for piece in self.request.url.pieces:
            length = 1 if piece.text is None else len(piece.text)
            low, high = max(start - offset, 0), min(end - offset, length)
            if low < high:
                found.append((piece, low, high))
            offset += length
        first = found[0][0] if len(found) == 1 else None
        if first is None or first.text is None or first.node is None or first.module is None:
            raise Refused("the query is put together from several parts")
        for splice in in_literal(
            first.module, first.node, first.start + found[0][1], first.start + found[0][2], text
        ):
            yield Edit(first.module.path, splice.start, splice.end, splice.text)


def _has(request: Request, name: str) -> bool:
    return any(
        entry.name == name
        for role in roles_of(request)
        for entry in (role.entries.items if role.entries is not None else ())
    )


def _holds(node: cst.CSTNode, use: Use) -> bool:
    """Whether an entry is written inside a node."""
    return any(each is use.operand for each in walk(node))


def _argument(frame: Frame, role: Role) -> cst.Arg | None:
    """The argument of the frame's call that hands the whole mapping over."""
    made = role.mapping.node if role.mapping is not None else None
    for arg in frame.call.args:
        name = arg.value.value if isinstance(arg.value, cst.Name) else None
        value = assigned(frame.function, name) if name is not None else arg.value
        if arg is role.argument or (made is not None and value is made):
            following = frame.call.args[list(frame.call.args).index(arg) + 1 :]
            if arg.keyword is None and any(other.keyword is None for other in following):
                raise Refused("the call's further arguments count on the parameters' place")
            return arg
    return None


def _runs_always(frame: Frame, use: Use) -> bool:
    """Whether what puts an entry in has run whenever the call is made."""
    block: cst.CSTNode | None = use.operand
    parents = use.module.parents
    while block is not None and not isinstance(block, (cst.IndentedBlock, cst.Module)):
        if isinstance(block, (cst.IfExp, cst.Lambda, cst.BooleanOperation)):
            return False
        block = parents.get(id(block))
    current: cst.CSTNode | None = frame.call
    while current is not None and current is not block:
        current = frame.module.parents.get(id(current))
    return current is not None
