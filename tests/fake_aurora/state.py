"""The fake tenant's data: seeded, changed by requests, comparable as JSON."""

from __future__ import annotations

import json
from typing import Any

from tests.fake_aurora.seed import seed

Record = dict[str, Any]


class State:
    """Collections of records by id, plus what is counted but not compared (polls of jobs)."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Back to the seed data."""
        self.collections: dict[str, dict[str, Record]] = seed()
        self.polls: dict[str, int] = {}
        self._created = 0

    def __getitem__(self, collection: str) -> dict[str, Record]:
        return self.collections[collection]

    def new_id(self) -> str:
        """An id that depends on nothing but the number of records created before."""
        self._created += 1
        return f"00000000-0000-4000-9000-{self._created:012x}"

    def moment(self) -> str:
        """A creation time that depends on nothing but the number of records created."""
        return f"2022-06-01T00:{self._created // 60:02}:{self._created % 60:02}.000Z"

    def snapshot(self) -> dict[str, Any]:
        """A deep copy made of JSON values, independent of later changes."""
        copy: dict[str, Any] = json.loads(json.dumps(self.collections))
        return copy
