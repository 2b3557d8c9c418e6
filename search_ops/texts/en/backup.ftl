## Backup to a stick

action-backup = Backup to a stick…
action-board-paper = Print the sheet "Who is where"
backup-title = Backup to a stick
backup-explained = The whole installation as one verified file. If the laptop dies, search-ops restore brings it back, and the phones send what is missing.
backup-last = Last whole backup:
backup-size = { $size } MB
backup-none = There was no backup yet.
backup-failed-at = The last attempt failed:
backup-schedule = Written by itself every { $minutes } min.
backup-no-schedule = Not written on a schedule: set SEARCH_OPS_BACKUP_EVERY_MIN.
backup-no-folder = No folder of a stick is named: set SEARCH_OPS_BACKUP_DIR and start the system again.
backup-make = Write now
backup-same-disk = This backup is on the disk of the database: if the disk dies, so does the backup. Is the stick in?
