"""The byte screen: which files can have to do with Aurora. It never imports LibCST."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from aurora_migrate.config import Settings
from aurora_migrate.files.documents import is_environment
from aurora_migrate.files.imports import Imports
from aurora_migrate.files.roots import Unit, Units
from aurora_migrate.files.source import NOTEBOOK, UnreadableFile, decode, os_reason

# `Aurora`, `aurora` and `AURORA` without folding the case of every byte that is read.
_TRACES = (b"urora", b"URORA")
_PROOFS = (b"aurorasolar", b"aurorakey")
_COMPANIONS = (b"tenants", b"auto_designer", b"financings")
"""Words of its paths that a product which means Aurora Solar has somewhere."""
_CLIENTS = (b"requests", b"httpx", b"aiohttp", b"urllib", b"http.client")
_SHARED = (b"v2", b"hmac", *_CLIENTS)
"""What a module says that may hold something an edit changes for all who import it."""
_WIDE_BOMS = (b"\xff\xfe", b"\xfe\xff")
_CHUNK = 1 << 20


@dataclass(slots=True)
class Screening:
    """The files that are worth parsing, sorted, and those that could not be read.

    `telling` are the documents that spell Aurora's host.
    """

    relevant: tuple[Path, ...] = ()
    telling: tuple[Path, ...] = ()
    unreadable: list[UnreadableFile] = field(default_factory=list)


def screen(
    files: Sequence[str],
    root: Path,
    settings: Settings,
    asked: Collection[str] | None = None,
    documents: Sequence[str] = (),
) -> Screening:
    """The files among `files` that can matter.

    Those are the ones that name Aurora, the ones that import them (and so on upwards), and whatever all of
    these import. A mention of `aurora` alone, which a database or a colour scheme may be, counts only in a
    product that somewhere has the word `tenants`, as nearly every path of Aurora's API does. A document with
    Aurora's host counts for the files that name it, or the names that it sets. With `asked`, only files that
    have to do with these: what they import, what imports them, and so on.
    """
    result = Screening()
    units = Units(str(root))
    telling = _telling(documents, units, settings)
    result.telling = tuple(map(Path, telling))
    mentions = _mentions(files, settings, result)
    if not mentions and not telling:
        return result
    seeds = _seeds(mentions, files, units, settings) | _readers(telling, files, units)
    if seeds:
        imports = Imports(files, str(root), _read_or_nothing)
        relevant = _connected(seeds, files, imports, units)
        if asked is not None and not relevant <= set(asked):
            relevant = _around(asked, relevant, imports)
        result.relevant = tuple(sorted(map(Path, relevant)))
    return result


def read_bytes(path: str) -> bytes:
    """The file's content, by as few system calls as that takes: this runs once for every file of a tree."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    try:
        data = os.read(descriptor, _CHUNK)
        if len(data) < _CHUNK:
            return data
        chunks = [data]
        while chunk := os.read(descriptor, _CHUNK):
            chunks.append(chunk)
        return b"".join(chunks)
    finally:
        os.close(descriptor)


def _mentions(files: Iterable[str], settings: Settings, result: Screening) -> dict[str, bytes]:
    """The content, in lower case, of each file that mentions Aurora or what the settings declare as its."""
    declared = _declared(settings)
    lower, upper = _TRACES
    found: dict[str, bytes] = {}
    for path in files:
        try:
            data = read_bytes(path)
        except FileNotFoundError:
            continue
        except OSError as error:
            result.unreadable.append(UnreadableFile(Path(path), os_reason(error)))
            continue
        if data.startswith(_WIDE_BOMS):
            data = data.decode("utf-16", "ignore").encode()
        if lower in data or upper in data or (declared and any(word in data.lower() for word in declared)):
            found[path] = data.lower()
    return found


def _telling(documents: Iterable[str], units: Units, settings: Settings) -> dict[str, bytes]:
    """The content, in lower case, of the documents that spell Aurora's host; none of installed packages."""
    hosts = (_PROOFS[0], *(host.lower().encode() for host in settings.hosts))
    found: dict[str, bytes] = {}
    for path in documents:
        if not units.of(path).installed:
            data = _read_or_nothing(path).lower()
            if any(host in data for host in hosts):
                found[path] = data
    return found


