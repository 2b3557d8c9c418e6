# Люди и средства: что умеют, что выдано, кто с кем едет.

event-resource_issued = { $who }: выдано – { $thing }
event-team_rules_waived = { $team }: идёт с нарушением правил. { $reason }
event-resource_returned = Принято назад: { $thing }

## Что умеют

competence-leader = СПГ, старший группы
competence-medic = Медик
competence-dog_handler = Кинолог
competence-drone_pilot = Оператор БПЛА
competence-offroad_driver = Водитель вездехода или внедорожника
competence-snowmobile_driver = Водитель снегохода
competence-boat_driver = Водитель лодки
competence-diver = Водолаз
competence-tracker = Следопыт
competence-radio_operator = Радист
competence-cartographer = Картограф
competence-registrar = Регистратор
competence-rope_rescuer = Работа на верёвках
competence-helicopter_receiver = Приём вертолёта
limit-night = Не ночью
limit-water = Не на воде
limit-long_walk = Не ходит далеко
limit-heights = Не на высоте
limit-carrying = Не носит тяжёлое

## Средства

resource-label = { $what } { $number }
resource-radio = Рация
resource-navigator = Навигатор
resource-torch = Фонарь
resource-megaphone = Мегафон
resource-siren = Сирена
resource-stretcher = Носилки
resource-first_aid = Аптечка
resource-power_bank = Внешний аккумулятор
resource-generator = Генератор
resource-tent = Палатка
resource-drone = БПЛА
resource-dog = Собака
resource-vehicle = Транспорт
resource-other = Другое
ground-class-car = Легковая
ground-class-4x4 = Внедорожник 4×4
ground-class-swamp_vehicle = Вездеход
ground-class-snowmobile = Снегоход
ground-class-boat = Лодка
ground-class-quad = Квадроцикл

## Стол регистратора

action-roster = Люди и средства
action-roster-arrivals = Регистрация прибывших
action-roster-teams = Собрать группы
action-roster-things = Средства: выдать и принять
roster-to-map = К карте
roster-views = Столы
roster-view-arrivals = Регистрация
roster-view-teams = Группы
roster-view-things = Средства
roster-no-right = У вас нет прав на эти столы. Их даёт координатор.
arrivals-query = Позывной, имя, телефон или код с карточки
arrivals-keys = ↑ ↓ выбрать · Enter отметить или записать · Esc очистить
arrivals-count = { $count ->
    [one] { $count } человек
    [few] { $count } человека
   *[many] { $count } человек
 } в поиске, на месте { $onsite }
arrivals-rows = Кто подходит
arrivals-put = Отметить на месте
arrivals-open = Открыть
arrivals-create = Записать на месте
arrivals-new-callsign = Новый, позывной «{ $callsign }»
arrivals-new-name = Новый, имя «{ $name }»
arrivals-done = { $who }: на месте
arrivals-empty = Пока никого. Наберите позывной или имя первого и нажмите Enter.
arrivals-nobody = Никто не подходит. Наберите имя или позывной, и человека можно записать.
arrivals-more = Ещё { $count }. Наберите больше букв.
mismatch-title = Не сходится: { $count }
mismatch-none = Всё сходится.
mismatch-task-without-team = { $who }: на задаче, но ни в одной группе
mismatch-team-without-person = { $who }: в группе { $team }, а отмечен «{ $state }»
mismatch-away-but-not-on-task = { $who }: группа { $team } вышла, а отмечен «{ $state }»
mismatch-callsign-twice = Один позывной у двоих: { $who } и { $other }
mismatch-phone-twice = Один телефон у двоих: { $who } и { $other }
mismatch-thing-of-disbanded = { $thing }: группа { $team } распущена, не сдано
mismatch-thing-of-left = { $thing }: не сдано, { $who } – { $state }
mismatch-shift-over = { $who }: на смене { $hours } ч без отдыха
mismatch-past-leaving = { $who }: собирался уехать, ещё здесь

## Карточка человека

