"""A plan: what is to be taken out of and put into the user's modules, and the text edits that do it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

import libcst as cst

from aurora_migrate.changes.surgery import brackets, dead
from aurora_migrate.changes.surgery.bodies import parsed_statements
from aurora_migrate.changes.surgery.definitions import Named
from aurora_migrate.changes.surgery.imports import Imported, add_imports, wanted_by
from aurora_migrate.changes.surgery.losses import refuse_losses
from aurora_migrate.changes.surgery.marks import Marks
from aurora_migrate.changes.surgery.operands import Operands
from aurora_migrate.changes.surgery.rendering import edits_between
from aurora_migrate.changes.surgery.rewrite import changed_node, host_of, rewritten
from aurora_migrate.changes.surgery.strings import Cut, source_cuts, spelling_of
from aurora_migrate.changes.surgery.style import (
    Quotes,
    entry_for,
    keyword_argument,
    parsed_expression,
    quotes_of,
)
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.findings import Edit
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.places import Use
from aurora_migrate.flow.trees import walk

_TIGHT_PARENTS = (
    cst.BinaryOperation,
    cst.BooleanOperation,
    cst.UnaryOperation,
    cst.Comparison,
    cst.ComparisonTarget,
    cst.Attribute,
    cst.Subscript,
    cst.Call,
    cst.Await,
    cst.IfExp,
    cst.StarredElement,
    cst.StarredDictElement,
)
_LOOSE = (
    cst.BinaryOperation,
    cst.BooleanOperation,
    cst.UnaryOperation,
    cst.Comparison,
    cst.IfExp,
    cst.Lambda,
    cst.Await,
    cst.NamedExpr,
    cst.Yield,
)


@lru_cache(maxsize=512)
def _quotes_of_module(module: Module) -> Quotes:
    return quotes_of(module.tree)


class _Work:
    """The marks on one module."""

    def __init__(self, module: Module) -> None:
        self.module = module
        self.parents = module.parents
        self.marks = Marks()
        self.quotes = _quotes_of_module(module)
        self.operands = Operands(self.parents, self.marks, self.quotes)
        self.nodes: dict[int, cst.CSTNode] = {}
        self.imports: dict[str, list[Imported]] = {}

    def quotes_at(self, node: cst.CSTNode) -> Quotes:
        """The quotation mark for new code: inside an f-string, the one that does not end it."""
        above = self.parents.get(id(node))
        while above is not None and not isinstance(above, cst.BaseSuite):
            if isinstance(above, cst.FormattedString):
                return Quotes("'" if '"' in above.quote else '"')
            above = self.parents.get(id(above))
        return self.quotes


class Plan:
    """Collects removals and additions over several modules; `edits` carries them out.

    `clean`: after the removals, code that only the removed code used goes too.
    Every method raises `Refused` when its part cannot be done with certainty.
    """

    def __init__(self, *, clean: bool = True) -> None:
        self.clean = clean
        self._works: dict[int, _Work] = {}

    def cut(self, module: Module, node: cst.CSTNode, start: int, end: int, replacement: str = "") -> None:
        """Replace characters `start` to `end` of the evaluated value of a string literal or f-string part."""
        if start == end and not replacement:
            return
        work = self._work(module)
        work.nodes[id(node)] = node
        cuts, cut = work.marks.cuts.setdefault(id(node), []), Cut(start, end, replacement)
        if cut not in cuts:
            cuts.append(cut)
            source_cuts(spelling_of(node, host_of(node, work.parents)), cuts)

    def take_out(self, use: Use) -> None:
        """Remove the operand from its container, with the placeholder or comma that belongs to it."""
        self._work(use.module).operands.take_out(use.container, use.operand)

    def remove_statement(self, module: Module, statement: cst.CSTNode) -> None:
        """Remove a statement: a whole line, one of several on a line, or a compound one."""
        self._work(module).operands.drop_statement(statement)

    def remove_argument(self, module: Module, call: cst.Call, arg: cst.Arg, *, meant: bool = False) -> None:
        """Remove one argument of a call; `meant`: nothing that its evaluation does is missed."""
        if not any(arg is each for each in call.args):
            raise Refused("the argument is not in this call")
        marks = self._work(module).marks
        marks.gone.add(id(arg))
        if meant:
            marks.meant.add(id(arg))

    def replace(self, module: Module, node: cst.CSTNode, source: str) -> None:
        """Put another expression in place of one, parenthesised where precedence wants it."""
        quotes = self._work(module).quotes_at(node)
        self.put(module, node, quotes.restyled(parsed_expression(source, module.tree)))

    def put(self, module: Module, node: cst.CSTNode, new: cst.BaseExpression) -> None:
        """As `replace`, with an expression that is the user's own and keeps its spelling."""
        work = self._work(module)
        if self._needs_parens(work, node, new):
            new = new.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
        if isinstance(node, cst.GeneratorExp) and isinstance(new, cst.GeneratorExp) and not node.lpar:
            # A call's only argument has the call's own parentheses.
            new = new.with_changes(lpar=[], rpar=[])
        known = work.marks.replaced.get(id(node))
        if known is not None and not known.deep_equals(new):
            raise Refused("two changes want different code in the same place")
        work.nodes[id(node)] = node
        work.marks.replaced[id(node)] = new

    def reword(self, module: Module, node: cst.CSTNode, source: str) -> None:
        """As `replace`, where the new expression evaluates all that the old one did."""
        self.replace(module, node, source)
        self._work(module).marks.reworded.add(id(node))

    def rename(self, module: Module, name: cst.Name, new: str) -> None:
        """Put another name in the place of one: a keyword, an attribute's, a field's or a variable's."""
        self.replace(module, name, new)

    def wrap(self, module: Module, node: cst.BaseExpression, template: str) -> None:
        """Put an expression into a larger one: its source, with `INNER` where the expression goes."""
        work = self._work(module)
        work.nodes[id(node)] = node
        work.marks.wrapped[id(node)] = work.quotes_at(node).restyled(parsed_expression(template, module.tree))

    def add_entry(self, module: Module, mapping_node: cst.CSTNode, key: str, value: str) -> None:
        """Add a last entry to a dict display or `dict(...)` call; `key` is its text, `value` source code."""
        if not isinstance(mapping_node, (cst.Dict, cst.Call)):
            raise Refused("the mapping is not written out in one place")
        work = self._work(module)
        quotes = quotes_of(mapping_node, work.quotes)
        item = entry_for(mapping_node, key, quotes.restyled(parsed_expression(value, module.tree)), quotes)
        self._add(work, mapping_node, item)

    def add_keyword(self, module: Module, call: cst.Call, keyword: str, value: str) -> None:
        """Add a keyword argument to a call, before any `**kwargs`; `value` is source code."""
        work = self._work(module)
        for arg in call.args:
            if arg.keyword is not None and arg.keyword.value == keyword and id(arg) not in work.marks.gone:
                raise Refused(f"the call already has an argument {keyword}")
        quotes = quotes_of(call, work.quotes)
        new = quotes.restyled(parsed_expression(value, module.tree))
        self._add(work, call, keyword_argument(call, keyword, new))

    def moved(self, module: Module, node: cst.CSTNode) -> None:
        """Note that the plan puts a node's code somewhere else, so that nothing of it is lost."""
        self._work(module).marks.moved.add(id(node))

    def lifted(self, module: Module, node: cst.CSTNode) -> cst.CSTNode:
        """A node as the changes so far make it, to be put elsewhere; its old place is the caller's affair."""
        work = self._work(module)
        changed = changed_node(node, module.tree, work.marks, work.parents)
        for each in walk(node):
            work.marks.forget(id(each))
            work.nodes.pop(id(each), None)
        work.marks.moved.add(id(node))
        return changed

    def take_away(self, module: Module, item: cst.CSTNode) -> None:
        """Leave out an entry whose code is put elsewhere."""
        marks = self._work(module).marks
        marks.gone.add(id(item))
        marks.moved.add(id(item))

    def split_entry(
        self, module: Module, item: cst.DictElement | cst.Arg, key: str, values: Mapping[str, str]
    ) -> None:
        """Put several entries in the place of one; `values` are source code.

        That of `key` replaces its value. When there is none for it, the first of them gets its place, and
        the key its name.
        """
        names = list(values)
        first = key if key in values else names[0]
        self.replace(module, item.value, values[first])
        if first != key:
            self.respell(module, item, key, first)
        self.add_beside(module, item, {name: values[name] for name in names if name != first})

    def respell(self, module: Module, item: cst.DictElement | cst.Arg, key: str, new: str) -> None:
        """Give an entry of a display another key."""
        if isinstance(item, cst.Arg) and item.keyword is not None:
            self.rename(module, item.keyword, new)
        elif isinstance(item, cst.DictElement) and isinstance(item.key, cst.SimpleString):
            self.cut(module, item.key, 0, len(key), new)
        elif isinstance(item, cst.DictElement):
            self.replace(module, item.key, f'"{new}"')

    def add_beside(
        self, module: Module, item: cst.DictElement | cst.Arg, values: Mapping[str, str | cst.BaseExpression]
    ) -> None:
        """Put entries right behind one of a display or call; `values` are source code or expressions."""
        work = self._work(module)
        holder = work.parents.get(id(item))
        if not isinstance(holder, (cst.Dict, cst.Call)):
            raise Refused("the mapping is not written out in one place")
        quotes = quotes_of(holder, work.quotes)
        known = work.marks.beside.setdefault(id(item), [])
        for name, value in values.items():
            if isinstance(value, str):
                value = quotes.restyled(parsed_expression(value, module.tree))
            known.append(entry_for(holder, name, value, quotes))

    def spread_beside(self, module: Module, item: cst.DictElement | cst.Arg, source: str) -> None:
        """Spread a mapping (source code) right behind an entry of a display or call."""
        work = self._work(module)
        holder = work.parents.get(id(item))
        new = quotes_of(item, work.quotes).restyled(parsed_expression(source, module.tree))
        known = work.marks.beside.setdefault(id(item), [])
        # A display takes no conditional expression without parentheses.
        new = new.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
        known.append(cst.Arg(new, star="**") if isinstance(holder, cst.Call) else cst.StarredDictElement(new))

    def insert_before(self, module: Module, statement: cst.CSTNode, source: str) -> None:
        """Put simple statements above a statement, below its blank lines and above its comments."""
        self._insert(module, self._work(module).marks.before, statement, source)

    def insert_apart(self, module: Module, statement: cst.CSTNode, source: str) -> None:
        """Put simple statements above a statement, with blank lines around them."""
        self.insert_before(module, statement, source)
        self._work(module).marks.spaced.add(id(statement))

    def insert_after(self, module: Module, statement: cst.CSTNode, source: str) -> None:
        """Put simple statements below a statement."""
        self._insert(module, self._work(module).marks.after, statement, source)

    def add_import(self, module: Module, statement: str) -> None:
        """Add import statements among the module's imports; nothing when it has them above the new code."""
        imports = self._work(module).imports
        for line in parsed_statements(statement, module.tree):
            if not isinstance(line, cst.SimpleStatementLine):
                raise Refused(f"{statement!r} is no import statement")
            line = line.with_changes(leading_lines=[])
            source = cst.Module([line]).code.strip()
            imports[source] = wanted_by(module.tree, line, source)

    def edits(self, modules: Sequence[Module], mentioned: Named = lambda name: False) -> tuple[Edit, ...]:
        """The text edits; `modules` are all loaded modules of the project, for counting uses.

        Functions, classes, methods and constants stay when they are `mentioned`: when files of the
        project that are not among the modules (`pyproject.toml`, `setup.py`, notebooks) speak of that name.
        """
        works = [work for _, work in sorted(self._works.items(), key=lambda pair: pair[1].module.path)]
        for work in works:
            self._settle(work)
        if all(work.marks.only_cuts for work in works if any(work.marks.ids())):
            return tuple(sorted(edit for work in works for edit in _direct_edits(work)))
        trees = {
            work.module.path: rewritten(work.module.tree, work.marks, work.parents)
            for work in works
            if any(work.marks.ids())
        }
        cut_only = {work.module.path: work for work in works if work.marks.only_cuts}
        everything = {module.path: module for module in [*modules, *(work.module for work in works)]}
        final = dead.clean(trees, list(everything.values()), mentioned) if self.clean else trees
        refuse_losses(
            {path: module.tree for path, module in everything.items()},
            final,
            {work.module.path: work.marks for work in works if any(work.marks.ids())},
        )
        found: list[Edit] = []
        for path, tree in final.items():
            if path in cut_only and tree is trees[path]:
                found.extend(_direct_edits(cut_only[path]))
            elif not everything[path].rendered:
                raise Refused(f"it stands in `{path.name}`, whose entries are not moved or taken out")
            else:
                found.extend(edits_between(everything[path], tree.code))
        return tuple(sorted(found))

    def _work(self, module: Module) -> _Work:
        if id(module) not in self._works:
            self._works[id(module)] = _Work(module)
        return self._works[id(module)]

    def _add(self, work: _Work, holder: cst.CSTNode, item: brackets.Item) -> None:
        known = work.marks.added.setdefault(id(holder), [])
        if not any(item.deep_equals(each) for each in known):
            known.append(item)

    def _insert(
        self, module: Module, place: dict[int, list[str]], statement: cst.CSTNode, source: str
    ) -> None:
        source = self._work(module).quotes.restyled_source(source)
        parsed_statements(source, module.tree)
        known = place.setdefault(id(statement), [])
        if source not in known:
            known.append(source)

    def _settle(self, work: _Work) -> None:
        """Follow up on cuts, and refuse a replacement that would swallow another change."""
        for node in list(work.nodes.values()):
            if id(node) in work.marks.cuts:
                work.operands.drop_emptied(node)
        work.operands.finish()
        if work.imports:
            add_imports(work.module.tree, work.imports, work.marks, work.parents)
            work.imports = {}
        marked = set(work.marks.ids())
        for key in work.marks.replaced:
            place = work.nodes.get(key)
            if place is not None and any(id(each) in marked for each in walk(place) if each is not place):
                raise Refused("one change would replace the code that another one edits")

    def _needs_parens(self, work: _Work, node: cst.CSTNode, new: cst.BaseExpression) -> bool:
        parent = work.parents.get(id(node))
        if new.lpar or not isinstance(new, _LOOSE) or not isinstance(parent, _TIGHT_PARENTS):
            return False
        if isinstance(node, cst.BaseExpression) and node.lpar:
            return False
        if isinstance(parent, cst.BinaryOperation) and isinstance(new, cst.BinaryOperation):
            return parent.left is not node or type(parent.operator) is not type(new.operator)
        return True


def _direct_edits(work: _Work) -> list[Edit]:
    """Cuts as edits of the source itself, without rendering anything."""
    found: list[Edit] = []
    for key, cuts in work.marks.cuts.items():
        node = work.nodes[key]
        span = work.module.span(node)
        if span is None:
            raise Refused("the place of the string in the file cannot be told for certain")
        spelling = spelling_of(node, host_of(node, work.parents))
        base = span[0] + spelling.opening
        if work.module.text[base : base + len(spelling.body)] != spelling.body:
            base = _located(work, node, span, spelling.opening)
        for start, end, replacement in source_cuts(spelling, cuts):
            found.append(Edit(work.module.path, base + start, base + end, replacement))
    return found


def _located(work: _Work, node: cst.CSTNode, span: tuple[int, int], opening: int) -> int:
    """Where the content starts when the span includes the parentheses around the literal."""
    code = work.module.tree.code_for_node(node)
    literal = node.value if isinstance(node, (cst.SimpleString, cst.FormattedStringText)) else ""
    at = code.find(literal)
    if not literal or at == -1 or work.module.text[span[0] : span[1]] != code:
        raise Refused("the place of the string in the file cannot be told for certain")
    return span[0] + at + opening
