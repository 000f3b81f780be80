"""The places that spell a field's name, and how all of them are renamed together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import libcst as cst

from aurora_migrate.changes.fields.composed_keys import UNCLEAR, Ending, ending_of
from aurora_migrate.changes.fields.keys import is_listed, key_of_entry, key_of_look, key_of_read, refuse_order
from aurora_migrate.changes.fields.unspelled import refuse_unspelled
from aurora_migrate.changes.surgery.plan import Plan
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.flow.facts import Facts
from aurora_migrate.flow.literals import string_value
from aurora_migrate.flow.models import declaration
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.places import Field
from aurora_migrate.flow.reads import Form, Look, Read
from aurora_migrate.flow.rebinding import declared_global, others
from aurora_migrate.flow.trees import walk
from aurora_migrate.flow.values import Entry, Piece

_DIRECT_PARENTS = (
    cst.DictElement,
    cst.Index,
    cst.Arg,
    cst.Comparison,
    cst.ComparisonTarget,
    cst.MatchMappingElement,
)
"""What a key's literal stands in when nothing else can read it."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place that uses the name: the expression (or identifier) that spells or carries it there."""

    module: Module
    node: cst.CSTNode
    piece: Piece | None
    """The literal behind it, None for an identifier."""
    read: Read | None = None


