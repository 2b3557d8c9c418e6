### Тексты штаба. Русский текст – исходный, английский равен ему.

## Страницы

desk-title = Штаб поиска
desk-sign-in = Штаб поиска
desk-sign-in-note = Для координаторов и сотрудников штаба
desk-home-link = К списку поисков
desk-home-short = Поиски
optional = можно позже
not-required = необязательно
remove = Убрать
acknowledge = Принято
nothing-found = Ничего не найдено
show-on-map = Показать на карте
last-contact = последняя связь
no-position = места нет
who-unknown = кто – неизвестно
person-nameless = без имени
organisation-unknown = организация
unit-m = { $value } м
unit-km = { $value } км
column-number = Номер
column-state = Состояние
column-region = Регион
column-opened = Открыт
column-who = Кто
changed-while-editing = Пока вы писали, это изменил кто-то другой.
save-mine-anyway = Сохранить мой вариант
edit-or-complete = Дополнить или исправить

## Список поисков и заявок

home-operations = Поиски
home-open-case = Открыть заявку
home-no-operations = Поисков пока нет. Откройте заявку: нужны три поля, остальное потом.
home-cases-waiting = Заявки без поиска
home-exercise-runs = УЧЕНИЯ: среди поисков есть учебные
open-case-title = Новая заявка
open-case-who = Кто пропал
open-case-who-hint = имя, возраст или приметы
open-case-place = Где видели в последний раз
open-case-place-hint = место словами
open-case-when = Когда видели в последний раз
open-case-phone = Телефон заявителя
open-case-submit = Открыть заявку
exercise-explained = учебный поиск: пометка на каждом экране, листе и в каждом запросе

## Заявка

case-title = Заявка { $number }
case-subjects = { $count ->
        [one] Пропавший человек
       *[other] Пропавшие люди: { $count }
    }
case-no-subjects = Пока никто не описан.
case-add-subject = Добавить человека
case-circumstances = Обстоятельства
case-confirmation = Подтверждение МВД
case-not-confirmed = Номера КУСП пока нет.
case-confirmed = КУСП № { $number }
case-not-readable = У вас нет доступа к заявке этого поиска.
case-operations = Поиски по заявке
case-go-to-operation = Перейти к поиску { $number }
case-open-operation = Открыть поиск
case-open-another-operation = Открыть ещё один поиск
operation-time-zone = Часовой пояс поиска
subject-name = Имя
subject-birth_year = Год рождения
subject-age = Возраст
subject-sex = Пол
subject-phone = Телефон с собой
subject-home = Где живёт
subject-description = Приметы
subject-clothes = Одежда и вещи
subject-health = Здоровье
sex-male = мужской
sex-female = женский
circumstances-last_seen_place = Где видели
circumstances-last_seen_at = Когда видели
circumstances-applicant_name = Заявитель
circumstances-applicant_phone = Телефон заявителя
circumstances-circumstances = Обстоятельства

## Рабочий стол поиска

rail-title = Разделы поиска
rail-waiting = ждут внимания
panel-away = Убрать панель
tab-sectors = Секторы
tab-teams = Группы
tab-people = Люди
tab-tasks = Задачи
tab-requests = Запросы
tab-feed = Лента
tab-case = Заявка
tab-sectors-count = Секторы: { $count }
tab-teams-count = Группы: { $count }
tab-people-count = Люди: { $count }, на месте { $onsite }
tab-tasks-count = Задачи: { $count }
tab-requests-count = Запросы: { $count }
menu-more = Ещё действия
map-title = Карта поиска
map-trouble-load = Карта не загрузилась. Списки и отметки работают.
map-trouble-no_webgl = Этот браузер не может нарисовать карту (нет WebGL). Списки и отметки работают.
map-trouble-tiles = Подложка карты не отвечает. Секторы и точки видны.
map-trouble-style = Карта нарисована не полностью.
legend-title = Обозначения
legend-agency = другое ведомство
pointer-none = наведите на карту
coordinate-format = Запись координат
coordinates-dd = градусы
coordinates-dmm = минуты
coordinates-dms = секунды
ground-asking = Данные карты…
ground-none = Данных карты для этого места нет
ground-dataset = Карта: { $name } от { $date }
ground-missing = Нет: { $what }
ground-kind-area = район не нарисован
ground-kind-osm = карта OSM
ground-kind-osm_whole = карта OSM для части района
ground-kind-dem = рельеф
time-of-operation = Время поиска { $time }

