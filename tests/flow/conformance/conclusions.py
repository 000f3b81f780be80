"""What is concluded of a program: the endpoints that its requests are for."""

from __future__ import annotations

from pathlib import Path

from aurora_migrate.catalogue import load_catalogue
from aurora_migrate.changes.analysis import context_of
from aurora_migrate.config import Settings
from aurora_migrate.engine import MEMORY_ROOT
from aurora_migrate.files.project import Project
from aurora_migrate.flow.modules import Modules


def endpoints_of(program: dict[str, str]) -> list[str]:
    """The ids of the endpoints that the program's requests are certainly for.

    A client that is tried before it has a path asks for the root: that counts where nothing else is asked.
    """
    project = Project.in_memory(MEMORY_ROOT, {MEMORY_ROOT / name: text for name, text in program.items()})
    context = context_of(Modules(project), project, Settings(root=Path("/")), load_catalogue())
    ties = [context.ties.of(request) for request in context.facts.requests.values()]
    exact = [tie for tie in ties if tie is not None and tie.exact]
    found = {endpoint.id for tie in exact for endpoint in tie.endpoints}
    return sorted(found - {"root"} or found)
