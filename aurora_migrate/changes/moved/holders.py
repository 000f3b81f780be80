"""What holds an object whose fields move (the body, a variable, an attribute), and what speaks of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import libcst as cst

from aurora_migrate.changes.context import Context
from aurora_migrate.changes.moved.comments import refuse_leading_commas
from aurora_migrate.changes.moved.displays import Display, display_of, items_of, taken
from aurora_migrate.changes.moved.expected import is_held_against
from aurora_migrate.changes.moved.selection import receiver_of
from aurora_migrate.changes.moved.sites import Site, assignments, free_name
from aurora_migrate.changes.moved.unseen import is_looked_into
from aurora_migrate.changes.surgery.plan import Plan
from aurora_migrate.changes.surgery.purity import is_message
from aurora_migrate.changes.surgery.tree import Refused, dotted
from aurora_migrate.flow.around import ancestors, function_of
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.places import Use
from aurora_migrate.flow.trees import walk


class Holder:
    """The old object's holder: knows every expression that speaks of it, and turns those to new objects."""

    def __init__(self, context: Context, plan: Plan, site: Site, module: Module, display: Display) -> None:
        self.context = context
        self.plan = plan
        self.site = site
        self.module = module
        self.display = display
        self.claimed: set[int] = set()
        self.exists: set[str] = set()
        """The new objects that are in the body from the start."""
        self.looks = {
            id(look.node): look.module for look in context.facts.looks.get(site.entry.place, {}).values()
        }
        """The expressions that take the object out of a body."""
        self.aliases: dict[int, tuple[Module, cst.Assign]] = {}
        """By the names that stand for it: the statement that took it out."""
        self.is_plain = True
        self._turned: dict[tuple[int, str], str] = {}
        self._updates: set[int] = set()

    def claim(self, module: Module, node: cst.BaseExpression) -> None:
        """Note that an expression is the object. Raises Refused when that cannot be seen."""
        if id(node) in self.looks:
            self.claimed.add(id(node))
            return
        taken_out = self._taken_out(module, node)
        if taken_out is None:
            line = module.location(node).start.line
            raise Refused(f"what is changed at {module.path.name}:{line} cannot be followed to the body")
        self.aliases[id(node)] = (module, taken_out)
        self.claimed.add(id(node))

    def _taken_out(self, module: Module, node: cst.BaseExpression) -> cst.Assign | None:
        """The one statement `name = body["object"]` that a name comes from."""
        if not isinstance(node, cst.Name):
            return None
        found = assignments(function_of(module, node) or module.tree, node.value)
        sole = found[0] if len(found) == 1 else None
        if not isinstance(sole, cst.Assign) or id(sole.value) not in self.looks:
            return None
        return sole

    def check(self) -> None:
        """Raise Refused where the object is used in a way that would miss what moves."""
        for module, statement in {id(pair[1]): pair for pair in self.aliases.values()}.values():
            name = statement.targets[0].target
            assert isinstance(name, cst.Name)
            scope = function_of(module, statement) or module.tree
            self._check_mentions(module, scope, name.value, {id(name)})
            self.claimed.add(id(statement.value))
        nodes = {id(node): node for module in self.context.modules for node in self._of(module)}
        for key, module in self.looks.items():
            node = nodes.get(key)
            if node is not None and key not in self.claimed:
                self._check_use(module, node)

    def _of(self, module: Module) -> Iterator[cst.CSTNode]:
        if module in self.looks.values():
            yield from (node for node in walk(module.tree) if id(node) in self.looks)

    def _check_mentions(self, module: Module, scope: cst.CSTNode, name: str, known: set[int]) -> None:
        for node in walk(scope):
            if isinstance(node, cst.Name) and node.value == name and id(node) not in known | self.claimed:
                self._check_use(module, node)

    def _check_use(self, module: Module, node: cst.CSTNode) -> None:
        """Every look at a key is known; messages may lack what has moved, and tests follow."""
        parent = module.parents.get(id(node))
        if isinstance(parent, (cst.Arg, cst.Attribute)) and _is_keyword(parent, node):
            return
        if any(isinstance(each, cst.Call) and is_message(each) for each in ancestors(module, node)):
            self.is_plain = False
            return
        if is_held_against(module, node) or is_looked_into(module, node):
            return
        line = module.location(node).start.line
        raise Refused(f"the whole object is also used at {module.path.name}:{line}")

    def turn(self, module: Module, node: cst.BaseExpression, target: str) -> None:
        """Let an expression mean the new object instead of the old one."""
        if id(node) in self.aliases:
            source = self._beside_alias(*self.aliases[id(node)], target)
        else:
            source = self._in_body(module, node, target)
        self.plan.replace(module, node, source)

    def _in_body(self, module: Module, node: cst.BaseExpression, target: str) -> str:
        if not isinstance(node, cst.Subscript):
            line = module.location(node).start.line
            raise Refused(f"the object is taken out of the body by a call at {module.path.name}:{line}")
        body = module.tree.code_for_node(node.value).strip()
        return f'{body}["{target}"]' if target in self.exists else f'{body}.setdefault("{target}", {{}})'

    def _beside_alias(self, module: Module, statement: cst.Assign, target: str) -> str:
        key = (id(statement), target)
        if key not in self._turned:
            assert isinstance(statement.value, cst.BaseExpression)
            self._turned[key] = name = free_name(module, statement, target)
            made = self._in_body(module, statement.value, target)
            self.plan.insert_after(module, statement, f"{name} = {made}")
        return self._turned[key]

    in_place = False
    """Whether the first new object, where nothing stays in the old one, keeps that one's display."""

    def may_go(self, use: Use, written: bool) -> bool:
        """Whether the old object can leave its place to the first new one, where nothing stays in it."""
        del use
        return written

    def enter(self, use: Use, made: Mapping[str, Display], *, alone: bool) -> None:
        """Put the new objects into the body beside the old one."""
        self.exists = set(made)
        operand = use.operand
        if isinstance(operand, (cst.DictElement, cst.Arg)):
            rest = dict(made)
            if alone:
                first = next(iter(rest))
                self.plan.put(use.module, operand.value, rest.pop(first))
                self.plan.moved(use.module, operand.value)
                self.plan.respell(use.module, operand, self.site.table.old, first)
            self.plan.add_beside(use.module, operand, rest)
        elif isinstance(operand, cst.Assign) and isinstance(operand.targets[0].target, cst.Subscript):
            body = use.module.tree.code_for_node(operand.targets[0].target.value).strip()
            for name, display in made.items():
                code = use.module.tree.code_for_node(display)
                self.plan.insert_after(use.module, operand, f'{body}["{name}"] = {code}')
        else:
            raise Refused("the object enters the body in a way that leaves no place for others")

    def move_update(self, use: Use, targets: Mapping[int, str]) -> None:
        """Split `object.update(...)` or `object |= {...}` by the objects that its entries belong to."""
        display = use.container
        if id(display) in self._updates:
            return
        self._updates.add(id(display))
        if isinstance(display, (cst.Dict, cst.Call)):
            refuse_leading_commas(display)
        receiver = receiver_of(use.operand, use.module)
        statement = _statement_of(use.module, display)
        if receiver is None or statement is None or not isinstance(display, (cst.Dict, cst.Call)):
            raise Refused("several fields are set at once there")
        items = items_of(display)
        if any(id(item) not in targets for item in items) or len(items) != len(brackets_items(display)):
            raise Refused("several fields are set at once there")
        groups: dict[str, list[cst.DictElement | cst.Arg]] = {}
        for item in items:
            groups.setdefault(targets[id(item)], []).append(item)
        kept: str | None = self.site.table.old if self.site.table.old in groups else next(iter(groups))
        if isinstance(statement, cst.AugAssign) and kept != self.site.table.old:
            # `object.setdefault(...) |= {...}` is no Python.
            kept = None
        for target, own in groups.items():
            if target != kept:
                code = use.module.tree.code_for_node(taken(self.plan, use.module, display, own))
                argument = code if isinstance(display, cst.Dict) else code.removeprefix("dict(")[:-1]
                self.plan.insert_after(
                    use.module, statement, f"{self.source(use.module, receiver, target)}.update({argument})"
                )
                for item in own if kept is not None else ():
                    self.plan.take_away(use.module, item)
        if kept is None:
            self.plan.moved(use.module, statement)
            self.plan.remove_statement(use.module, statement)
        elif kept != self.site.table.old:
            self.turn(use.module, receiver, kept)

    def source(self, module: Module, node: cst.BaseExpression, target: str) -> str:
        """The source of the new object where the expression means the old one."""
        if id(node) in self.aliases:
            return self._beside_alias(*self.aliases[id(node)], target)
        return self._in_body(module, node, target)