## Действия

action-report = Отметка
action-give = Дать задачу
action-team = Собрать группу
action-person = Добавить человека
action-area = Район на карте
action-partition = Разбить район
action-lkp = Последняя известная позиция
action-entry = Точка входа
action-request = Запросить силы
action-briefing = Вводная участникам
action-stop = СТОП, проверка
action-alarms = К тревогам
action-show-all = Весь район
action-map = К карте
action-tab-sectors = Секторы
action-tab-teams = Группы
action-tab-people = Люди
action-tab-tasks = Задачи
action-tab-requests = Запросы
action-tab-feed = Лента
action-tab-case = Заявка
action-shortcuts = Клавиши и звук
action-suspend = Приостановить поиск
action-resume = Возобновить поиск
action-closing = Завершить поиск
action-join = Лист с кодом для входа
action-find = Найти
action-palette = Найти или сделать
action-escape = Убрать открытое
action-told = Записать со слов
palette-placeholder = Человек, группа, сектор, действие…
palette-actions = Действие
palette-teams = Группа
palette-people = Человек
palette-places = Точка
palette-sectors = Сектор
shortcuts-title = Клавиши и звук
shortcuts-report = Отметка за группу или человека: R, что, Enter
shortcuts-report-how = Если открыта строка группы или человека, имя уже известно. Иначе перед Enter наберите номер, позывной или имя.
shortcuts-single = Клавиши без Ctrl работают
sound-on = Звук тревог

## Тревоги

bands-title = Тревоги и важное
alarm-take = Беру на себя
alarm-taken-by = занимается { $name }
alarm-close = Снять тревогу
alarm-close-reason = Чем кончилось
find-reported = Нашли человека: { $who }, { $condition }
overdue-by = опаздывают на { $minutes } мин
silent-for = нет связи { $minutes } мин
stop-all-confirmed = все группы подтвердили
stop-continue = Продолжить поиск

## Секторы и район

area-draw = Район
area-change = Район
area-draw-title = Нарисовать район
area-change-title = Изменить район
area-how = Щёлкайте углы на карте. Двойной щелчок или Enter – готово, Backspace – убрать угол, Esc – отмена.
area-live = Углов: { $corners }. Площадь { $area }, граница { $length }.
area-nothing-yet = Углов пока нет.
area-crosses = Граница пересекает сама себя.
area-corner = Угол координатами
area-add-corner = Добавить угол
area-undo = Убрать последний
area-anew = Начать заново
area-save = Сохранить район
area-size = Район: { $area }
sectors-empty-no-area = Района ещё нет. Поставьте ПИП (L), нарисуйте район (A), затем разбейте его (P).
sectors-empty-no-partition = Район нарисован. Разбейте его на секторы (P).
sectors-filter = Сектор, группа или состояние
sector-no-tasks = Задач в этом секторе нет.
partition-title = Разбить район
partition-make = Разбить
partition-method = Как разбить
partition-grid = Сетка с буквами и числами
partition-natural = По дорогам, просекам и воде
partition-cell = Сторона клетки, м
partition-expected = не меньше { $count }: по краю района клетки обрезаны
partition-lines = Какие линии
partition-least = Самый малый сектор, га
partition-letters = Буквы
partition-replaces = { $count ->
        [one] Новое разбиение заменит { $count } сектор.
        [few] Новое разбиение заменит { $count } сектора.
       *[many] Новое разбиение заменит { $count } секторов.
    }
