"""Paths that tests spell, held against those of the requests that the program sends."""

from __future__ import annotations

from aurora_migrate.changes.context import Context
from aurora_migrate.flow import text
from aurora_migrate.flow.facts import Request
from aurora_migrate.flow.text import HOLE


def has_path(context: Context, request: Request, path: str) -> bool:
    """Whether a request can have this path (or one that it begins), with or without the prefix."""
    seen = text.characters(request.url)[context.targets.of(request.url).path_start :]
    sought = path.partition("?")[0].partition("#")[0]
    prefix = context.targets.prefix
    ours = context.ties.of(request) is not None
    paths = {seen, f"{prefix}{seen}"} if ours else {seen}
    return any(_same(each, sought) or _begins(each, sought) for each in paths)


def _same(path: str, sought: str) -> bool:
    one, other = path.partition("?")[0].strip("/").split("/"), sought.strip("/").split("/")
    return len(one) == len(other) and all(
        HOLE in mine or HOLE in theirs or mine == theirs for mine, theirs in zip(one, other, strict=True)
    )


def _begins(path: str, sought: str) -> bool:
    """Whether a path that ends in a slash or an unknown rest is how another begins."""
    if not sought.endswith(("/", HOLE)):
        return False
    other = sought.rstrip(HOLE).strip("/").split("/")
    one = path.strip("/").split("/")
    return len(one) >= len(other) and all(
        HOLE in mine or mine.startswith(theirs) if last else HOLE in mine or mine == theirs
        for mine, theirs, last in zip(
            one, other, [index == len(other) - 1 for index in range(len(other))], strict=False
        )
    )
