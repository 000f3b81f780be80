"""Where a new import goes, as a careful colleague would place it."""

from __future__ import annotations

import sys
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass

import libcst as cst

from aurora_migrate.changes.surgery.marks import Marks
from aurora_migrate.changes.surgery.running import Places, first_run, places_of, preamble
from aurora_migrate.changes.surgery.tree import Refused, dotted, smalls_of
from aurora_migrate.flow.trees import walk


@dataclass(frozen=True, slots=True)
class Imported:
    """One name that an import statement binds."""

    line: cst.SimpleStatementLine
    statement: cst.Import | cst.ImportFrom
    module: str
    name: str | None
    """What is taken from the module; None for `import module`."""
    bound: str

    @property
    def standard(self) -> bool:
        return self.module.split(".")[0] in sys.stdlib_module_names

    @property
    def target(self) -> tuple[str, str | None]:
        if self.name is None and self.bound == self.module.split(".")[0]:
            return self.bound, None
        return self.module, self.name


def imported_in(line: cst.SimpleStatementLine) -> Iterator[Imported]:
    """What the imports of one line bind."""
    for small in line.body:
        if not isinstance(small, (cst.Import, cst.ImportFrom)) or isinstance(small.names, cst.ImportStar):
            continue
        module = module_of(small) if isinstance(small, cst.ImportFrom) else ""
        for alias in small.names:
            name = dotted(alias.name) or ""
            if isinstance(small, cst.ImportFrom):
                yield Imported(line, small, module, name, bound_name(alias))
            else:
                yield Imported(line, small, name, None, bound_name(alias))


def bound_name(alias: cst.ImportAlias) -> str:
    """The variable that an import alias makes."""
    if alias.asname is not None and isinstance(alias.asname.name, cst.Name):
        return alias.asname.name.value
    return (dotted(alias.name) or "").split(".")[0]


def module_of(statement: cst.ImportFrom) -> str:
    """The module of a from-import with its leading dots."""
    return "." * len(statement.relative) + (dotted(statement.module) or "")


def wanted_by(tree: cst.Module, statement: cst.SimpleStatementLine, source: str) -> list[Imported]:
    """What an import statement is to bind. Raises Refused when the module uses the name otherwise."""
    wanted = list(imported_in(statement))
    if not wanted:
        raise Refused(f"{source!r} is no import statement")
    existing = [each for _, each in _top_level(tree, frozenset())]
    for new in wanted:
        if not any(_same(new, old) for old in existing):
            _refuse_if_taken(tree, new, existing)
    return wanted


def add_imports(
    tree: cst.Module, sources: Mapping[str, Sequence[Imported]], marks: Marks, parents: dict[int, cst.CSTNode]
) -> None:
    """Mark the places where imports go, above the first run of the marks' code; nothing for those there are.

    An import that stands below the first run of the new code is none for it.
    """
    added = (marks.added, marks.replaced, marks.before, marks.after)
    places = places_of(tree, [key for each in added for key in each], parents)
    limit = first_run(tree, places)
    existing = [each for index, each in _top_level(tree, marks.gone) if index < limit]
    top = min(limit, preamble(tree))
    anchors = [each for index, each in _top_level(tree, marks.gone) if index < top]
    for source, wanted in sources.items():
        for new in wanted:
            _refuse_if_local(new, places)
        missing = [new for new in wanted if not any(_same(new, old) for old in existing)]
        if missing:
            _place(tree, missing, anchors, source, marks)
            existing += missing


def _top_level(tree: cst.Module, gone: Container[int]) -> Iterator[tuple[int, Imported]]:
    for index, line in enumerate(tree.body):
        if isinstance(line, cst.SimpleStatementLine) and id(line) not in gone:
            for each in imported_in(line):
                yield index, each


def _refuse_if_local(new: Imported, places: Places) -> None:
    """A function's own import of the same name, below the new code, would hide the module's."""
    for function, at in places.functions.values():
        above = {id(small) for each in function.body.body[:at] for small in [each, *smalls_of(each)]}
        for small in smalls_of(function):
            if not isinstance(small, (cst.Import, cst.ImportFrom)) or isinstance(small.names, cst.ImportStar):
                continue
            line = cst.SimpleStatementLine([small])
            for old in imported_in(line):
                if old.bound == new.bound and not (id(small) in above and _same(new, old)):
                    raise Refused(
                        f"the name {new.bound} that the import needs is taken by an import inside a function"
                    )


