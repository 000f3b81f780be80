"""Python in settings: what is an expression, an import, the name of a function."""

from __future__ import annotations

import re
from keyword import iskeyword

_NAME = r"[^\W\d]\w*"
_DOTTED = rf"{_NAME}(?:\.{_NAME})*"
_FUNCTION = re.compile(rf"{_DOTTED}:{_DOTTED}")
_DOTTED_NAME = re.compile(_DOTTED)


def is_dotted_name(text: str) -> bool:
    """Whether it is names with dots between them."""
    return _DOTTED_NAME.fullmatch(text) is not None


def is_function(text: str) -> bool:
    """Whether it is `package.module:function`, as entry points name their functions."""
    return _FUNCTION.fullmatch(text) is not None and not any(map(iskeyword, re.split("[.:]", text)))


def is_expression(text: str) -> bool:
    """Whether it is one expression that other code can be written behind."""
    import ast

    try:
        ast.parse(text, mode="eval")
    except (SyntaxError, ValueError):
        return False
    # A comment would swallow whatever the expression is written in front of.
    return "#" not in text or not _has_comment(text)


def is_imports(text: str) -> bool:
    """Whether it is import statements and nothing else."""
    import ast

    try:
        statements = ast.parse(text).body
    except (SyntaxError, ValueError):
        return False
    return all(isinstance(statement, (ast.Import, ast.ImportFrom)) for statement in statements)


def _has_comment(text: str) -> bool:
    import io
    import tokenize

    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return any(token.type == tokenize.COMMENT for token in tokens)