partition-keep-worked = Секторы с задачами оставить как есть
partition-done = Готово: секторов { $count }, вместе { $area }.
line-road = дороги
line-track = грунтовки
line-path = тропы
line-cutline = просеки
line-railway = железные дороги
line-power = ЛЭП
line-river = реки
line-stream = ручьи
line-cliff = обрывы
line-water_edge = берега
job-waiting = В очереди
job-running = Работаем
job-kind-partition = Разбиваем район
job-cancelled = Остановлено
job-cancel = Остановить
job-step-started = начинаем
job-step-reading_ground = читаем местность
job-step-cutting = режем район
job-step-writing = записываем
job-failed = Разбить не удалось ({ $code }).
job-failed-no_area = Разбить не удалось: района нет.
job-failed-sectors_in_work = Разбить не удалось: в секторах работают группы. Оставьте их или дождитесь.
job-failed-nothing_to_cut = Разбивать нечего: все секторы в работе.
job-failed-changed_meanwhile = Пока шло разбиение, район изменили. Запустите ещё раз.
job-failed-job_failed = Разбить не удалось из-за ошибки сервера. Запустите ещё раз.

## Точки

point-typed = Координаты
point-typed-hint = 55.7532, 37.6198 · 55°45.193′ 37°37.191′ · 55°45′11″ 37°37′11″
point-pick = Указать на карте
point-which = Что имелось в виду
point-chosen = Место
point-subject = Для кого
point-subject-all = для всех
point-seen = Когда видели
point-text = Пояснение
point-now = Сейчас стоит на { $place }

## Задача

give-title = Дать задачу
give-title-sector = Задача: сектор { $sector }
give-sector = Сектор
give-sector-choose = выберите или щёлкните на карте
give-team = Группа
give-team-choose = выберите группу
give-no-teams = Групп пока нет.
give-method = Как искать
give-contact = Связь каждые, мин
give-bearing = Аварийный азимут, ° магнитный
give-bearing-hint = направление, которое точно выведет к дороге или реке
give-text = Задача словами
give-alongside = Добавить к { $teams }: обе группы об этом знают
give-taken = Сектор уже у группы { $team }.
give-taken-by = Задачу дал: { $by }.
give-taken-what-now = Выберите другой сектор или добавьте группу второй: обе должны знать друг о друге.
give-add-knowingly = Добавить второй группой
task-given = дана
task-alongside = вторая группа в секторе
tasks-away = На местности: { $count }
tasks-given = Назначены: { $count }
tasks-back = Вернулись: { $count }
tasks-ended = Закончены: { $count }
tasks-empty = Задач пока нет. Выберите сектор и дайте его группе (G).
due-short = до

## Группы и люди

team-form-title = Собрать группу
team-change-title = Группа { $team }
team-change = Изменить состав
team-disband = Распустить
team-kind = Вид
team-callsign = Позывной
team-members = { $count ->
        [0] Состав
        [one] Состав: { $count } человек
        [few] Состав: { $count } человека
       *[many] Состав: { $count } человек
    }
team-leader = старший группы
team-nobody = Свободных людей на месте нет. Зарегистрируйте их (N) или дождитесь.
team-free = свободна
teams-empty = Групп пока нет. Соберите группу из людей на месте (T).
leader-mark = { $name } (старший)
people-count = { $count } чел.
people-empty = Людей пока нет. Повесьте лист с кодом или добавьте человека (N).
people-filter = Позывной, имя или телефон
channel-code = по коду с телефона
channel-headquarters = записан в штабе
position-word = Точка
person-title = Добавить человека
person-callsign = Позывной
person-name = Имя
person-phone = Телефон
person-add = Добавить
person-added = Добавлено: { $name }. Можно следующего.
person-twin = Такой позывной уже есть. Проверьте, не тот же ли это человек.

