"""Uses over the whole project: whether a definition, import or attribute is still mentioned."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import libcst as cst

from aurora_migrate.changes.surgery.lookups import Lookup
from aurora_migrate.changes.surgery.uses import Uses, is_opaque, uses_of


class Mentions:
    """Counts over the project's trees; names that cannot be told apart count together."""

    def __init__(self, trees: Mapping[Path, cst.Module]) -> None:
        self.uses: dict[Path, Uses] = {path: uses_of(tree) for path, tree in trees.items()}
        self._stems = {module_stem(path) for path in trees}
        self._attributes: dict[Path, Counter[str]] = {}
        self._all_attributes: Counter[str] = Counter()
        self._segments: Counter[str] = Counter()
        self._imported: Counter[str] = Counter()
        self._keywords: Counter[str] = Counter()
        for path, uses in self.uses.items():
            self._attributes[path] = self._attributes_of(uses)
            self._all_attributes.update(self._attributes[path])
            self._keywords.update(uses.keywords)
            for word, count in uses.words.items():
                for segment in set(word.split(".")):
                    self._segments[segment] += count
            for (_, name), count in uses.imported.items():
                self._imported[name] += count

    def of_definition(self, path: Path, name: str, definition: cst.CSTNode | None) -> int:
        """Uses of a module-level function, class or constant, beside those in its own body."""
        own = 0
        if definition is not None:
            own = uses_of(definition).names[name] + _spelled(uses_of(definition), name)
        uses = self.uses[path]
        inside = sum(count for (_, each), count in uses.imported.items() if each == name)
        return (
            uses.names[name]
            - own
            + self._segments[name]
            + self._imported[name]
            - inside
            + self._all_attributes[name]
            - self._attributes[path][name]
            + self._starred(path, name)
        )

    def reads(self, name: str) -> bool:
        """Whether anything reads a variable or attribute of this name."""
        return self._all_attributes[name] > 0 or any(uses.names[name] > 0 for uses in self.uses.values())

    def looks_up(self, path: Path, name: str, member: bool) -> bool:
        """Whether a computed look-up may reach a module-level name, or a `member` of a class."""
        return any(
            name.startswith(lookup.prefix) and self._aims_at(lookup, where, path, name, member)
            for where, uses in self.uses.items()
            for lookup in uses.lookups
        )

    def _aims_at(self, lookup: Lookup, where: Path, path: Path, name: str, member: bool) -> bool:
        root = lookup.owner.split(".")[0]
        if lookup.owner in ("", "self", "cls"):
            return member == bool(lookup.owner) and (where == path or bool(lookup.owner and lookup.prefix))
        origin = self.uses[where].bound.get(root)
        if origin is not None and not self._is_project(origin):
            return False
        if origin is not None and module_stem(path) in origin.split("."):
            return True
        return bool(lookup.prefix) or (where == path and not name.startswith("_"))

    def of_attribute(self, name: str, definition: cst.CSTNode | None) -> int:
        """Uses of a method or attribute by name, on anything that may be of the project."""
        own = 0
        if definition is not None:
            within = uses_of(definition)
            own = sum(count for (_, attr), count in within.attributes.items() if attr == name)
            own += _spelled(within, name)
        return self._all_attributes[name] + self._segments[name] - own

    def of_field(self, name: str, owner: cst.ClassDef) -> int:
        """Uses of a class attribute: as an attribute, in the class body, or as a keyword."""
        return self.of_attribute(name, None) + uses_of(owner).names[name] + self._keywords[name]

    def of_import(self, path: Path, bound: str, target: str, rivals: int) -> int:
        """Uses of an imported name, also through this module from elsewhere.

        `target` is what is imported; `rivals` counts the other imports that bind the same name
        (`urllib.parse` beside `urllib.request`): then only uses of this very target count.
        """
        uses = self.uses[path]
        if rivals:
            own = sum(
                count
                for chain, count in uses.chains.items()
                if chain == target or chain.startswith(target + ".")
            )
        else:
            own = uses.names[bound]
        by_text = "__all__" in uses.stores or uses.names["globals"] or is_opaque(uses)
        return own + self._through(path, bound) + uses.words[bound] * int(bool(by_text))

    def _through(self, path: Path, name: str) -> int:
        stem, count = module_stem(path), self._starred(path, name)
        for other, uses in self.uses.items():
            if other == path:
                continue
            for (module, each), times in uses.imported.items():
                if each == name and module.split(".")[-1] in (stem, ""):
                    count += times
            count += sum(times for word, times in uses.words.items() if f".{stem}.{name}." in f".{word}.")
            for chain, times in uses.chains.items():
                first, _, rest = chain.partition(".")
                if f".{stem}.{name}." in f".{uses.bound.get(first, '')}.{rest}.":
                    count += times
        return count

    def _starred(self, path: Path, name: str) -> int:
        if name.startswith("_"):
            return 0
        stem = module_stem(path)
        return sum(
            times
            for other, uses in self.uses.items()
            if other != path
            for (module, each), times in uses.imported.items()
            if each == "*" and module.split(".")[-1] in (stem, "")
        )

    def _attributes_of(self, uses: Uses) -> Counter[str]:
        found: Counter[str] = Counter()
        for (root, attribute), count in uses.attributes.items():
            origin = uses.bound.get(root)
            if origin is None or self._is_project(origin):
                found[attribute] += count
        return found

    def _is_project(self, origin: str) -> bool:
        return origin.startswith(".") or any(segment in self._stems for segment in origin.split("."))


def fewer_uses(before: cst.Module, now: cst.Module) -> set[str]:
    """The names that the second tree uses less often than the first."""
    old, new = _words(uses_of(before)), _words(uses_of(now))
    return {name for name, count in old.items() if new[name] < count}


def _words(uses: Uses) -> Counter[str]:
    found = uses.names + uses.keywords
    for (_, name), count in [*uses.attributes.items(), *uses.imported.items()]:
        found[name] += count
    for word, count in uses.words.items():
        for segment in word.split("."):
            found[segment] += count
    return found


def _spelled(uses: Uses, name: str) -> int:
    return sum(count for word, count in uses.words.items() if name in word.split("."))


def module_stem(path: Path) -> str:
    """The last part of the name that a module is imported by."""
    return path.parent.name if path.name == "__init__.py" else path.stem
