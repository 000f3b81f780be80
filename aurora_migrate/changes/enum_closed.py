"""Kind enum-closed: a value that Aurora may add to meets code which has no place for a new one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import libcst as cst

from aurora_migrate.catalogue.model import Rule
from aurora_migrate.changes.advice import surroundings
from aurora_migrate.changes.advice.answers import Answers, ends_with, trace_to
from aurora_migrate.changes.advice.chains import Chain, chain_around
from aurora_migrate.changes.advice.webhook_values import Events
from aurora_migrate.changes.context import Context, advised, source_of
from aurora_migrate.changes.traces import trace_of
from aurora_migrate.findings import Finding
from aurora_migrate.flow.models import declaration, is_validating
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.objects import is_enum, resolution_order
from aurora_migrate.flow.reads import Taking
from aurora_migrate.flow.test_modules import is_test_module
from aurora_migrate.flow.values import ClassValue, Part

_OF_ENUM = ("ValueError", "KeyError", "LookupError")
_OF_LOOKUP = ("KeyError", "LookupError")


def find(context: Context, rule: Rule) -> Iterator[Finding]:
    """Every such place: enumerations, chains of tests, look-ups."""
    finder = _Finder(context, rule)
    seen: set[int] = set()
    for module, node, part, how in finder.places():
        if id(node) not in seen and not is_test_module(module):
            seen.add(id(node))
            subject = source_of(module, node)
            yield advised(rule, module.location(_shown(node)), trace_to(part), subject, how)
    for module, node, request, how in Events(context, rule).places():
        if id(node) not in seen:
            seen.add(id(node))
            location = module.location(_shown(node))
            yield advised(rule, location, trace_of(request), source_of(module, node), how)


def _shown(node: cst.CSTNode) -> cst.CSTNode:
    """What to point at: of a compound statement its test or subject, not all of it."""
    if isinstance(node, cst.If):
        return node.test
    return node.subject if isinstance(node, cst.Match) else node


@dataclass(slots=True)
class _Tested:
    """A chain of tests, and the values that it knows."""

    chain: Chain
    part: Part
    values: list[str] = field(default_factory=list)


class _Finder:
    def __init__(self, context: Context, rule: Rule) -> None:
        self.facts = context.facts
        self.answers = Answers(context, rule)
        self.fields = rule.parameters.texts("fields")
        self.matches = [match for match in self.facts.matches.values() if self._is_meant(match.part)]

    def _is_meant(self, part: Part) -> bool:
        return ends_with(part.path, self.fields) and self.answers.are_ours(part)

    def places(self) -> Iterator[tuple[Module, cst.CSTNode, Part, str]]:
        for taking in self.facts.takings.values():
            kind = taking.kind
            if kind is None or taking.spread or not is_enum(kind) or not self._is_meant(taking.part):
                continue
            if _is_closed(taking, kind):
                yield taking.module, taking.node, taking.part, f"`{kind.name}` refuses a new one"
        yield from self._chains()
        yield from self._lookups()
        yield from self._literals()

    def _chains(self) -> Iterator[tuple[Module, cst.CSTNode, Part, str]]:
        found: dict[int, _Tested] = {}
        for match in self.matches:
            chain = chain_around(match.module, match.node) if match.how in ("==", "in", "case") else None
            if chain is None:
                continue
            tested = found.setdefault(id(chain.head), _Tested(chain, match.part))
            if match.value.literal is not None and match.value.literal not in tested.values:
                tested.values.append(match.value.literal)
        for tested in found.values():
            how = tested.chain.shortcoming
            if how and tested.chain.branches > 1:
                known = ", ".join(f"`{value}`" for value in tested.values)
                yield tested.chain.module, tested.chain.head, tested.part, f"{how} (it knows {known})"

    def _lookups(self) -> Iterator[tuple[Module, cst.CSTNode, Part, str]]:
        for match in self.matches:
            looker = match.looker
            if match.how != "lookup" or not isinstance(looker, cst.Subscript):
                continue
            module = self._home(match.part, looker) or match.module
            if surroundings.is_stored_to(module, looker) or self._is_guarded(module, looker):
                continue
            if not surroundings.is_handled(module, looker, _OF_LOOKUP):
                code = source_of(module, looker)
                yield module, looker, match.part, f"`{code}` has nothing for a new one"

    def _home(self, part: Part, looker: cst.Subscript) -> Module | None:
        """The module that a look-up stands in: that of the expression it looks for."""
        inner = looker.slice[0].slice
        wanted = inner.value if isinstance(inner, cst.Index) else None
        for module, node in self.answers.nodes(part):
            if node is wanted:
                return module
        return None

    def _is_guarded(self, module: Module, looker: cst.Subscript) -> bool:
        """Whether the same function also asks if the value is among the keys."""
        function = surroundings.function_of(module, looker)
        return any(
            isinstance(match.node, cst.Comparison)
            and match.how == "lookup"
            and surroundings.function_of(match.module, match.node) is function
            for match in self.matches
        )

    def _literals(self) -> Iterator[tuple[Module, cst.CSTNode, Part, str]]:
        """`component_type: Literal["module", "inverter"]` in a model that checks it."""
        for read in self.facts.reads.values():
            owner = read.field.owner if read.field is not None else None
            if owner is None or read.field is None or not is_validating(owner):
                continue
            if self._is_meant(read.found):
                place = declaration(owner, read.field.name)
                if place is not None and _is_literal(place.annotation.annotation):
                    yield owner.module, place, read.part, f"the model `{owner.name}` refuses a new one"


def _is_closed(taking: Taking, kind: ClassValue) -> bool:
    """Whether an enumeration has no `_missing_`, and nobody takes its error."""
    open_ = any(isinstance(each, ClassValue) and "_missing_" in each.cells for each in resolution_order(kind))
    return not open_ and not surroundings.is_handled(taking.module, taking.node, _OF_ENUM)


def _is_literal(annotation: cst.BaseExpression) -> bool:
    return isinstance(annotation, cst.Subscript) and (
        getattr(annotation.value, "value", "") == "Literal"
        or (isinstance(annotation.value, cst.Attribute) and annotation.value.attr.value == "Literal")
    )
