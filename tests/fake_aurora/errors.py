"""Refusals and the two shapes, one a version, in which they reach the client."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tests.fake_aurora.constants import V2018


class ApiError(Exception):
    """A refusal: status, message, messages by field, and the `meta` that 2018.01 adds beside them."""

    def __init__(
        self,
        status: int,
        message: str,
        fields: Mapping[str, Sequence[str]] | None = None,
        meta: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.fields = fields
        self.meta = meta

    def body(self, version: str) -> dict[str, Any]:
        """The error body as `version` writes it."""
        if version == V2018:
            return self._body_2018()
        messages = [f"{field} {text}" for field, texts in (self.fields or {}).items() for text in texts]
        return {"errors": [{"message": text} for text in messages or [self.message]]}

    def _body_2018(self) -> dict[str, Any]:
        error: Any = (
            {field: list(texts) for field, texts in self.fields.items()} if self.fields else self.message
        )
        return {"error": error, **({"meta": dict(self.meta)} if self.meta else {})}


def invalid(**fields: str) -> ApiError:
    """422 with one message a field."""
    return ApiError(422, "Unprocessable Entity", {field: [text] for field, text in fields.items()})


def not_found(resource: str, identifier: str, version: str) -> ApiError:
    """404; only 2022.09 names the resource."""
    if version == V2018:
        return ApiError(404, "Not Found")
    return ApiError(404, f"The {resource} with id {identifier} could not be found")