class Inline(Holder):
    """The object is written out in the body."""


class Variable(Holder):
    """The object is made in a variable or attribute first."""

    in_place = True

    def __init__(
        self,
        context: Context,
        plan: Plan,
        site: Site,
        module: Module,
        made: cst.Assign | cst.AnnAssign,
        name: cst.BaseExpression,
        scope: cst.CSTNode,
    ) -> None:
        display = display_of(made.value)
        if display is None:
            raise Refused("the object is not written out where it is made")
        super().__init__(context, plan, site, module, display)
        self.made = made
        self.name = dotted(name) or ""
        self.value = name
        self.scope = scope
        self.names: dict[str, str] = {}

    def claim(self, module: Module, node: cst.BaseExpression) -> None:
        if module is self.module and dotted(node) == self.name and _is_inside(module, node, self.scope):
            self.claimed.add(id(node))
            return
        super().claim(module, node)

    def check(self) -> None:
        super().check()
        target = self.made.target if isinstance(self.made, cst.AnnAssign) else self.made.targets[0].target
        known = {id(target), id(self.value)}
        if isinstance(self.value, cst.Name):
            self._check_mentions(self.module, self.scope, self.name, known)
            return
        last = self.name.rpartition(".")[2]
        for module in self.context.modules:
            if last not in module.text:
                continue
            for node in walk(module.tree):
                is_ours = isinstance(node, cst.Attribute) and node.attr.value == last
                if is_ours and id(node) not in known | self.claimed:
                    self._check_use(module, node)

    def turn(self, module: Module, node: cst.BaseExpression, target: str) -> None:
        self.plan.replace(module, node, self.source(module, node, target))

    def source(self, module: Module, node: cst.BaseExpression, target: str) -> str:
        if id(node) in self.aliases or id(node) in self.looks:
            return super().source(module, node, target)
        return self.names[target]

    def may_go(self, use: Use, written: bool) -> bool:
        del written
        operand = use.operand
        key = operand.key if isinstance(operand, cst.DictElement) else None
        spelled = isinstance(operand, cst.Arg) or isinstance(key, cst.SimpleString)
        if isinstance(self.display, cst.Call) and dotted(self.display.func) != "dict":
            return False  # a class of the old object is none of the new one
        # A message that speaks of the variable has to find it.
        return spelled and self.is_plain and isinstance(self.value, cst.Name)

    def enter(self, use: Use, made: Mapping[str, Display], *, alone: bool) -> None:
        self.exists = {name for name in self.site.present() if name != self.site.table.old}
        targets = [name for name in self.site.present() if name in self.exists]
        for target in targets:
            self.names[target] = self._named(target)
        rest = dict(self.names)
        if alone:
            self._replace_old(use, targets[0], rest.pop(targets[0]))
        for target in rest:
            display = made.get(target)
            code = self.module.tree.code_for_node(display) if display is not None else "{}"
            self.plan.insert_after(self.module, self.made, f"{self._typed(target)} = {code}")
        operand = use.operand
        if isinstance(operand, (cst.DictElement, cst.Arg)):
            self.plan.add_beside(use.module, operand, rest)
        elif isinstance(operand, cst.Assign) and isinstance(operand.targets[0].target, cst.Subscript):
            body = use.module.tree.code_for_node(operand.targets[0].target.value).strip()
            for target, name in rest.items():
                self.plan.insert_after(use.module, operand, f'{body}["{target}"] = {name}')
        else:
            raise Refused("the object enters the body in a way that leaves no place for others")

    def _replace_old(self, use: Use, first: str, name: str) -> None:
        """Let the first new object have the old one's statement, and its place in the body."""
        target = self.made.target if isinstance(self.made, cst.AnnAssign) else self.made.targets[0].target
        assert isinstance(target, cst.Name)
        assert isinstance(use.operand, (cst.DictElement, cst.Arg))
        self.plan.rename(self.module, target, name)
        self.plan.replace(use.module, use.operand.value, name)
        self.plan.respell(use.module, use.operand, self.site.table.old, first)

    def _named(self, target: str) -> str:
        if isinstance(self.value, cst.Name):
            return free_name(self.module, self.value, target)
        owner, _, last = self.name.rpartition(".")
        wanted = ("_" if last.startswith("_") else "") + target
        used = {node.value for module in self.context.modules for node in _names(module, wanted)}
        if wanted in used:
            raise Refused(f"`{wanted}` means something else in the program")
        return f"{owner}.{wanted}"

    def _typed(self, target: str) -> str:
        """The new name, with the old one's annotation where that says no more than that it is a dict."""
        if isinstance(self.made, cst.AnnAssign):
            annotation = self.module.tree.code_for_node(self.made.annotation.annotation).strip()
            if annotation.lower().startswith(("dict", "typing.dict")):
                return f"{self.names[target]}: {annotation}"
        return self.names[target]


