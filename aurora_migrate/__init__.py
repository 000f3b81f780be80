"""aurora-migrate: finds and rewrites what Aurora Solar's API version 2022.09 breaks."""

__version__ = "0.1.0"