@dataclass(slots=True)
class Renaming:
    """One name that becomes another wherever it means the same field; `carry_out` plans it or refuses."""

    facts: Facts
    modules: Sequence[Module]
    old: str
    new: str
    others: Mapping[str, str] = field(default_factory=dict)
    """Names that the same rule renames, for keys that can be one or the other."""
    spots: list[Spot] = field(default_factory=list)
    fields: dict[tuple[int, str], Field] = field(default_factory=dict)
    endings: dict[int, tuple[Module, Ending]] = field(default_factory=dict)

    def at_read(self, read: Read) -> None:
        """Add a look into a response."""
        refuse_unspelled(read)
        is_spelled = read.piece is not None and read.piece.node is not None
        if read.form is Form.FIELD and read.field is not None and not is_spelled:
            self.at_field(read.field)
            return
        if isinstance(read.node, cst.Attribute) and read.form in (Form.ATTRIBUTE, Form.COLUMN):
            self.spots.append(Spot(read.module, read.node.attr, None, read))
            return
        node = key_of_read(read)
        if read.form is Form.ATTRIBUTE and read.piece is not None:
            node = read.piece.node
        if node is None:
            raise Refused(UNCLEAR)
        self.spots.append(Spot(read.module, node, read.piece, read))

    def at_entry(self, entry: Entry, home: Module | None = None) -> None:
        """Add an entry of a body, by the literal, keyword or field that names it."""
        if entry.field is not None:
            self.at_field(entry.field)
            return
        use = entry.uses[-1] if entry.uses else None
        if use is not None and isinstance(use.operand, cst.Arg) and entry.key_piece is None:
            if use.operand.keyword is None or use.operand.keyword.value != self.old:
                raise Refused("the key comes from an argument that does not spell it")
            self.spots.append(Spot(use.module, use.operand.keyword, None))
            return
        piece = entry.key_piece
        if piece is None or piece.node is None or piece.module is None:
            self._at_composed(entry)
            return
        node = key_of_entry(entry)
        module = use.module if use is not None else piece.module
        self.spots.append(Spot(module, node if node is not None else piece.node, piece))

    def _at_composed(self, entry: Entry) -> None:
        """Add an entry whose key is put together: all the names that it can be change together."""
        if not entry.uses:
            raise Refused(
                UNCLEAR if entry.key_piece is not None else "no literal spells it: it is an attribute"
            )
        names = {
            name or "" for each in self.facts.stored.values() for place, name in each if place == entry.place
        }
        key, module = key_of_entry(entry), entry.uses[-1].module
        ending = ending_of(module, key, {self.old, *names}, {**self.others, self.old: self.new})
        self.endings[id(ending.node)] = (module, ending)

    def at_look(self, look: Look) -> None:
        """Add a look of the program into its own mapping."""
        line = f"{look.module.path.name}:{look.module.location(look.node).start.line}"
        if look.piece is None or look.piece.node is None:
            raise Refused(f"`{self.old}` is also looked for at {line}, where no literal spells it")
        node = key_of_look(look)
        if node is None:
            raise Refused(f"`{self.old}` is also looked for at {line}")
        self.spots.append(Spot(look.module, node, look.piece))

    def at_field(self, found: Field) -> None:
        """Add a model's field: its declaration and every use of it in the project."""
        self.fields[(id(found.owner.node), found.name)] = found

    def carry_out(self, plan: Plan) -> None:
        """Plan all of it. Raises Refused when one place cannot be renamed with certainty."""
        for found in self.fields.values():
            self._rename_field(plan, found)
        for module, ending in self.endings.values():
            plan.cut(module, ending.node, ending.start, ending.end, ending.text)
        spelled: dict[int, list[Spot]] = {}
        for spot in self.spots:
            if spot.piece is None:
                if not isinstance(spot.node, cst.Name):
                    raise Refused(UNCLEAR)
                plan.rename(spot.module, spot.node, self.new)
            else:
                spelled.setdefault(id(spot.piece.node), []).append(spot)
        for spots in spelled.values():
            self._rename_literal(plan, spots)

    def _rename_literal(self, plan: Plan, spots: list[Spot]) -> None:
        piece = spots[0].piece
        assert piece is not None
        if piece.node is None or piece.module is None:
            raise Refused(UNCLEAR)
        if piece.text != self.old:
            raise Refused(f"`{self.old}` is only a part of the text there")
        parent = piece.module.parents.get(id(piece.node))
        if _is_handed(parent, spots):
            self._check_handed(piece, spots)
        elif not all(spot.node is piece.node for spot in spots):
            try:
                self._check_constant(piece, parent, spots)
            except Refused:
                if self._is_rebound(piece, parent) or not _are_named(parent, piece, spots):
                    raise
                for spot in spots:
                    assert isinstance(spot.node, cst.BaseExpression)
                    plan.replace(spot.module, spot.node, f'"{self.new}"')
                return
        elif _is_in_text(piece) and not _is_placeholder(spots):
            self._check_text(piece)
        elif isinstance(parent, cst.Element) and all(is_listed(spot.read, spot.module) for spot in spots):
            refuse_order(piece.module, parent, self.old, self.new)
        elif not isinstance(parent, _DIRECT_PARENTS) and not _is_placeholder(spots):
            raise Refused(f"the text `{self.old}` there may mean other things, too")
        plan.cut(piece.module, piece.node, piece.start, piece.start + len(self.old), self.new)

    def _check_handed(self, piece: Piece, spots: list[Spot]) -> None:
        """A key that is handed to a helper may change when it is used for these looks alone."""
        ours = {spot.read.part.key for spot in spots if spot.read is not None}
        others = (r for r in self.facts.reads.values() if r.piece is not None and r.piece.node is piece.node)
        if id(piece.node) in self.facts.own_keys or any(read.part.key not in ours for read in others):
            raise Refused(f"the text `{self.old}` that is handed on there is a key of other objects, too")

    def _check_text(self, piece: Piece) -> None:
        """A key inside a JSON text may change where the text is written into a call, and not named before."""
        assert piece.module is not None
        node: cst.CSTNode | None = piece.node
        while isinstance(node, (*_TEXTS, cst.BinaryOperation)):
            node = piece.module.parents.get(id(node))
        if not isinstance(node, cst.Arg):
            raise Refused("the body is written out as a text, which may have other uses")

    def _check_constant(self, piece: Piece, parent: cst.CSTNode | None, spots: list[Spot]) -> None:
        """A constant may change when every use of its name is one of the spots."""
        target = constant_name(parent, piece.node)
        if target is None:
            raise Refused(f"the text `{self.old}` is not written where it is used")
        used = {id(spot.node) for spot in spots} | self._bindings(piece, target)
        for module in self.modules:
            for node in mentions(module, target.value):
                if node is not target and id(node) not in used and not _is_part_of(module, node, used):
                    line = module.location(node).start.line
                    raise Refused(f"`{target.value}` is also used at {module.path.name}:{line}")

    def _bindings(self, piece: Piece, target: cst.Name) -> set[int]:
        """What else binds a constant, each to a text that stands for itself there."""
        assert piece.module is not None
        found = others(self.modules, piece.module, target)
        for each in found:
            if not each.is_written:
                line = each.module.location(each.node).start.line
                where = f"{each.module.path.name}:{line}"
                raise Refused(f"`{target.value}` can be given another value at {where}")
        return {id(each.node) for each in found} | declared_global(piece.module, target.value)

    def _is_rebound(self, piece: Piece, parent: cst.CSTNode | None) -> bool:
        """Whether the name at the spots may stand for another text than this one."""
        target = constant_name(parent, piece.node)
        return target is None or piece.module is None or bool(others(self.modules, piece.module, target))

    def _rename_field(self, plan: Plan, found: Field) -> None:
        place = declaration(found.owner, found.name)
        if place is None or not isinstance(place.target, cst.Name):
            raise Refused(f"the declaration of `{found.name}` was not found")
        if self.new in (found.owner.fields or ()):
            raise Refused(f"`{found.owner.name}` has a field `{self.new}`, too")
        known = self.facts.members.get((id(found.owner.node), found.name), {})
        keywords = self.facts.field_keywords.get((id(found.owner.node), found.name), {})
        renamed = {id(place.target), *(id(node.attr) for _, node in known.values())}
        renamed |= {id(arg.keyword) for _, arg in keywords.values()}
        others = self._of_others(found)
        if any(id(node.attr) in others for _, node in known.values()):
            raise Refused(
                f"`{found.name}` is also read of another class where it is read of `{found.owner.name}`"
            )
        renamed |= others
        for module in self.modules:
            for node in mentions(module, found.name):
                if id(node) not in renamed and _may_be_member(module, node):
                    line = module.location(node).start.line
                    raise Refused(
                        f"whether `{found.name}` at {module.path.name}:{line} is that of "
                        f"`{found.owner.name}` cannot be told"
                    )
        plan.rename(found.owner.module, place.target, self.new)
        for module, attribute in known.values():
            plan.rename(module, attribute.attr, self.new)
        for module, arg in keywords.values():
            if arg.keyword is not None:
                plan.rename(module, arg.keyword, self.new)

    def _of_others(self, found: Field) -> set[int]:
        """The names of attributes and arguments that are known to be fields of other models."""
        own = (id(found.owner.node), found.name)
        others: set[int] = set()
        for key, members in self.facts.members.items():
            others |= (
                {id(node.attr) for _, node in members.values()} if key[1] == own[1] and key != own else set()
            )
        for key, keywords in self.facts.field_keywords.items():
            if key[1] == own[1] and key != own:
                others |= {id(arg.keyword) for _, arg in keywords.values()}
        return others


