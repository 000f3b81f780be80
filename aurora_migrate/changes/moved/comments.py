"""Comments of objects that are split: each must stand once afterwards, beside what it speaks of."""

from __future__ import annotations

import io
import tokenize
from collections import Counter
from collections.abc import Iterable, Sequence

import libcst as cst

from aurora_migrate.changes.moved.displays import Display
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.findings import Edit
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.trees import walk

REASON = "its comments would not stay where they belong"


def refuse_leading_commas(display: Display) -> None:
    """Raise Refused where commas lead the lines: the comments there are those of the entry above."""
    commas = (node.whitespace_before for node in walk(display) if isinstance(node, cst.Comma))
    is_commented = any(isinstance(node, cst.Comment) for node in walk(display))
    if is_commented and any(isinstance(gap, cst.ParenthesizedWhitespace) for gap in commas):
        raise Refused(REASON)


def refuse_lost(modules: Iterable[Module], edits: Sequence[Edit]) -> None:
    """Raise Refused where a comment of the files would be lost or stand twice."""
    for module in modules:
        own = sorted({edit for edit in edits if edit.path == module.path}, key=lambda edit: edit.start)
        text = module.text
        if not own or "#" not in text:
            continue
        for edit in reversed(own):
            text = text[: edit.start] + edit.replacement + text[edit.end :]
        if _comments(text) != _comments(module.text):
            raise Refused(REASON)


def _comments(text: str) -> Counter[str]:
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    except (SyntaxError, tokenize.TokenError) as error:
        raise Refused("the code there does not allow it") from error
    return Counter(token.string for token in tokens if token.type == tokenize.COMMENT)