def holder_of(context: Context, plan: Plan, site: Site, value: cst.BaseExpression) -> Holder:
    """What holds the object. Raises Refused when that is neither written out nor a variable of one place."""
    module = site.entry.uses[-1].module
    display = display_of(value)
    if display is not None and isinstance(display, (cst.Dict, cst.Call)) and _is_written(display):
        return Inline(context, plan, site, module, display)
    scope: cst.CSTNode | None = None
    if isinstance(value, cst.Name):
        scope = function_of(module, value) or module.tree
    elif isinstance(value, cst.Attribute) and isinstance(value.value, cst.Name):
        scope = next((each for each in ancestors(module, value) if isinstance(each, cst.ClassDef)), None)
    if scope is None:
        raise Refused("the object is not written out where it is made")
    found = assignments(scope, dotted(value) or "")
    if len(found) != 1 or _is_parameter(scope, value):
        raise Refused("the object is not made in one place")
    return Variable(context, plan, site, module, found[0], value, scope)


def brackets_items(display: Display) -> list[cst.CSTNode]:
    """All items of a display, spread ones included."""
    return list(display.args) if isinstance(display, cst.Call) else list(display.elements)


def _is_written(display: Display) -> bool:
    """Whether a call is one of `dict` or of a class, by its name: others make what nobody can see."""
    if isinstance(display, cst.Dict):
        return True
    name = (dotted(display.func) or "").rpartition(".")[2]
    return bool(display.args) and (name == "dict" or name[:1].isupper())


