"""What is known of Aurora's API: the typed model of rules/, its loading and validation."""

from aurora_migrate.catalogue.endpoints import Endpoint, Segment, Status, split_path
from aurora_migrate.catalogue.errors import RuleError
from aurora_migrate.catalogue.load import load_catalogue, read_catalogue
from aurora_migrate.catalogue.model import Catalogue, Example, Parameters, Rule, Where

__all__ = [
    "Catalogue",
    "Endpoint",
    "Example",
    "Parameters",
    "Rule",
    "RuleError",
    "Segment",
    "Status",
    "Where",
    "load_catalogue",
    "read_catalogue",
    "split_path",
]