## Отметка по рации

report-title = Отметка за группу или человека
report-what-hint = Что сказали: одна клавиша. Потом номер или имя и Enter.
report-what-named = { $who }: что сказали? Одна клавиша, потом Enter.
report-by-team = Группа
report-by-person = Человек
report-by-anyone = Группа или человек
report-loud = Срочное и записи
report-who = Кто
report-what = Что
report-text = Слова
report-who-label = Номер группы, позывной или имя
report-who-hint = 12 и Enter – Лиса-12; к2 – Кинолог-2; после имени можно сразу слова: 12 двое устали
report-who-several = Подходит не один. Добавьте букву или выберите стрелкой.
report-who-nobody = Кто это сказал? Наберите номер, позывной или имя.
report-text-hint = Enter – записать, Shift Enter – новая строка
report-at = Когда это было
report-source = Откуда знаем
report-place = Координаты
report-file = Записать

## Вводная и вход

briefing-title = Вводная для участников
briefing-none = Вводная не выпущена: телефоны её не видят.
briefing-warning = Это прочтёт каждый участник. Без диагнозов, адресов и лишних имён.
briefing-text = Текст
briefing-radio = Канал рации
briefing-headquarters = Где штаб
briefing-headquarters-hint = координаты
briefing-muster = Сбор: куда и к которому часу
briefing-phones = Телефоны штаба
briefing-phone-default = Штаб
briefing-phone-title = Чей
briefing-phone-number = Номер
briefing-phone-add = Добавить телефон
briefing-release = Выпустить
briefing-released = Выпущена
join-title = Поиск { $number }: отметьтесь в телефоне
join-qr = QR-код страницы входа
join-print = Напечатать
join-rotate = Сменить код
join-rotate-explained = Старый лист перестанет работать; кто уже вошёл, останется.
join-step-scan = Наведите камеру на код или откройте адрес и введите код.
join-step-name = Напишите имя или позывной.
join-step-keep = Не закрывайте страницу: она работает и без сети.

## Завершение

closing-title = Завершить поиск
closing-explained = у каждого – слово, откуда известно, что он в безопасности
closing-all-home = Все дома.
closing-outcome = Итог
closing-choose = выберите итог
closing-reason = Причина завершить, хотя не все дома
closing-reason-hint = останется в журнале вместе со списком
closing-resolve = Чем известно
closing-not-all = Кто-то ещё не дома. Отметьте каждого или назовите причину.
closing-anyway = Завершить с причиной
closing-close = Завершить
resolution-called_at_home = Дозвонились: дома
resolution-seen_leaving = Видели, как уехал
resolution-handed_over = Передан другим

## Запрос сил и средств

requests-empty = Запросов нет. Попросите людей или средства у МЧС, МВД или другого отряда (Q).
request-to = Кому
request-nobody = Список организаций пуст.
request-items = Что нужно
request-what = Что
request-what-hint = пешие группы, кинолог, вертолёт…
request-quantity = Сколько
request-unit = Единица
request-unit-people = чел.
request-add-item = Добавить строку
request-place = Куда прибыть
request-place-point = Координаты точки входа приложатся сами.
request-needed = К которому часу
request-needed-hint = пусто – как можно скорее
request-now = как можно скорее
request-basis = Основание
request-basis-hint = номер КУСП, соглашение или устное указание и чьё
request-note = Пояснение
request-contact = С кем связаться
request-submit = Направить
request-exercise = запрос уйдёт с пометкой «УЧЕНИЯ»
request-received-by-phone = Получен дежурным по телефону
request-told-officer = Сообщено дежурному…
request-cancel = Отозвать запрос
request-no-longer-needed = больше не нужно
request-sum = { $what }: обещано { $promised } из { $asked }
promised-of = { $promised } из { $asked }
arrives = прибудут
arrives-at = Когда прибудут
told-quantity = { $quantity }
receipt-title = Сообщено дежурному: { $organisation }
receipt-explained = Запрос считается полученным, когда известно, кто его принял.
told-title = Со слов: { $organisation }
told-explained = Останется «со слов, не подтверждено», пока ведомство не подтвердит само.
officer-name = Кто говорил (фамилия, имя)
officer-post = Должность
officer-post-default = оперативный дежурный
officer-phone = Телефон
told-said-at = Когда сказано
told-text = Что сказано
told-decision = Решение
told-decision-none = пока без решения

