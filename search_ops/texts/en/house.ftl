# Installing and starting: what the operator sees in the terminal.

house-postgres-missing = PostgreSQL is not installed: run "apt-get install postgresql postgresql-postgis".
house-postgres-old = Found PostgreSQL { $version }, but { $oldest } or newer is needed: install a newer postgresql package.
house-postgres-other-version = This database was made by PostgreSQL { $version }, which this machine no longer has: install "postgresql-{ $version }" and "postgresql-{ $version }-postgis-3".
house-postgis-missing = PostGIS is not installed for PostgreSQL { $version }: run "apt-get install postgresql-{ $version }-postgis-3".
house-no-unprivileged-user = PostgreSQL does not run as root, and this machine has neither a user postgres nor nobody: create the user postgres.
house-socket-path-long = The path of the database's socket is longer than 107 bytes and no short folder was found instead: set a shorter SEARCH_OPS_DATA_DIR than { $path }.
house-folder-not-writable = The folder { $path } cannot be written to: mend its permissions or name another one in SEARCH_OPS_DATA_DIR.
house-folder-foreign = The folder { $path } belongs to another user and is no place for the database's socket: remove it or set another SEARCH_OPS_DATA_DIR.
house-disk-full = The disk that holds { $path } has { $free } MiB left, but at least { $needed } MiB are needed: make room.
house-postgres-did-not-start = PostgreSQL did not start; the reason is at the end of the file { $log }.
house-initdb-failed = The database could not be created: { $reason }
house-secrets-lost = The file with the database's passwords, { $path }, is gone: bring it back from your copy of the secrets.
house-secrets-unreadable = The file with the database's passwords, { $path }, cannot be read: start as the user who installed the system, or as root.
house-database-not-running = The database in { $path } is not running: run "search-ops serve all" or set SEARCH_OPS_DATABASE_URL.
