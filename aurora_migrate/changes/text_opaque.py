"""Kind text-opaque: a text whose form and wording are Aurora's affair is measured, taken apart or matched."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from aurora_migrate.catalogue.model import Rule
from aurora_migrate.changes.advice import surroundings
from aurora_migrate.changes.advice.answers import Answers, ends_with, trace_to
from aurora_migrate.changes.context import Context, advised, source_of
from aurora_migrate.findings import Finding
from aurora_migrate.flow.models import declaration, is_validating
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.reads import Form, Match
from aurora_migrate.flow.scopes import dotted_name
from aurora_migrate.flow.test_modules import is_test_module
from aurora_migrate.flow.trees import walk
from aurora_migrate.flow.values import Part

_MEASURED = frozenset({"len"})
_PARSED = frozenset({"int", "float", "UUID", "bytes.fromhex", "uuid.UUID"})
_PATTERNS = frozenset({"match", "fullmatch", "search", "sub", "findall", "finditer", "split"})
_SPLITTING = frozenset({"split", "rsplit", "partition", "rpartition"})
_KIND_TESTS = frozenset({"isdigit", "isnumeric", "isdecimal", "isalnum", "isalpha", "isupper", "islower"})
_FIELD_TYPES = frozenset({"int", "UUID", "UUID1", "UUID3", "UUID4", "UUID5"})
_LIMITS = frozenset({"min_length", "max_length", "pattern", "regex"})
_MATCHED = {"search": "search", "==": "compare", "in": "compare", "case": "compare", "enum": "compare"}
"""What the ways of matching are called among the rule's uses; a look-up's literals stand elsewhere."""


def find(context: Context, rule: Rule) -> Iterator[Finding]:
    """Every use of such a text that its next form may break."""
    finder = _Finder(context, rule)
    seen: set[int] = set()
    for module, node, part in finder.places():
        if id(node) not in seen and not is_test_module(module):
            seen.add(id(node))
            code = source_of(module, node)
            yield advised(rule, module.location(node), trace_to(part), code, f"`{code}`")


class _Finder:
    def __init__(self, context: Context, rule: Rule) -> None:
        self.facts = context.facts
        self.answers = Answers(context, rule)
        self.fields = rule.parameters.texts("fields")
        self.excepted = rule.parameters.texts("not-fields")
        self.uses = frozenset(rule.parameters.texts("uses"))

    def places(self) -> Iterator[tuple[Module, cst.CSTNode, Part]]:
        for part in self.answers.parts():
            if self._is_meant(part):
                for module, node in self.answers.nodes(part):
                    found = self._taken_apart(module, node)
                    if found is not None:
                        yield module, found, part
        yield from self._matched()
        yield from self._looked_into()

    def _is_meant(self, part: Part) -> bool:
        return ends_with(part.path, self.fields) and not ends_with(part.path, self.excepted)

    # -- measured, cut, parsed

    def _taken_apart(self, module: Module, node: cst.CSTNode) -> cst.CSTNode | None:
        """The expression around a node that depends on the text's form."""
        subscript = surroundings.subscript_of(module, node)
        if subscript is not None:
            return subscript if "slice" in self.uses and _is_position(subscript) else None
        call = surroundings.call_of(module, node)
        if call is not None:
            return call if self._use_of(module, call, node) in self.uses else None
        method = surroundings.method_on(module, node)
        if method is not None:
            name = method[0]
            use = "parse" if name in _SPLITTING else "kind" if name in _KIND_TESTS else ""
            return method[1] if use in self.uses else None
        return None

    def _use_of(self, module: Module, call: cst.Call, node: cst.CSTNode) -> str:
        """What a function does with the text; empty for what does not care for its form."""
        name = dotted_name(call.func)
        last = name.rpartition(".")[2]
        first = surroundings.position_in(call, node) == 0
        if name in _MEASURED:
            return "length"
        if first and (name in _PARSED or (last == "UUID" and name == f"uuid.{last}")):
            return "parse"
        if last in _PATTERNS and _is_pattern(module, name, first):
            return "pattern"
        return ""

    # -- matched

    def _matched(self) -> Iterator[tuple[Module, cst.CSTNode, Part]]:
        for match in self.facts.matches.values():
            if self._is_meant(match.part) and self.answers.are_ours(match.part) and self._counts(match):
                yield match.module, match.node, match.part

    def _counts(self, match: Match) -> bool:
        use = "compare" if match.how == "lookup" else _MATCHED.get(match.how, "")
        return use in self.uses and any(piece.text for piece in match.value.pieces)

    def _looked_into(self) -> Iterator[tuple[Module, cst.CSTNode, Part]]:
        """`text in message` reads like a look for a key; a field's type or limits check the form."""
        for read in self.facts.reads.values():
            if not self.answers.are_ours(read.part):
                continue
            if read.form is Form.IN and "search" in self.uses and self._is_meant(read.part):
                yield read.module, read.node, read.part
            elif read.form is Form.FIELD and self._is_meant(read.found) and read.field is not None:
                place = declaration(read.field.owner, read.field.name)
                if place is not None and is_validating(read.field.owner) and self._is_checked(place):
                    yield read.field.owner.module, place, read.part

    def _is_checked(self, place: cst.AnnAssign) -> bool:
        names = {dotted_name(each).rpartition(".")[2] for each in walk(place.annotation.annotation)}
        if "parse" in self.uses and names & _FIELD_TYPES and "str" not in names:
            return True
        limits = {
            each.keyword.value
            for each in walk(place)
            if isinstance(each, cst.Arg) and each.keyword is not None
        }
        return "length" in self.uses and bool(limits & _LIMITS)


def _is_position(subscript: cst.Subscript) -> bool:
    inner = subscript.slice[0].slice
    if isinstance(inner, cst.Slice):
        return inner.lower is not None or inner.upper is not None
    return isinstance(inner, cst.Index) and isinstance(inner.value, (cst.Integer, cst.UnaryOperation))


def _is_pattern(module: Module, name: str, first: bool) -> bool:
    """Whether a call is that of a regular expression: `re.match(..., text)` or `COMPILED.match(text)`."""
    receiver = name.rpartition(".")[0]
    if receiver in ("re", "regex"):
        return not first
    return first and bool(receiver) and receiver.rpartition(".")[2] in _compiled(module)


def _compiled(module: Module) -> set[str]:
    """The names that a module gives to compiled patterns."""
    found: set[str] = set()
    for node in walk(module.tree):
        call = node.value if isinstance(node, cst.Assign) else None
        if not isinstance(node, cst.Assign) or not isinstance(call, cst.Call):
            continue
        if dotted_name(call.func) in ("re.compile", "regex.compile"):
            found.update(dotted_name(each.target).rpartition(".")[2] for each in node.targets)
    return found
