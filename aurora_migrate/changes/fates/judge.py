"""What becomes of what each look into an answer finds: the ends of its way, gathered from all sides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import libcst as cst

from aurora_migrate.changes.errors.reads import Look
from aurora_migrate.changes.fates.flattened import Flattening, flattening_at
from aurora_migrate.changes.fates.follow import follow
from aurora_migrate.changes.fates.program import Place, Program
from aurora_migrate.changes.fates.trail import End, Fate, Trail
from aurora_migrate.changes.fates.types import decided_by_type, only_words, skipped_for_text
from aurora_migrate.flow.around import last_name
from aurora_migrate.flow.facts import Facts
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.reads import Form
from aurora_migrate.flow.test_modules import is_test_module
from aurora_migrate.flow.trees import walk
from aurora_migrate.flow.values import Part


@dataclass(slots=True)
class Verdict:
    """The ends of what a look finds; `hindrances` are those that a joined text would not do for."""

    look: Look
    ends: set[End]
    hindrances: list[Fate]
    one_of_several: Fate | None = None
    """Where a text is put into a list for which an object would give several."""
    flat: list[Flattening] = field(default_factory=list)
    """Where nothing is made of its fields but texts for a person; it is used for nothing else then."""


class Judge:
    """Follows what the looks find, each alone, and settles what only all of them together explain."""

    def __init__(
        self, program: Program, facts: Facts, looks: Sequence[Look], beside: Sequence[Look] = ()
    ) -> None:
        """`beside` are the looks that nothing is asked about; what they lead to is explained by them."""
        self._program = program
        self._facts = facts
        self._looks = [look for look in looks if look.form is not Form.IN]
        self._beside = [look for look in beside if look.form is not Form.IN]
        self._trails = {id(look.node): self._trail(look) for look in [*self._looks, *self._beside]}

    def verdicts(self) -> dict[int, Verdict]:
        """The verdict on every look but tests for a key, by the look's node."""
        found: dict[int, Verdict] = {}
        for look in self._looks:
            trail = self._trails[id(look.node)]
            self._settle_kept(look, trail)
            bad = [fate for fate in trail.fates if self._hinders(look, trail, fate)]
            flat, bad = self._flattened(trail, bad)
            bad.extend(self._tests_of_exceptions(trail))
            found[id(look.node)] = Verdict(
                look, {fate.end for fate in trail.fates}, bad, _one_of_several(trail), flat
            )
        self._attribute_rest(found)
        return found

    def _trail(self, look: Look) -> Trail:
        nodes: dict[int, Place] = {}
        for key in look.keys:
            nodes.update(self._facts.part_nodes.get(key, {}))
        trail = Trail(self._program, nodes)
        for module, node in self._starts(look):
            follow(trail, module, node)
        return trail

    def _starts(self, look: Look) -> Iterator[Place]:
        field = look.read.field
        if field is None:
            yield look.module, look.node
            return
        yield from self._facts.members.get((id(field.owner.node), field.name), {}).values()

    def _settle_kept(self, look: Look, trail: Trail) -> None:
        """What was put into a container: follow those who take it out, or tell that nobody was seen to."""
        if not trail.kept:
            return
        explained = {
            node
            for other in [*self._looks, *self._beside]
            if other.keys & look.keys
            for node in self._trails[id(other.node)].reached
        }
        orphans = [place for key, place in (trail.nodes or {}).items() if key not in explained]
        for place in orphans:
            follow(trail, *place)
        if not orphans and not any(fate.end is End.SHOWN for fate in trail.fates):
            trail.fates.extend(trail.kept[:1])

    def _hinders(self, look: Look, trail: Trail, fate: Fate) -> bool:
        if fate.end in (End.TESTED, End.LOST) and _is_expected(fate):
            return False
        if fate.end in (End.TESTED, End.LOST):
            return True
        if fate.end is End.APART:
            region = skipped_for_text(fate.module, fate.node, trail.reached)
            return region is None or not self._is_wording(look, trail, fate.module, region)
        if fate.end is End.TYPED:
            told, region = decided_by_type(fate.module, fate.node, trail.reached)
            return not told or (bool(region) and not self._is_wording(look, trail, fate.module, region))
        return False

    def _flattened(self, trail: Trail, bad: list[Fate]) -> tuple[list[Flattening], list[Fate]]:
        """What texts are made of fields and do no harm, and the hindrances that are left."""
        found: list[Flattening] = []
        left: list[Fate] = []
        for fate in bad:
            made = flattening_at(fate.module, fate.node) if fate.end is End.APART else None
            against = self._against(made) if made is not None else [fate]
            left.extend(against)
            found.extend([made] if made is not None and not against else [])
        if found and not {fate.end for fate in trail.fates} <= {End.APART, End.TRUTH, End.NONE}:
            left.extend(fate for fate in bad if fate not in left)
        return found, left

    def _against(self, made: Flattening) -> list[Fate]:
        """What is done with the texts that the new messages would not do for."""
        trail = Trail(self._program)
        follow(trail, made.module, made.text)
        harmless = (End.SHOWN, End.TRUTH, End.NONE)
        bad = [fate for fate in trail.fates if fate.end not in harmless and not _is_expected(fate, cst.Dict)]
        return [*bad, *self._tests_of_exceptions(trail)]

    def _is_wording(self, look: Look, trail: Trail, module: Module, region: Sequence[cst.CSTNode]) -> bool:
        """Whether code that never runs for a text only puts an object in words."""
        inside = {id(each) for top in region for each in walk(top)}
        deeper = {node: place for node, place in self._deeper(look).items() if node in inside}
        if any(id(read.node) in inside for read in self._facts.reads.values() if _is_of(read.part, look)):
            return False
        if not only_words(module, region, trail.reached | set(deeper)):
            return False
        below = Trail(self._program, deeper)
        for place in deeper.values():
            follow(below, *place)
        return not any(
            each.end is End.LOST or (each.end is End.TESTED and not _is_own_key(each.node, trail.reached))
            for each in below.fates
        )

    def _deeper(self, look: Look) -> dict[int, Place]:
        """The expressions for parts of what the look finds."""
        found: dict[int, Place] = {}
        for key, places in self._facts.part_nodes.items():
            origin, path = key if isinstance(key, tuple) else (0, ())
            if origin in look.origins and len(path) > 1 and path[0] == look.read.name:
                found.update(places)
        return found

    def _tests_of_exceptions(self, trail: Trail) -> Iterator[Fate]:
        """`"taken" in str(error)` in a handler of the exception that took the value up."""
        for name in sorted(trail.raised | set(self._raised_with(trail))):
            for module, bound in self._program.caught(name):
                text = _text_of_exception(module, bound)
                if text is not None:
                    told = Trail(self._program)
                    follow(told, module, text)
                    for fate in told.fates:
                        if fate.end is End.TESTED:
                            yield Fate(
                                End.TESTED, fate.module, fate.node, "is searched in an exception's text"
                            )

    def _raised_with(self, trail: Trail) -> Iterator[str]:
        """The exceptions that are made with a larger text which holds the value."""
        for fate in trail.fates:
            if fate.end is End.SHOWN:
                larger = Trail(self._program)
                top = _whole_text(fate.module, fate.node)
                if top is not None:
                    follow(larger, fate.module, top)
                    yield from larger.raised

    def _attribute_rest(self, verdicts: dict[int, Verdict]) -> None:
        """Give tests of the value, and looks into it, that no way led to, to those who may have led there."""
        for look in self._looks:
            mine = verdicts[id(look.node)]
            group = [each for each in verdicts.values() if each.look.keys & look.keys]
            known = [*(each.look for each in group), *self._beside]
            reached = {node for each in known for node in self._trails[id(each.node)].reached}
            if End.SHOWN in mine.ends:
                mine.hindrances.extend(self._unexplained_tests(look, reached))
            blamed = [each for each in group if each.hindrances] or group
            if any(each is mine for each in blamed):
                mine.hindrances.extend(self._unexplained_looks(look, reached))

    def _unexplained_tests(self, look: Look, reached: set[int]) -> Iterator[Fate]:
        """Among them those of larger texts that were put together with the value."""
        for match in self._facts.matches.values():
            plain = isinstance(match.node, (cst.Comparison, cst.Call)) and not is_test_module(match.module)
            if plain and _is_of(match.part, look) and not _touches(match.node, reached):
                yield Fate(End.TESTED, match.module, match.node, "is held against a text")

    def _unexplained_looks(self, look: Look, reached: set[int]) -> Iterator[Fate]:
        for read in self._facts.reads.values():
            plain = isinstance(read.node, (cst.Comparison, cst.Call, cst.Subscript))
            if plain and _is_of(read.part, look) and not _touches(read.node, reached):
                yield Fate(End.APART, read.module, read.node, "is taken apart")


