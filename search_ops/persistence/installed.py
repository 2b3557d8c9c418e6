"""The database of this installation, for commands that are run by hand beside (or without) the servers."""

from collections.abc import Iterator
from contextlib import contextmanager

from search_ops.installation import InstallationError
from search_ops.persistence.cluster_databases import bootstrap
from search_ops.persistence.data_dir_lock import DataDirLock
from search_ops.persistence.embedded import Cluster, DatabaseUrls
from search_ops.persistence.installed_urls import external_urls
from search_ops.persistence.own_server import check_servers
from search_ops.settings import Settings


@contextmanager
def installed_database(settings: Settings) -> Iterator[DatabaseUrls]:
    """Give the addresses of the installation's database, running the cluster meanwhile if nobody does.

    A database of the operator's own (``SEARCH_OPS_DATABASE_URL``) is used as it is.
    """
    if not settings.is_embedded:
        urls = external_urls(settings)
        check_servers(urls)
        yield urls
        return
    cluster = Cluster(settings.data_dir)
    if cluster.is_running():
        yield cluster.urls()
        return
    with DataDirLock(settings.data_dir), cluster:
        bootstrap(cluster)
        yield cluster.urls()


def running_database(settings: Settings) -> DatabaseUrls:
    """Return the addresses of a database that must be running already: for a server started alone."""
    if not settings.is_embedded:
        return external_urls(settings)
    cluster = Cluster(settings.data_dir)
    if not cluster.is_running():
        raise InstallationError("house-database-not-running", path=str(settings.data_dir))
    return cluster.urls()
