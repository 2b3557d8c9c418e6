## Лист «Кто где», который пишется сам

action-board-schedule = Лист «Кто где» по расписанию…
board-schedule-title = Лист «Кто где» по расписанию
board-schedule-explained = Все группы, задачи, сроки и телефоны. Лист пишется сам в папку данных этого сервера, а если в установке задан принтер, сам печатается: ноутбук погибнет, бумага останется.
board-schedule-every = Как часто
board-schedule-never = Не писать
board-schedule-minutes = Каждые { $minutes } мин
board-schedule-last = Последний лист:
board-schedule-file = файл { $name }
board-schedule-none = Листов ещё не было: первый пишется сразу, как только выбран срок.
board-schedule-save = Сохранить
board-schedule-sign = Лист «Кто где»:
board-schedule-not-yet = ещё не записан
board-schedule-late = лист не пишется: проверьте сервер и распечатайте сейчас
board-schedule-paper-none = принтер не задан
board-schedule-paper-asked = отправлен на принтер
board-schedule-paper-done = напечатан
board-schedule-paper-printer_absent = не напечатан: программы печати нет
board-schedule-paper-printer_refused = не напечатан: принтер отказал
board-schedule-paper-printer_silent = не напечатан: принтер не ответил
event-board_schedule_set-on = Лист «Кто где» пишется каждые { $quantity } мин
event-board_schedule_set-off = Лист «Кто где» больше не пишется сам
event-board_printed-done = Лист «Кто где» напечатан
event-board_printed-printer_absent = Лист «Кто где» не напечатан: программы печати нет
event-board_printed-printer_refused = Лист «Кто где» не напечатан: принтер отказал
event-board_printed-printer_silent = Лист «Кто где» не напечатан: принтер не ответил
