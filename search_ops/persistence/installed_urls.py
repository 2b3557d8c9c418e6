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
    app_url = _plain(app, "SEARCH_OPS_DATABASE_URL")
    owner = settings.database_owner_url
    stream = settings.stream_database_url
    return DatabaseUrls(
        owner_url=_plain(owner, "SEARCH_OPS_DATABASE_OWNER_URL") if owner else app_url,
        app_url=app_url,
        stream_url=_plain(stream, "SEARCH_OPS_STREAM_DATABASE_URL") if stream else app_url,
    )


def _plain(url: str, variable: str) -> str:
    """Return the address as libpq and SQLAlchemy both read it: no driver's name, the scheme in full."""
    scheme, _, rest = url.partition("://")
    if scheme.partition("+")[0] not in {"postgresql", "postgres"} or not rest:
        raise InstallationError("house-database-url-wrong", variable=variable)
    return f"postgresql://{rest}"