def _readers(telling: Mapping[str, bytes], files: Iterable[str], units: Units) -> set[str]:
    """The files that name one of these documents, or a name that one sets in the environment.

    Where none does, all of the same products that may send something.
    """
    words: set[bytes] = set()
    for path, data in telling.items():
        words.add(os.path.basename(path).lower().encode())
        if is_environment(Path(path)):
            lines = (line.partition(b"=") for line in data.splitlines())
            words.update(name.split()[-1] for name, _, value in lines if _PROOFS[0] in value and name.split())
    homes = {units.of(path) for path in telling}
    contents = {path: _read_or_nothing(path).lower() for path in files if homes and units.of(path) in homes}
    found = {path for path, data in contents.items() if any(word in data for word in words)}
    return found or {path for path, data in contents.items() if any(word in data for word in _CLIENTS)}


def _declared(settings: Settings) -> tuple[bytes, ...]:
    names = (name.rpartition(".")[2] for name in settings.base_url_names)
    return tuple(word.lower().encode() for word in (*settings.hosts, *names))


def _seeds(mentions: dict[str, bytes], files: Sequence[str], units: Units, settings: Settings) -> set[str]:
    proofs = (*_PROOFS, *_declared(settings))
    seeds = {path for path, data in mentions.items() if any(proof in data for proof in proofs)}
    in_question: dict[Unit, set[str]] = {}
    for path in mentions.keys() - seeds:
        in_question.setdefault(units.of(path), set()).add(path)
    unproven = dict(in_question)
    for path, data in mentions.items():
        if unproven and _has_companion(data):
            unproven.pop(units.of(path), None)
    for path in files:
        if not unproven:
            break
        unit = units.of(path)
        if unit in unproven and _has_companion(_read_or_nothing(path)):
            del unproven[unit]
    return seeds.union(*(paths for unit, paths in in_question.items() if unit not in unproven))


def _is_shared(data: bytes) -> bool:
    return any(word in data for word in _SHARED)


def _has_companion(data: bytes) -> bool:
    return any(word in data for word in _COMPANIONS)


def _read_or_nothing(path: str) -> bytes:
    try:
        data = read_bytes(path)
        if not path.endswith(NOTEBOOK):
            return data
        # JSON can spell halves of characters, which no encoding has.
        return decode(Path(path), data).text.encode(errors="replace")
    except (OSError, UnreadableFile):
        return b""


def _connected(seeds: set[str], files: Sequence[str], imports: Imports, units: Units) -> set[str]:
    """The seeds, what imports them, what all of those import, and who else uses what an edit may change.

    A session, a prefix or a helper that lies in a module of its own may serve other vendors, too: only their
    modules can tell.
    """
    seeded = {units.of(seed) for seed in seeds}
    among_projects = any(not unit.installed for unit in seeded)
    reachable = {path for path in files if _can_import(units.of(path), seeded, among_projects)}
    relevant = set(seeds)
    frontier = seeds
    while frontier:
        frontier = imports.importers(frontier, reachable - relevant)
        relevant |= frontier
    named = set(relevant)
    _add_imported(relevant, set(relevant), imports, reachable)
    shared = {path for path in relevant - named if _is_shared(_read_or_nothing(path))}
    users = imports.importers(shared, reachable - relevant) if shared else set()
    relevant |= users
    _add_imported(relevant, users, imports, reachable)
    return relevant


def _add_imported(relevant: set[str], frontier: set[str], imports: Imports, reachable: set[str]) -> None:
    while frontier:
        frontier = {target for path in frontier for target in imports.imported(path)} & reachable - relevant
        relevant |= frontier


def _around(asked: Collection[str], relevant: set[str], imports: Imports) -> set[str]:
    """The relevant files that are tied to the asked ones by imports, in either direction."""
    ties: dict[str, set[str]] = {path: set() for path in relevant}
    for path in relevant:
        for target in imports.imported(path):
            if target in ties:
                ties[path].add(target)
                ties[target].add(path)
    found: set[str] = set()
    frontier = relevant & set(asked)
    while frontier:
        found |= frontier
        frontier = {tied for path in frontier for tied in ties[path]} - found
    return found


def _can_import(unit: Unit, seeded: set[Unit], among_projects: bool) -> bool:
    """An installed package is used by itself alone; the products of one repository may use each other."""
    return unit in seeded if unit.installed else among_projects
