"""The running API of the faults serves the small share of the load as well."""

from tests.faults.conftest import headquarters, office

__all__ = ["headquarters", "office"]