def _same(new: Imported, old: Imported) -> bool:
    if new.bound != old.bound:
        return False
    return (old.module, old.name) == (new.module, new.name) or (
        new.name is None and "." not in new.module and old.target == new.target
    )


def _refuse_if_taken(tree: cst.Module, new: Imported, existing: Sequence[Imported]) -> None:
    taken = any(old.bound == new.bound and old.target != new.target for old in existing)
    if taken or any(_binds(node, new.bound) for node in walk(tree)):
        raise Refused(f"the name {new.bound} that the import needs is taken by something else")


def _binds(node: cst.CSTNode, name: str) -> bool:
    if isinstance(node, (cst.FunctionDef, cst.ClassDef)):
        return node.name.value == name
    if isinstance(node, cst.Param):
        return node.name.value == name
    if isinstance(node, (cst.AssignTarget, cst.AnnAssign, cst.NamedExpr, cst.For, cst.CompFor)):
        return any(isinstance(each, cst.Name) and each.value == name for each in _leaves(node.target))
    return False


def _leaves(target: cst.CSTNode) -> Iterator[cst.CSTNode]:
    if isinstance(target, (cst.Tuple, cst.List)):
        for element in target.elements:
            yield from _leaves(element.value)
    else:
        yield target


def _place(
    tree: cst.Module, missing: list[Imported], existing: list[Imported], source: str, marks: Marks
) -> None:
    new = missing[0]
    plain = [each for each in existing if each.module != "__future__"]
    joinable = _joinable(new, plain, len(missing))
    if joinable is not None:
        name = cst.parse_expression(new.name or new.module)
        assert isinstance(name, (cst.Name, cst.Attribute))
        asname = None
        if new.bound != (new.name or new.module.split(".")[0]):
            asname = cst.AsName(cst.Name(new.bound))
        marks.added.setdefault(id(joinable), []).append(cst.ImportAlias(name, asname))
        return
    if not plain:
        _place_first(tree, source, marks)
        return
    anchor, above, apart = _neighbour(new, plain)
    (marks.before if above else marks.after).setdefault(id(anchor), []).append(source)
    if apart:
        marks.spaced.add(id(anchor))


def _joinable(new: Imported, plain: list[Imported], count: int) -> cst.Import | cst.ImportFrom | None:
    """The statement to append the name to: one from the same module, or the one line of all imports."""
    if count != 1:
        return None
    if new.name is not None:
        for each in plain:
            if each.name is not None and each.module == new.module:
                return each.statement
        return None
    modules = [each for each in plain if each.name is None]
    first = modules[0].statement if modules else None
    single = len(modules) > 1 and all(each.statement is first for each in modules)
    return first if single and new.bound == new.module else None


def _neighbour(new: Imported, plain: list[Imported]) -> tuple[cst.SimpleStatementLine, bool, bool]:
    """The line to stand beside, whether above it, and whether a blank line parts them."""
    alike = [each for each in plain if each.standard == new.standard and not each.module.startswith(".")]
    if not alike:
        if new.standard:
            return plain[0].line, True, True
        outside = [each for each in plain if not each.module.startswith(".")]
        return (outside[-1].line, False, False) if outside else (plain[0].line, True, False)
    of_kind = [each for each in alike if (each.name is None) == (new.name is None)]
    if not of_kind:
        return (alike[0].line, True, False) if new.name is None else (alike[-1].line, False, False)
    keys = [each.module.lower() for each in of_kind]
    if keys == sorted(keys):
        for each, key in zip(of_kind, keys, strict=True):
            if key > new.module.lower():
                return each.line, True, False
    return of_kind[-1].line, False, False


def _place_first(tree: cst.Module, source: str, marks: Marks) -> None:
    """In a module without imports: below the docstring and `__future__`, above everything else."""
    body = list(tree.body)
    index = 0
    if body and tree.get_docstring(clean=False) is not None:
        index = 1
    while index < len(body) and _is_future(body[index]):
        index += 1
    if index < len(body):
        marks.before.setdefault(id(body[index]), []).append(source)
        marks.spaced.add(id(body[index]))
    elif body:
        marks.after.setdefault(id(body[-1]), []).append(source)
    else:
        raise Refused("the module is empty")


def _is_future(statement: cst.BaseStatement) -> bool:
    return isinstance(statement, cst.SimpleStatementLine) and any(
        each.module == "__future__" for each in imported_in(statement)
    )
