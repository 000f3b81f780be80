"""Bodies whose only key is known: what loops over them see, and what of them is taken without that key."""

from __future__ import annotations

from aurora_migrate.flow.places import Marker
from aurora_migrate.flow.values import Part


def element_of(part: Part) -> Part:
    """What a loop over a part sees: of a body that is known to be an object, its keys."""
    is_object = not part.path and part.origin.wrapper
    return part.step(Marker.KEY if is_object else Marker.ITEM)


def is_under_any_key(part: Part) -> bool:
    """Whether it is what an object holds under whichever key."""
    return part.path[-1:] == (Marker.ITEM,) or part.path == (part.origin.wrapper,)
