## Радиожурнал

action-radio = Радиожурнал
radio-title = Радиожурнал
radio-log = Записи радиожурнала
radio-no-right = Вести радиожурнал может радист, регистратор, координатор или старший на месте.
radio-from = От кого
radio-from-hint = номер, позывной или имя, потом Enter
radio-from-unknown = запишем как набрано
radio-category = Вид
radio-category-welfare = Всё в порядке
radio-category-task = Задача
radio-category-position = Место
radio-category-clue = Находка
radio-category-medical = Медицина
radio-category-logistics = Снабжение
radio-category-subject_located = Нашли человека
radio-text = Слова
radio-text-hint = Координаты в тексте станут точкой на карте. Без имён, диагнозов и адресов: рация слышна всем.
radio-relay = Через кого
radio-channel = Канал
radio-paper = Переписываю с бумаги
radio-time = Время
radio-file = Записать
radio-filed = Записано
radio-unsent = Ещё не у сервера: { $count }. Записи целы и уйдут сами.
radio-refused = Не принято:
radio-unsent-unsigned = Ещё не у сервера: { $count }. Записи целы, но сервер их сейчас от вас не берёт: войдите снова или попросите права радиста.
radio-unsent-others = На этом компьютере ждут записи: { $names }. Они уйдут, когда этот человек снова войдёт.
radio-again = Послать ещё раз
radio-drop = Убрать
radio-find = Найти в журнале
radio-all-categories = Все виды
radio-count =
    { $count ->
        [one] { $count } запись
        [few] { $count } записи
       *[many] { $count } записей
    }
radio-empty = Записей ещё нет. Наберите номер группы, цифру вида и слова.
radio-at = Время
radio-written = записано
radio-from-paper = с бумаги, записано
radio-relayed = через: { $by }
radio-on-channel = канал { $channel }
radio-correct = Исправить
radio-corrected = исправлено
radio-append = Дописать исправление

event-radio_logged = { $caller }: { $text }
event-radio_corrected = Исправлено в радиожурнале: { $text }