shift-hours = на смене { $hours } ч
person-adult = Есть 18 лет
adult-unknown = Не спросили
adult-yes = Да
adult-no = Нет
person-leaves = Должен уехать
person-certificates = Подготовка
person-until = до
person-remove = Убрать: { $what }
person-add-certificate = Добавить подготовку
person-limits = Чего нельзя
person-needs-medic = Рядом нужен медик
person-pickup = Откуда забрать
person-home = Куда домой
person-ready = Готов выехать
person-gear = Вещи, л
person-things = Выдано
place-words = Место словами
place-coordinates = Координаты
thing-issue = Выдать
thing-return = Принять
thing-to-issue = Что выдать
thing-number-example = 14 или Рация 14

## Средства: таблица

things-add = Записать
things-kind = Вид
things-number = Номер
things-ground = Проходимость
things-seats = Мест без водителя
things-space = Под вещи, л
things-plate = Госномер
things-driver = Водитель
things-handler = Кинолог
things-owner = Чьё, если своё
things-not-found = Такого человека в поиске нет
things-filter = Номер, вид или у кого
things-empty = Средств ещё нет. Запишите первое: вид, номер, Enter.
things-what = Что
things-with = У кого
things-since = Выдано
things-condition = Состояние
things-act = Действие
things-at-headquarters = в штабе
things-seats-short = мест: { $seats }
things-to-whom = Группа или человек
condition-thing-ok = Исправно
condition-thing-broken = Неисправно
condition-thing-lost = Потеряно
condition-thing-taken_home = Увёз хозяин
thing-back-ok = Исправно
thing-back-broken = Неисправно
thing-back-lost = Потеряно
thing-back-taken_home = Увёз хозяин

## Сборка групп

builder-hours = Задача, часов
builder-people = Людей в группе
builder-night = Пойдут в темноте
builder-needs = Сначала нужны
builder-need-add = Добавить: какая группа нужна
builder-need-people = Людей: { $kind }
builder-need-remove = Не нужна: { $kind }
builder-propose = Предложить группы
builder-pool = Без группы: { $count }
builder-pool-empty = Свободных людей на месте нет.
builder-stock = Не выдано: { $count }
builder-keys = Перетащите или выберите и нажмите: 1–9 в группу, 0 обратно, L старший
builder-teams = Группы на экране
builder-next-team = Ещё одной группе не хватает:
builder-not-proven = Поиск состава прерван по времени: просимая группа, возможно, всё же собирается.
builder-beyond = Людей много: { $count } в этом предложении не рассмотрены. Создайте группы и предложите ещё раз.
builder-add = Добавить группу
builder-remove = Убрать группу { $team }
builder-empty = Нажмите «Предложить группы» или добавьте группу и перетащите людей.
builder-drop-here = Перетащите сюда людей
builder-checking = Проверяем правила…
builder-kept = Правила соблюдены
builder-all-kept = Все правила соблюдены
builder-barred = Есть нарушения, с которыми группу создать нельзя
builder-waive = Почему идут с нарушением
builder-waive-hint = Запись останется в журнале с вашим именем
builder-accept = { $count ->
    [one] Создать { $count } группу
    [few] Создать { $count } группы
   *[many] Создать { $count } групп
 }