def _is_parameter(scope: cst.CSTNode, value: cst.BaseExpression) -> bool:
    if not isinstance(scope, (cst.FunctionDef, cst.Lambda)) or not isinstance(value, cst.Name):
        return False
    params = (each for each in walk(scope.params) if isinstance(each, cst.Param))
    return any(each.name.value == value.value for each in params)


def _is_inside(module: Module, node: cst.CSTNode, scope: cst.CSTNode) -> bool:
    return scope is module.tree or any(each is scope for each in ancestors(module, node))


def _is_keyword(parent: cst.CSTNode, node: cst.CSTNode) -> bool:
    return (isinstance(parent, cst.Arg) and parent.keyword is node) or (
        isinstance(parent, cst.Attribute) and parent.attr is node
    )


def _statement_of(module: Module, display: cst.CSTNode) -> cst.BaseSmallStatement | None:
    """The statement that does nothing but the update in which a display stands."""
    for node in ancestors(module, display):
        if isinstance(node, (cst.Expr, cst.AugAssign)):
            return node
        if not isinstance(node, (cst.Arg, cst.Call)):
            return None
    return None


def _names(module: Module, name: str) -> Iterator[cst.Name]:
    if name in module.text:
        yield from (node for node in walk(module.tree) if isinstance(node, cst.Name) and node.value == name)
