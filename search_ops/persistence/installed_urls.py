"""Addresses of the installation's database for each server.

No database driver is loaded here: the supervisor uses it.
"""

from search_ops.installation import InstallationError
from search_ops.persistence.embedded import DatabaseUrls
from search_ops.settings import Settings


def external_urls(settings: Settings) -> DatabaseUrls:
    """Return the operator's addresses; a role without its own address borrows the application's."""
    app = settings.database_url
    if app is None:
        raise InstallationError("house-database-url-missing")
    return DatabaseUrls(
        owner_url=plain(settings.database_owner_url or app),
        app_url=plain(app),
        stream_url=plain(settings.stream_database_url or app),
    )


def plain(url: str) -> str:
    """Return the address as libpq reads it, without SQLAlchemy's driver name."""
    scheme, colon, rest = url.partition("://")
    return f"{scheme.partition('+')[0]}{colon}{rest}"