## Лента

quarantine-title = { $count ->
        [one] Ждёт разбора: { $count } запись
        [few] Ждут разбора: { $count } записи
       *[many] Ждут разбора: { $count } записей
    }
quarantine-explained = Эти сообщения с телефонов не вошли в ленту: номер уже занят другим содержанием или не пришло то, на что они ссылаются. Они не потеряны.
quarantine-copy = другое содержание под тем же номером
quarantine-waiting = ждёт предыдущего сообщения
feed-filter = Искать в ленте
feed-empty = Событий пока нет.
recorded-at = записано
event-operation_opened = Поиск открыт
event-hold_set = { $state }
event-operation_closed = Поиск завершён: { $state }
event-outcome_recorded = Итог записан
event-case_confirmed = МВД подтвердило заявку: КУСП № { $number }
event-point_set = Точка поставлена: { $role }
event-area_set = Район изменён: { $area }
event-partition_made = Район разбит на секторы: { $count }
event-sector_marked-blocked = { $sector }: опасно, не входить. { $reason }
event-sector_marked-held_by_other = { $sector }: работает { $organisation }
event-sector_marked-none = { $sector }: отметка снята
event-participant_added = Новый участник: { $who }
event-participant_moved = { $who }: { $state }
event-team_formed = Собрана группа { $team }
event-team_changed = Группа { $team }: состав изменён
event-team_disbanded = Группа { $team } распущена
event-task_given = { $team }: дана задача, сектор { $sector }
event-task_moved = { $team }, { $sector }: { $state }
event-check_in = { $who }: { $word }
event-found_reported = Нашли человека: { $who }, { $condition }
event-clue_found = Находка или след, { $who }: { $text }
event-note_added = Запись: { $text }
event-sos_raised = SOS: { $who }
event-sos_taken = SOS: занимается { $name }
event-sos_closed = SOS снят: { $reason }
event-briefing_released = Выпущена вводная для участников
event-claim_refused = Отказано: { $team } не получила сектор, он у { $holder }
event-sector_claimed = { $team } просит сектор
event-request_made = Направлен запрос сил и средств
event-request_received = { $organisation }: запрос получен, { $name }
event-request_answered-accept = { $organisation }: принят к исполнению, { $quantity }
event-request_answered-decline = { $organisation }: отказ, { $reason }
event-request_cancelled = Запрос отозван
event-agency_told = { $organisation }, со слов: { $text }
event-told_confirmed = Сказанное подтверждено: { $name }
event-scenario_set = Версия: { $name }
event-scenarios_weighed = Изменены веса версий
event-scenario_dropped = Версия снята: { $reason }
event-subject_state_set = Изменено состояние пропавшего для расчёта
event-sector_ranked = Сектор { $sector }: изменена очередь
event-pair_locked-must = { $team }: сектор { $sector } закреплён за группой
event-pair_locked-must_not = { $team }: в сектор { $sector } не посылать
event-pair_locked-none = { $team }: сектор { $sector } снова по плану
event-shift_handed_over = Смену принимает { $name }
event-evacuation_proposed = Составлен план эвакуации
event-evacuation_ordered = Эвакуация начата, остальные группы отозваны
event-assignment_accepted = План принят, групп получили задачи: { $count }
event-clue_weighed = Учтено свидетельство: { $text }
event-clue_weight_dropped = Свидетельство снято с расчёта: { $reason }
job-step-computing_probability = считаем вероятность