def refuse_rebound(modules: Sequence[Module], read: Read) -> None:
    """Raises Refused where a constant names the key that is looked for, and can be given another value."""
    piece = read.piece
    if piece is not None and piece.node is not None and piece.module is not None:
        target = constant_name(piece.module.parents.get(id(piece.node)), piece.node)
        if target is not None and others(modules, piece.module, target):
            raise Refused(f"`{target.value}` can be given another value")


_TEXTS = (cst.SimpleString, cst.FormattedStringText, cst.FormattedString, cst.ConcatenatedString)


def _is_in_text(piece: Piece) -> bool:
    """Whether the name is a part of a longer text."""
    if isinstance(piece.node, cst.SimpleString):
        return piece.text != string_value(piece.node)
    return isinstance(piece.node, cst.FormattedStringText)


def _is_placeholder(spots: list[Spot]) -> bool:
    return all(spot.read is not None and spot.read.form is Form.TEMPLATE for spot in spots)


def _is_handed(parent: cst.CSTNode | None, spots: list[Spot]) -> bool:
    return isinstance(parent, (cst.Arg, cst.Index)) and any(
        spot.piece is not None and spot.node is not spot.piece.node for spot in spots
    )


def mentions(module: Module, name: str) -> Iterator[cst.Name]:
    """Every identifier of that name in a module but those of its imports."""
    for node in module.identifiers.get(name, ()):
        parent = module.parents.get(id(node))
        if not isinstance(parent, (cst.ImportAlias, cst.AsName)):
            yield node


def constant_name(parent: cst.CSTNode | None, literal: cst.CSTNode | None) -> cst.Name | None:
    if isinstance(parent, cst.Assign) and parent.value is literal and len(parent.targets) == 1:
        target = parent.targets[0].target
        return target if isinstance(target, cst.Name) else None
    if isinstance(parent, cst.AnnAssign) and parent.value is literal and isinstance(parent.target, cst.Name):
        return parent.target
    return None


def _are_named(parent: cst.CSTNode | None, piece: Piece, spots: list[Spot]) -> bool:
    """Whether each spot names the constant, so that the new text can stand in the name's place there."""
    target = constant_name(parent, piece.node)
    if target is None:
        return False
    for spot in spots:
        last = spot.node.attr if isinstance(spot.node, cst.Attribute) else spot.node
        if not isinstance(last, cst.Name) or last.value != target.value or _is_parameter(spot):
            return False
    return True


def _is_parameter(spot: Spot) -> bool:
    """Whether the name at a spot is a parameter of a function around it."""
    current = spot.module.parents.get(id(spot.node))
    while current is not None:
        if isinstance(current, (cst.FunctionDef, cst.Lambda)) and isinstance(spot.node, cst.Name):
            params = (each for each in walk(current.params) if isinstance(each, cst.Param))
            if any(each.name.value == spot.node.value for each in params):
                return True
        current = spot.module.parents.get(id(current))
    return False


def _is_part_of(module: Module, node: cst.CSTNode, used: set[int]) -> bool:
    """Whether an identifier is the last name of an attribute that is one of the nodes (`keys.LEVEL`)."""
    parent = module.parents.get(id(node))
    return isinstance(parent, cst.Attribute) and parent.attr is node and id(parent) in used


def _may_be_member(module: Module, node: cst.Name) -> bool:
    """Whether an identifier stands where a field of some object would be: `x.name`, `f(name=...)`."""
    parent = module.parents.get(id(node))
    return isinstance(parent, cst.Attribute) and parent.attr is node
