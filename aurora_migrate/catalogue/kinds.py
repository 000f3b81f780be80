"""The kinds of change a rule can be, each with the parameters it takes; checked when a rule is loaded.

A kind's Python lives in changes/, in the module of the same name. What it needs to know about the API it
reads from these parameters, so that a rule of a known kind needs a TOML file and no Python.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum


class Type(str, Enum):
    """What a parameter holds; the values are the words of error messages."""

    TEXT = "a text"
    FLAG = "true or false"
    TEXTS = "a list of texts"
    TEXT_MAP = "a table of texts"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a kind."""

    type: Type
    required: bool = True


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of change: its parameters by key, and the placeholders of its own that its texts may use.

    Every text parameter is a placeholder too (`value-prefix` as `{value_prefix}`), and so are `{token}`, the
    configured expression of the bearer token, and in the message `manual` `{reason}`, why this place is not
    rewritten.
    """

    parameters: Mapping[str, Parameter]
    own_placeholders: frozenset[str] = frozenset()

    @property
    def placeholders(self) -> frozenset[str]:
        """All placeholders but `reason`."""
        texts = (key for key, parameter in self.parameters.items() if parameter.type is Type.TEXT)
        return frozenset(map(placeholder_of, texts)) | self.own_placeholders | {"token"}


def placeholder_of(key: str) -> str:
    """The placeholder's name for a parameter's key."""
    return key.replace("-", "_")


_HOW = frozenset({"how"})
"""What the place does, in the words of the kind and the user's own names."""
_TEXT = Parameter(Type.TEXT)
_OPTIONAL_TEXT = Parameter(Type.TEXT, required=False)
_TEXTS = Parameter(Type.TEXTS)
_TEXT_MAP = Parameter(Type.TEXT_MAP)

KINDS: Mapping[str, Kind] = {
    "endpoint-removed": Kind({"method": _TEXT, "path": _TEXT}),
    "path-prefix-removed": Kind({"prefix": _TEXT, "old-version": _TEXT}),
    "authentication-replaced": Kind({"query-keys": _TEXTS, "header": _TEXT, "scheme": _TEXT}),
    "sdk-call-changed": Kind(
        {
            "module": _TEXT,
            "class": _TEXT,
            "old-parameters": _TEXTS,
            "new-parameters": _TEXTS,
            "credentials-parameter": _TEXT,
            "token-key": _TEXT,
            "signing-keys": _TEXTS,
            "dropped-keywords": _TEXT_MAP,
        }
    ),
    "field-renamed": Kind(
        {"fields": _TEXT_MAP, "values": _OPTIONAL_TEXT, "values-source": _OPTIONAL_TEXT},
        own_placeholders=frozenset({"old", "new"}),
    ),
    "field-removed": Kind(
        {
            "field": _TEXT,
            "successors": Parameter(Type.TEXT_MAP, required=False),
            "successor": _OPTIONAL_TEXT,
            "setting": _TEXT,
        }
    ),
    "query-removed": Kind(
        {
            "query": _TEXTS,
            "source": _TEXT,
            "everything": _TEXT,
            "owner": _TEXT,
            "named": _TEXTS,
            "emptied": _TEXTS,
            "ids": _TEXTS,
            "answers": _TEXTS,
            "successor": _TEXT,
        }
    ),
    "list-fields-reduced": Kind({"kept": _TEXTS, "id": _TEXT, "retrieve": _TEXT}),
    "test-double": Kind({}, own_placeholders=frozenset({"code", "change"})),
    "error-reshaped": Kind(
        {
            "old-keys": _TEXTS,
            "keys-beside": _TEXTS,
            "list-key": _TEXT,
            "singular-key": _TEXT,
            "message-key": _TEXT,
        },
        frozenset({"key"}),
    ),
    "message-matched": Kind({"keys": _TEXTS, "words": _TEXTS, "status": _TEXT}, frozenset({"said", "write"})),
    "fields-moved": Kind({"object": _TEXT, "fields": _TEXT_MAP}, own_placeholders=frozenset({"objects"})),
    "header-renamed": Kind({"from": _TEXT, "to": _TEXT, "value-prefix": _TEXT}),
    "list-order": Kind({}, _HOW),
    "enum-closed": Kind({"fields": _TEXTS, "event": _TEXT}, _HOW),
    "text-opaque": Kind(
        {"fields": _TEXTS, "not-fields": _TEXTS, "uses": _TEXTS, "reported-by": _TEXTS}, _HOW
    ),
    "model-strict": Kind({}, _HOW),
    "header-value": Kind({"header": _TEXT, "value": _TEXT}, _HOW),
    "header-added": Kind({"header": _TEXT, "value": _TEXT, "module": _TEXT, "class": _TEXT}, _HOW),
    "header-taken": Kind({"header": _TEXT, "value": _TEXT}),
    "endpoint-unknown": Kind({}, _HOW),
}
