## Keeping: backups, restoring, checking

keeping-help-backup = Write a backup of the whole installation as one file, onto a stick for instance
keeping-help-backup-target = Folder to write into; it must be there
keeping-help-restore = Put the installation back from a backup; phones send again what it lacks
keeping-help-restore-file = File of the backup (.search-ops)
keeping-help-verify = Only check the file, change nothing
keeping-help-without-key = Restore without the key as well: names and phone numbers cannot be read then
keeping-help-anchors = File of anchors; without it the anchors in the data directory
keeping-help-projections = The state that is folded from the log
keeping-help-projections-check = Compare the state of every log with its events
keeping-written = The backup is written and verified: { $path }, { $size } MB. It holds no keys: keep the folder secrets apart.
keeping-whole = The backup is whole: { $path }, made { $at }, { $streams } logs, { $events } events.
keeping-restored = Restored as of { $at }. The former database stands beside it as search_ops_before_restore. Start the system: phones will send what the backup lacks.
keeping-projections = { $streams } logs, { $differing } differ.
keeping-projection-differs = The state differs from the log: { $stream }
keeping-no-folder = There is no folder { $path }: is the stick in, and mounted there?
keeping-not-written = No backup was written to { $path }: { $why }. Check its room and the stick itself; earlier backups are whole.
keeping-dump-failed = The database could not be dumped: { $why }. There is no backup; look at search-ops doctor.
keeping-unreadable = The file { $path } cannot be read: { $why }.
keeping-no-backup = { $path } is no backup of this system. Nothing was changed.
keeping-broken = The backup { $path } is damaged or was not written to its end ({ $size } bytes). Nothing was changed; take another one.
keeping-other-key = The backup is sealed with another key: put the key of that installation at { $path }, or add --without-key, then names and phone numbers stay closed. Nothing was changed.
keeping-running = The system is working on this database. Stop it and try again; nothing was changed.
keeping-own-server = The database is on your own server: restore it with the server's means (behind the header the file holds a dump of pg_dump).
keeping-load-failed = The backup could not be loaded: { $why }. The former database was not touched.
keeping-not-what-it-says = What was loaded differs from the header of the backup. The former database was not touched; take another backup.
keeping-anchors = Compared with anchors: { $count }.
