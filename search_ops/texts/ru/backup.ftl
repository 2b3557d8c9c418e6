## Копия на флешку

action-backup = Копия на флешку…
action-board-paper = Лист «Кто где» на печать
backup-title = Копия на флешку
backup-explained = Вся установка одним проверенным файлом. Если ноутбук погибнет, её вернут командой search-ops restore, а телефоны пришлют недостающее.
backup-last = Последняя целая копия:
backup-size = { $size } МБ
backup-none = Копий ещё не было.
backup-failed-at = Последняя попытка не удалась:
backup-schedule = Сама пишется каждые { $minutes } мин.
backup-no-schedule = По расписанию не пишется: задайте SEARCH_OPS_BACKUP_EVERY_MIN.
backup-no-folder = Папка флешки не названа: задайте SEARCH_OPS_BACKUP_DIR и перезапустите систему.
backup-make = Записать сейчас
backup-same-disk = Эта копия на том же диске, что и база: погибнет диск – погибнет и копия. Вставлена ли флешка?