builder-formed = Созданы: { $teams }
team-rules = На задаче в { $hours } ч такая группа нарушит правила:
rule-about = { $who }: { $text }
rule-record_invalid = запись неполная
rule-time_invalid = возвращение раньше выхода
rule-unknown_kind = такого вида групп нет
rule-unknown_person = такого человека в поиске нет
rule-unknown_item = такого средства нет
rule-listed_twice = в группе дважды
rule-in_other_team = уже в группе { $team }
rule-under_age = нет 18 лет
rule-age_unknown = не спросили, есть ли 18 лет
rule-leaves_too_early = должен уехать в { $have_at }, группа вернётся в { $need_at }
rule-rest_too_short = смена отработана, отдых { $have } ч из { $need } ч
rule-shift_too_long = смена выйдет { $have } ч, можно { $need } ч
rule-limited = ограничение: { $what }
rule-need_unmet = рядом нужен { $what }
rule-no_leader = нет старшего (СПГ)
rule-leader_not_member = старший не входит в группу
rule-certificate_expired = допуск «{ $what }» истёк { $until }
rule-certificate_missing = старший, но допуска СПГ нет
rule-too_few_people = людей { $have }, нужно не меньше { $need }
rule-too_many_people = людей { $have }, можно не больше { $need }
rule-competence_missing = нет подготовки «{ $what }»: { $have } из { $need }
rule-item_missing = не хватает: { $what }, { $have } из { $need }
rule-item_unusable = неисправно или потеряно
rule-item_ends_too_early = хватит до { $have_at }, группа вернётся в { $need_at }
rule-item_without_its_person = в группе нет того, с кем это ходит
rule-callsign_used = позывной «{ $what }» уже был
rule-size_invalid = столько людей в такой группе не бывает
rule-cannot_be_combined = всего хватает, но вместе не сходится
rule-no_team_left = в группах не осталось места
rule-not_asked = таких групп не просили
rule-not_on_site = не отмечен на месте
short-of = { $what }: нужно { $need }, свободно { $left } (годных { $fit }, всего { $known })
short-people = людей
short-combined = всего хватает, но вместе не сходится

## Экипажи

action-roster-crews = Экипажи: кто с кем едет
roster-view-crews = Экипажи
event-crew_moved-departed = Экипаж выехал, водитель { $crew }
event-crew_moved-arrived = Экипаж на месте, водитель { $crew }
event-crew_moved-cancelled = Экипаж отменён, водитель { $crew }
crews-direction = Куда едут
crews-out = На поиск
crews-home = По домам
crews-plan = Кто с кем едет
crews-ready-out = Готовы выехать
crews-ready-home = Выезд из штаба
crews-deviation = Крюк водителя, мин
crews-propose = Предложить
crews-estimate = Время примерное: по прямой, без учёта дорог. Уточните у водителей.
crews-seats = мест { $taken } из { $seats }
crews-deviation-short = крюк { $minutes } мин
crews-untimed = состав изменён, время не пересчитано
crews-leaves = выезд
crews-from-headquarters = из штаба
crews-at-headquarters = в штабе
crews-move = Пересадить: { $who }
crews-nowhere = Без машины
crews-left = Без места
crews-cars-out = Машины, которые не едут
crews-no-cars = Машин для этой дороги нет. Запишите машину с водителем и местами на столе «Средства».
crews-accept = { $count ->
    [one] Утвердить { $count } экипаж
    [few] Утвердить { $count } экипажа
   *[many] Утвердить { $count } экипажей
 }
crews-accepted = Утверждено экипажей: { $count }
crews-standing = Экипажи: { $count }
crews-none = Утверждённых экипажей нет.
crews-car = Водитель и машина
crews-people = Едут
crews-alone = один
crews-there = Будут на месте
crews-late = время прошло, позвоните
crews-no-ride = Никто не везёт: { $count }
crews-all-ride = У каждого есть, с кем ехать домой.
crew-planned = Утверждён
crew-departed = В пути
crew-arrived = Доехали
crew-to-departed = Выехали
crew-to-arrived-out = Приехали в штаб
crew-to-arrived-home = Все дома
crew-to-cancelled = Отменить
ride-with = с водителем { $driver }, { $car }
ride-drives = за рулём, { $car }
left-record_invalid = запись неполная
left-unknown_place = не знаем, откуда забрать или куда везти
left-no_cars = свободных мест нет ни в одной машине
left-no_road = ни одна машина не проезжает
left-gear_too_big = вещи не помещаются
left-too_far = слишком большой крюк для всех
left-too_late = не успеть ко времени
left-seats_taken = подходящие машины полны
left-not_with_the_others = место есть, но не по пути с остальными
left-taken_out = высажен вручную
car-out-record_invalid = запись неполная
car-out-unknown_place = не знаем, где водитель
car-out-no_road = нет дороги
car-out-too_late = не успеть ко времени
car-out-driver_unfit = водитель отработал полную смену: за руль нельзя
closing-ride = Домой
