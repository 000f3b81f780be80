"""Why a look at an answer may not change: values of unknown origin come by there, too."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import libcst as cst

from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.flow.facts import Facts
from aurora_migrate.flow.reads import Form, Read
from aurora_migrate.flow.strangers import Stranger, strangers_at, strangers_tested


def reason_of_strangers(facts: Facts, nodes: Iterable[cst.CSTNode], name: str) -> str:
    """What else some looks for a key may look into; empty when all that comes there is known."""
    for node in nodes:
        for stranger in strangers_at(facts, node, name):
            return _said(stranger)
    return ""


def refuse_strangers_tested(facts: Facts, node: cst.CSTNode) -> None:
    """Refuse to test for a new value where what comes from elsewhere may still have the old one."""
    for stranger in strangers_tested(facts, node):
        raise Refused(_said(stranger, "tests"))


def _said(stranger: Stranger, does: str = "looks into") -> str:
    if stranger.root is not None:
        return f"it also {does} what callers outside this code may give to `{stranger.root.name}`"
    module, call = stranger.giver or (None, None)
    if module is None or call is None:
        return f"what it {does} may also come from elsewhere"
    line = module.location(call).start.line
    return f"what it {does} may also come from elsewhere, by {module.path.name}:{line}"


def refuse_strangers(facts: Facts, reads: Sequence[Read], old: str, new: str) -> None:
    """Refuse to look for a new key where what comes from elsewhere may still have the old one."""
    for read in reads:
        reason = reason_of_strangers(facts, [read.node], read.name)
        if reason:
            raise Refused(f"{reason}; {_for_both(read, old, new)}")


def _for_both(read: Read, old: str, new: str) -> str:
    """What to write where an object may have either key."""
    node = read.node
    holder = node.func.value if isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute) else None
    holder = node.value if isinstance(node, cst.Subscript) else holder
    if holder is None or read.form not in (Form.SUBSCRIPT, Form.GET):
        return f"look for `{new}` first, and for `{old}` where it is not there"
    source = read.module.tree.code_for_node(holder).strip()
    if read.form is Form.SUBSCRIPT:
        return f'for both write `{source}["{new}" if "{new}" in {source} else "{old}"]`'
    return f'for both write `{source}.get("{new}", {source}.get("{old}"))`'