def _whole_text(module: Module, node: cst.CSTNode) -> cst.CSTNode | None:
    """The text that a value becomes a part of: the f-string, the `%`, the sum, the call of `format`."""
    parent = module.parents.get(id(node))
    if isinstance(node, cst.Call):
        return node
    while isinstance(parent, (cst.FormattedStringExpression, cst.FormattedString, cst.BinaryOperation)):
        node, parent = parent, module.parents.get(id(parent))
    return node if isinstance(node, (cst.FormattedString, cst.BinaryOperation)) else None


def _is_expected(fate: Fate, *unlike: type[cst.CSTNode]) -> bool:
    """Whether a test expects it, as a text (or what is not `unlike`): that goes with the recorded answers."""
    objects = any(isinstance(each, unlike or (cst.Dict, cst.List)) for each in walk(fate.node))
    return is_test_module(fate.module) and not objects


def _one_of_several(trail: Trail) -> Fate | None:
    typed = any(fate.end is End.TYPED for fate in trail.fates)
    return trail.alone[0] if typed and trail.alone else None


def _is_own_key(node: cst.CSTNode, values: set[int]) -> bool:
    """`error[field]` for the fields of the error."""
    return isinstance(node, cst.Subscript) and id(node.value) in values


def _is_of(part: Part, look: Look) -> bool:
    """Whether a part is what the look finds."""
    return part.origin.number in look.origins and part.path == (look.read.name,)


def _touches(node: cst.CSTNode, reached: set[int]) -> bool:
    return any(id(each) in reached for each in walk(node))


def _text_of_exception(module: Module, bound: cst.Name) -> cst.CSTNode | None:
    """`str(error)`, `error.args[0]`, `error.message` around the name of a caught exception."""
    parent = module.parents.get(id(bound))
    if isinstance(parent, cst.Arg):
        call = module.parents.get(id(parent))
        return call if isinstance(call, cst.Call) and last_name(call.func) in ("str", "repr") else None
    if isinstance(parent, cst.Attribute) and parent.value is bound:
        if parent.attr.value == "args":
            above = module.parents.get(id(parent))
            return above if isinstance(above, cst.Subscript) else None
        return parent if parent.attr.value in ("message", "msg", "reason", "strerror") else None
    return None
