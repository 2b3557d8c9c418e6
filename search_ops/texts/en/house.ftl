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
house-database-url-missing = SEARCH_OPS_DATABASE_OWNER_URL is set, but SEARCH_OPS_DATABASE_URL is not: set the address for the application's role too.
house-database-url-wrong = { $variable } is no address of a database: it should look like postgresql://ROLE:PASSWORD@HOST/DATABASE.
house-database-unreachable = The database at { $variable } does not answer: { $reason }
house-database-old = PostgreSQL { $version } answers at { $variable }, but { $oldest } or newer is needed: upgrade that server or set the address of another one.
house-database-no-postgis = The database server at { $variable } (PostgreSQL { $version }) has no PostGIS: install the package "postgresql-{ $version }-postgis-3" there, then run "CREATE EXTENSION postgis" in that database as superuser.
house-database-encoding = The database at { $variable } is encoded in { $encoding }, but { $wanted } is needed: create it with ENCODING 'UTF8'.
house-database-role-missing = The database server at { $variable } has no role { $role }: create it with "CREATE ROLE { $role } LOGIN PASSWORD '…'".
house-database-owner-may-not = The role { $role } of { $variable } may not make tables: let it own the database with "ALTER DATABASE … OWNER TO { $role }".
house-postgis-not-created = The database at { $variable } lacks the extension postgis: run "CREATE EXTENSION postgis" in it as superuser.
house-already-running = Another instance works on { $path } (process { $pid }, address { $url }): stop it or set another SEARCH_OPS_DATA_DIR.
house-port-in-use = Port { $port } is in use by another program: free it or set another one in { $variable }.
house-port-forbidden = Port { $port } is open to root only: set another one in { $variable }.
house-host-unusable = Connections cannot be taken at address { $host }, port { $port }: mend SEARCH_OPS_HOST or { $variable }.
house-prepare-failed = The database could not be prepared; the reason is in the line above.
house-child-died = The process { $name } stopped (cause: { $cause }); starting it again in { $seconds } s.
house-child-keeps-dying = The process { $name } does not start: the reason is in its messages above.
house-database-died = The database stopped; starting it again.
house-not-ready = The system did not answer within { $seconds } s: the reason is in the messages above.
house-ready = Everything works. Ctrl-C stops it.
house-stopping = Stopping…
house-stopped = Stopped.
house-address = Address: { $url }
house-join = For a volunteer: { $url }/field, code { $code }
house-column-role = Role
house-column-login = Login
house-column-password = Password
house-help = The tool of an operator of the search coordination system.
house-help-serve = Start servers.
house-help-serve-all = Start everything: database, API, stream of events, worker of jobs.
house-help-serve-api = Start the API and pages only.
house-help-serve-stream = Start the stream of events only.
house-help-serve-worker = Start the worker of long jobs only.
house-help-demo = Load the demo search and show how to sign in.
house-help-prepare = Bring the database up to date (and load the demo search) without starting servers.
house-help-import = Load maps and registers.
house-help-import-osm = Load an OpenStreetMap extract; loading again replaces the former one.
house-help-import-osm-file = A file .osm.pbf, .osm or .osm.gz.
house-help-import-dem = Import grids of heights; neighbouring tiles are joined, a repeated import replaces the former.
house-help-import-dem-files = Files .hgt, .hgt.zip or GeoTIFF.
house-help-import-raster = Import a raster map; one of the same name gives way.
house-help-import-raster-file = File MBTiles, .sqlitedb, GeoTIFF, or an OziExplorer .map with its picture beside it (PNG, JPEG, TIFF, .ozf2, .ozf3).
house-help-import-name = Name for people.
house-help-import-pack = Import an area pack of another installation.
house-help-export = Write data to files.
house-help-export-pack = Write the map, heights and raster layers of an area as one file.
house-help-pack-file = File of the pack.
house-help-pack-bbox = Area: west,south,east,north in degrees.
house-help-pack-operation = Id (UUID) of a search: its area with some to spare.
house-help-grid-defaults = Show or set how a region cuts its grids: size, origin, axes, letters, sub-cells.
house-help-grid-region = Code of the region (ISO 3166-2), such as RU-IRK.
house-help-grid-file = JSON file of settings, such as {"{"}"cell_m": 500, "letters": "cyrillic"{"}"}; an empty {"{"}{"}"} takes them away.
house-file-unreadable = The file { $path } cannot be read: { $why }
house-help-doctor = Examine the installation and say what to mend.
house-doctor-good = good
house-doctor-bad = BAD
house-doctor-python = Python { $version }.
house-doctor-python-old = Python { $version }, but 3.11 or newer is needed: install python3.11.
house-doctor-postgres = PostgreSQL { $version } with PostGIS is installed.
house-doctor-data-dir = Data folder { $path }.
house-doctor-data-dir-absent = The data folder { $path } does not exist yet: the first "./run" makes it.
house-doctor-disk = The disk that holds { $path } has { $free } MiB free.
house-doctor-secrets = The secrets are closed to other users.
house-doctor-secret-loose = { $path } can be read by other users: run "chmod go-rwx { $path }".
house-doctor-port-free = Port { $port } is free.
house-doctor-port-answers = A server answers on port { $port }.
house-doctor-pages = The pages are built.
house-doctor-pages-absent = The pages are not built: run "./run", or "npm ci && npm run build" in web/ui.
house-doctor-database-stopped = The database is not running: "search-ops serve all" starts it.
house-doctor-database = The database answers: PostgreSQL { $version }, PostGIS { $postgis }.
house-doctor-level = The schema of the database is the newest ({ $newest }).
house-doctor-level-old = The schema of the database is { $current }, but { $newest } is needed: run "search-ops prepare".
house-help-verify-log = Check the log of events: numbers without holes, the chain of hashes, the state.
house-log-verified = Logs checked: { $streams }, events: { $events }.
house-log-fault = Log { $stream }, event { $place }: { $code ->
    [hole] a number is missing
    [chain_broken] the chain is broken
    [hash_differs] the record was changed
    [head_differs] the last number is another one
    [tail_missing] the last records are missing
    [state_differs] the state does not follow from the log
    [anchor_differs] an anchor differs: the chain was written anew
    [stream_missing] the whole log is gone
   *[other] { $code }
}.
