"""Looks for a field that no literal spells as it is: parameters, pages, keys made of its name."""

from __future__ import annotations

from collections.abc import Iterable

from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.flow.reads import Form, Read


def refuse_unspelled(read: Read) -> None:
    """Raises Refused where the name is in no place that a renaming could change."""
    if read.form is Form.ARGUMENT:
        raise Refused(f"what `**` or a schema hands it to is called `{read.name}`")
    if read.piece is not None and read.piece.node is not None:
        return
    if read.field is not None and read.field.name != read.name:
        raise Refused(f"the name of `{read.field.name}` there is made by an alias generator")
    if read.form is Form.TEMPLATE:
        raise Refused(f"a page that is filled there shows `{read.name}`, and only Python is rewritten")


def refuse_rekeyed(reads: Iterable[Read], old: str) -> None:
    """Refuse where the field is looked for under a key that the program makes of its name."""
    for read in reads:
        if read.name != old:
            raise Refused(f"`{read.name}` is made of `{old}` on the way, where the keys are put together")


def means_field(name: str, field: str) -> bool:
    """Whether a key is a field's name, perhaps spelled otherwise (`userLevel`) or behind a path (`user.`)."""
    return name == field or _plain(name) == _plain(field) or name.endswith((f".{field}", f"_{field}"))


def _plain(name: str) -> str:
    return "".join(character for character in name.lower() if character.isalnum())
