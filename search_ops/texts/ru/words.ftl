### Слова экранов, бумаги и телефонов: одно значение, одно слово (LABELS). Русский текст – исходный.

## Поиск

exercise = УЧЕНИЯ
operation-active = Идёт поиск
operation-hold_verify = СТОП, проверка
operation-hold_evacuate = СТОП, эвакуация
operation-suspended = Поиск приостановлен
operation-closed-found_alive = Найден, жив (НЖ)
operation-closed-found_dead = Найден, погиб (НП)
operation-closed-found_undisclosed = Найден
operation-closed-not_found = Не найден, поиск завершён
operation-closed-identified = Личность установлена
operation-closed-unconfirmed = Не подтвердилась
operation-closed-handed_over = Передана другой организации

## Сектор

sector-planned = Намечен
sector-assigned = Назначен
sector-on_task = В работе
sector-awaiting_track = Ждём трек
sector-searched_proven = Отработан, есть трек
sector-searched_partly = Отработан частично
sector-to_search_again = Отработать повторно
sector-blocked = Опасно, не входить
sector-held_by_other = Работает { $agency }

## Задача

task-planned = Подготовлена
task-assigned = Назначена
task-briefed = Поставлена группе
task-out = Группа вышла
task-on_task = Группа работает
task-returning = Группа возвращается
task-back = Группа вернулась
task-debriefed = Доклад принят
task-closed = Задача закрыта
task-recalled = Отозвана
task-cancelled = Отменена

## Участник

participant-invited = Приглашён
participant-going = Едет
participant-on_site = Зарегистрирован
participant-available = Готов к задаче
participant-on_task = На задаче
participant-resting = Отдыхает
participant-left = Уехал из штаба
participant-home = Дома

## Запрос сил и средств

joint-request = Запрос сил и средств
request-draft = Черновик
request-approved = Подписан
request-requested = Направлен
request-received = Получен дежурным
request-answered = Есть ответ
request-closed = Закрыт
request-cancelled = Запрос отозван
commitment-provisional = Предварительный ответ
commitment-accepted = Принят к исполнению
commitment-accepted-partly = Принят частично
commitment-declined = Отказ
commitment-committed = Силы выделены
commitment-requisitioned = Вызваны
commitment-departed = Выехали (вылетели)
commitment-on_scene = Прибыли
commitment-working = Работают
commitment-released = Отпущены с поиска
commitment-returned = Вернулись в часть
commitment-extended = Срок продлён
commitment-withdrawn = Запрос отозван
request-not-seen = Не принято дежурным: { $minutes } мин
told-unconfirmed = Со слов, не подтверждено
told-confirmed = Подтверждено

## Слова отметок: кнопки телефона и запись в штабе

word-going = Еду
word-arrived = Я на месте
word-out = Вышли
word-started = Начали работу
word-finished = Закончили
word-returning = Возвращаемся
word-back = Вернулись
word-all_well = Всё в порядке
word-stop_seen = СТОП принят
word-rest = Нужна пауза
word-ready = Готов к задаче
word-leaving = Уезжаю
word-home = Я дома
word-cannot = Не могу
word-found = Нашли человека
word-clue = Находка или след
word-sos = SOS, нужна помощь
word-note = Запись

condition-walking = жив, идёт сам
condition-carried = жив, нужно нести
condition-needs_checking = нужна проверка

report-saved = Сохранено на телефоне
report-filed = Принято штабом

source-phone = телефон
source-radio = по радио
source-in_person = лично
source-call = звонок
source-paper = на бумаге

## Тревоги

alarm-sos = SOS: { $callsign }
alarm-sos-not-delivered = SOS НЕ ДОШЁЛ. Звоните!
alarm-overdue = Не вернулись вовремя: { $callsign }
alarm-no-contact = Нет связи: { $callsign }, { $minutes } мин
alarm-stop-not-confirmed = СТОП не подтвердили: { $count }
alarm-not-home = Не все дома: { $count }

## Точки, сроки, свидетельства

point-lkp = Последняя известная позиция (ПИП)
point-lkp-short = ПИП
point-entry = Точка входа
point-headquarters = Штаб
due = Контрольное время
contact-every = Связь каждые { $minutes } мин
emergency-bearing = Аварийный азимут { $degrees }° магнитный
bearing-declination = Склонение { $degrees }° (к востоку +), { $year } год, { $model }
position-at = Точка { $when }
battery = Батарея { $percent } %

## Группы и методы

team-kind-foot = Пешая группа
team-kind-dog = Кинолог
team-kind-vehicle = Экипаж
team-kind-boat = Лодка
team-kind-air = Авиация
team-kind-other = Другое
method-response = Работа на отклик
method-comb = Прочёс
method-linear = Проверка линейных ориентиров
method-patrol = Патрулирование
method-dog = Работа с собакой
method-vehicle = Объезд
method-water = Берег и вода
method-air = Осмотр с воздуха
method-survey = Опрос
method-other = Другое

## Организации и роли

organisation-squad = Поисковый отряд
organisation-police = МВД
organisation-emergency = МЧС
organisation-region = Регион
organisation-partner = Партнёр
role-coordinator = Координатор
role-site_lead = Старший на месте (СНМ)
role-cartographer = Картограф
role-radio = Радист
role-registrar = Регистратор
role-information = Инфорг
role-police = МВД
role-emergency = МЧС
role-national = Федеральный координатор
role-region_lead = Руководитель ресурсного центра
role-family = Контактное лицо семьи
role-volunteer = Участник

## Время и связь

age-now = только что
age-minutes-ago = { $minutes } мин назад
age-minutes-ahead = через { $minutes } мин
age-hours-ago = { $hours } ч { $minutes } мин назад
age-hours-ahead = через { $hours } ч { $minutes } мин
age-days-ago = { $days } { $days ->
        [one] день
        [few] дня
       *[many] дней
    } назад
age-days-ahead = через { $days } { $days ->
        [one] день
        [few] дня
       *[many] дней
    }
connection-connecting = Соединяемся
connection-live = На связи
connection-behind = Отстаём на { $seconds } с
connection-offline = Нет сети с { $time }
connection-refused = Доступ закрыт
connection-unsent = Не отправлено: { $count }, старейшему { $minutes } мин
connection-retry = Повторить сейчас

## Общее для всех страниц

unknown = неизвестно
unit-km2 = { $value } км²
unit-ha = { $value } га
sign-in-title = Вход
sign-in-login = Имя для входа
sign-in-password = Пароль
sign-in-submit = Войти
sign-out = Выйти
language-switch = Язык
language-ru = Русский
language-en = English
theme-switch = Оформление
theme-light = Светлое
theme-dark = Тёмное
theme-sunlight = На солнце
close = Закрыть
cancel = Отмена
save = Сохранить
send = Отправить
back-button = Назад
loading = Загружаем…
try-again = Повторить
error-network = Сервер не отвечает. Проверьте сеть и повторите: введённое не потеряно.
error-timeout = Сервер не ответил за 30 секунд. Повторите: второй раз команда не выполнится.
error-changed-meanwhile = Пока вы решали, это изменил кто-то другой. Посмотрите, что теперь, и повторите.
error-required = Заполните это поле.
