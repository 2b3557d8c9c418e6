# Работа с картой: слои, правка секторов, измерения, треки, доказательства, печать.

## Инструменты карты

tools-title = Инструменты карты
tool-layers = Слои
tool-edit = Правка
tool-measure = Измерить
tool-place = Место
tool-tracks = Треки
tool-proof = Покрыто
tool-table = Таблица
tool-print = Печать
action-layers = Слои карты
action-edit = Править секторы
action-measure = Измерить на карте
action-place = Найти место или координаты
action-tracks = Треки
action-proof = Что отработано
action-table = Таблица секторов
action-print = Печать и файлы
unit-hours = { $value } ч
unit-addresses = { $count ->
        [one] { $count } адрес
        [few] { $count } адреса
       *[many] { $count } адресов
    }

## Слои

layers-title = Слои карты
layers-shown = Показывать
layers-rasters = Карты-подложки, верхняя первой
layers-no-rasters = Других карт нет. Их загружает администратор: search-ops import raster.
layer-teams = Группы
layer-points = Точки и находки
layer-tracks = Треки
layer-missing = Неотработанные части
layer-proof = Отработанная полоса
layer-rulers = Буквы и числа по краям
layer-labels = Подписи секторов
layer-sectors = Секторы
layer-contours = Горизонтали
layer-hillshade = Отмывка рельефа
layer-ground = Местность
layer-strength = Насыщенность: { $name }
layer-percent = { $percent } %
layer-up = Выше: { $name }
layer-down = Ниже: { $name }
layer-moved = { $name }: место { $place }

## Измерения и места

measure-title = Измерить
measure-what = Что измерить
measure-line = Расстояние
measure-area = Площадь
measure-how = Щёлкайте точки на карте. Двойной щелчок или Enter – готово, Backspace – убрать точку, Esc – отмена.
measure-done = Измерено. «Начать заново» – следующее измерение.
measure-length = Длина
measure-outline = Граница
line-corner = Точка координатами
line-add-corner = Добавить точку
line-undo = Убрать последнюю
measure-last = Последний отрезок
measure-true = Азимут истинный
measure-magnetic = Азимут магнитный
measure-needle = Склонение { $degrees }° (к востоку +), { $year } год, { $model }
measure-needle-outdated = Модель годна до 2030 года: склонение может отличаться.
measure-needle-unreliable = Близко к магнитному полюсу: компасу верить нельзя.
place-title = Место и координаты
place-typed = Координаты, ссылка на карту или название
place-typed-hint = Градусы, UTM, MGRS, СК-42, ссылка из Яндекс, Google или OSM, название деревни или урочища
place-read = Найти
place-found = Найденные места
place-notations = Место во всех системах координат
place-copy = Копировать { $text }
place-copy-short = Копировать
place-copied = Скопировано.
place-as-lkp = Поставить как ПИП
place-as-entry = Поставить как точку входа
place-set = Поставлено: { $point }.
place-kind-city = город
place-kind-town = город
place-kind-village = село
place-kind-hamlet = деревня
place-kind-suburb = район города
place-kind-isolated_dwelling = хутор
place-kind-locality = урочище
place-kind-place = место
place-kind-peak = вершина
place-kind-station = станция
place-kind-spring = родник
place-kind-shelter = укрытие
place-kind-water = вода
place-kind-waterway = река, ручей
place-kind-road = дорога
place-kind-river = река
place-kind-stream = ручей
coordinates-utm = UTM
coordinates-sk42 = СК-42
coordinates-mgrs = MGRS
palette-found = Место на карте

## Правка секторов

edit-title = Править секторы
edit-tools = Что сделать
edit-area = Нарисовать
edit-line = Линия
edit-list = Адреса
edit-split = Разрезать
edit-merge = Соединить
edit-reshape = Двигать углы
edit-mark = Пометить
edit-undo = Отменить
edit-redo = Вернуть
edit-how = Выберите действие. Отработанное остаётся отработанным и после правки.
edit-choose-sector = Щёлкните сектор на карте или выберите его в списке.
edit-area-how = Щёлкайте углы; курсор притягивается к соседним границам (Alt – не притягивать). Двойной щелчок или Enter – готово, Esc – отмена.
edit-line-how = Берег, просека, ЛЭП: щёлкайте точки линии. Двойной щелчок или Enter – готово, Esc – отмена.
edit-line-live = Точек: { $corners }. Длина { $length }.
edit-name = Название
edit-corridor = Полоса в каждую сторону, м
edit-save = Сохранить
edit-done = Сделано: { $what }.
edit-undone = Отменено: { $what }.
edit-redone = Возвращено: { $what }.
edit-no-undo = Это не отменить: { $what } ничего не заменило.
edit-although = Даже если в этих секторах работают группы
split-how = Проведите линию через сектор { $sector } от края до края.
split-pieces = Части: { $one } и { $other }
split-several = Линия проходит несколько раз: части посчитает сервер.
split-short = Линия ещё не пересекла сектор.
merge-how = Щёлкайте соседние секторы на карте или выбирайте из списка.
merge-chosen = Выбраны для соединения
merge-leave = Убрать { $sector }
merge-add = Добавить сектор
merge-sum = Секторов: { $count }, вместе { $area }
reshape-how = Углы сектора { $sector } тянутся мышью, кружок между ними даёт новый угол, Delete убирает. Клавишами: [ и ] – выбрать угол, стрелки – двигать, Insert – добавить. Общая граница меняется у обоих соседей.
reshape-corner = Угол
reshape-corner-choose = выберите угол
reshape-to = Новое место угла, координаты
reshape-move = Переставить
reshape-insert = Добавить после
reshape-remove = Убрать угол
reshape-live = Изменений: { $changes }. Площадь { $area }.
reshape-neighbours = { $count ->
        [one] Меняется и { $count } сосед.
        [few] Меняются и { $count } соседа.
       *[many] Меняются и { $count } соседей.
    }
reshape-nothing = Изменений пока нет.
mark-what = Сектор { $sector }
mark-held = Работает другое ведомство
mark-none = Снять пометку
mark-organisation = Кто там работает
mark-organisation-choose = выберите организацию
mark-reason = Почему
list-addresses = Адреса, по одному в строке
list-hint = После точки с запятой можно дать координаты: Лесная 5; 55.7532 37.6198
list-count = Адресов: { $count } (не больше { $most })
list-unread = Строка { $line }: не читается место «{ $place }»

## Треки

tracks-title = Треки
tracks-drop = Перетащите сюда папку навигатора или файлы.
tracks-folder = Выбрать папку
tracks-files = Выбрать файлы
tracks-kinds = GPX, PLT, KML, KMZ, FIT. Имя вида 20260823_Лиса-12 само находит группу.
tracks-sending = Отправляем { $name } ({ $at } из { $of })
tracks-skipped = { $count ->
        [one] Пропущен { $count } файл другого вида: { $names }
        [few] Пропущены { $count } файла другого вида: { $names }
       *[many] Пропущено { $count } файлов другого вида: { $names }
    }
tracks-reading = Читаем треки
tracks-done = Готово: треков { $kept }, из них с группой { $matched }; уже были { $duplicates }.
tracks-none = Треков пока нет.
tracks-other-search = Не этот поиск, не учтены: { $names }
tracks-empty = Пустые файлы: { $names }
tracks-unmatched = Ничьи треки: { $count }
tracks-matched = Треки групп: { $count }
tracks-aside = Отложенные треки: { $count }
tracks-awaited = Ждём трек: { $count }
track-lost = Трека не будет
track-lost-reason = Почему его не будет
track-lost-grade = Откуда известно об окончании
track-nobody = Чей – неизвестно
track-by-name = по имени файла
track-by-navigator = по номеру навигатора
track-by-time = по времени
track-by-hand = вручную
track-flag-transit = дорога { $count }
track-flag-still = стоянка { $count }
track-flag-jump = скачки { $count }
track-flag-clock = неверные часы { $count }
track-flag-zero = без места { $count }
track-not-counted = Не засчитано точек: { $what }
track-no-time = без времени
track-change = Исправить
track-task = Чей это трек
track-task-choose = выберите группу и сектор
track-match = Отдать этой группе
track-shift = Поправка часов, мин
track-shift-hint = Если часы навигатора отставали на час: 60
track-aside = Или не учитывать
track-aside-other_search = другой поиск
track-aside-duplicate = повтор
track-aside-useless = негодный
track-name-date = В имени файла другой день: { $date }
track-put-aside = Отложить

## Доказательства

proof-title = Что отработано
proof-legend = Обозначения отработанного
proof-track = Трек группы
proof-track-unmatched = Ничей трек (точками)
proof-swept = Отработанная полоса
proof-missing = Не отработано (в клетку)
proof-sum = Отработано с треком { $proven }, частично или повторно { $partly }, всего секторов { $count }.
proof-nothing-yet = Доказательств пока нет. Загрузите треки (K).
proposals-title = Предложено отработать повторно: { $count }
proposals-none = Предложений нет.
proposal-title = Сектор { $sector }: отработать повторно?
proposal-below_target = Полный трек есть, но отработано меньше нужного.
proposal-partial_track = Есть только часть трека.
proposal-no_track = Трека нет, только слова.
proposal-figures = Найден бы: { $figures }
proposal-target = Нужно: { $subject }, не меньше { $percent } %
proposal-swept = Пройдено { $share } площади
judge-again = Отработать повторно
judge-enough = Достаточно
judge-again-why = Почему повторно
judge-enough-why = Почему достаточно
subject-responsive = если откликается
subject-unresponsive = если не откликается
pod-about = около { $percent } %
pod-range = { $low }–{ $high } %
pod-under = меньше { $percent } %
pod-over = больше { $percent } %
pod-responsive = откликается { $pod }
pod-unresponsive = не откликается { $pod }
grade-full_track = Полный трек
grade-partial_track = Часть трека
grade-radio = По радио
grade-paper = На бумаге
grade-agency = Сведения ведомства

## Таблица секторов

table-title = Таблица секторов
table-state = Состояние
table-every-state = Все состояния
table-shown = Показано { $shown } из { $count }
table-save = Сохранить CSV
table-rows = Строки таблицы
table-file = секторы
table-column-label = Сектор
table-column-state = Состояние
table-column-kind = Вид
table-column-size = Размер
table-column-planned_hours = Часы по плану
table-column-hours = Часы потрачено
table-column-coverage = Плотность поиска
table-column-pod_responsive = Откликается
table-column-pod_unresponsive = Не откликается
table-column-grade = Чем доказано
table-column-teams = Группы
sector-kind-area = площадь
sector-kind-line = линия
sector-kind-list = адреса

## Печать и файлы

print-title = Печать и файлы
print-teams = Пакеты каких групп
print-no-tasks = Задач на руках нет: сначала дайте задачу (G).
print-language = Язык листов
print-scale = Масштаб
print-scale-fit = чтобы сектор поместился
print-layers = На карте
print-layer-neighbours = соседние секторы
print-layer-contours = горизонтали
print-layer-entry = точка входа
print-layer-last_known = последняя известная позиция
print-rasters = Растровые карты на листе, до { $count }
print-shrunk = { $team }, { $sector }: сектор не поместился в { $wanted }, напечатано { $scale }
print-making = Готовим листы
print-done = Листы готовы.
print-download = Скачать PDF
print-make = { $count ->
        [one] Подготовить { $count } пакет
        [few] Подготовить { $count } пакета
       *[many] Подготовить { $count } пакетов
    }
export-title = Файлы для навигаторов и программ
export-whose = Чьи данные
export-everything = весь поиск
export-gpx = GPX
export-kml = KML
export-plt = PLT (OziExplorer, треки)
export-wpt = WPT (OziExplorer, точки)
export-gpkg = GeoPackage
export-geojson = GeoJSON

## Лента

event-track_kept = Загружен трек: { $name }
event-track_matched = Трек отдан группе { $team }
event-track_set_aside = Трек отложен
event-track_lost = Трека не будет: { $team }. { $reason }
event-search_again_proposed = Предложено отработать повторно: { $sector }
event-sector_judged-again = Решено отработать повторно: { $sector }
event-sector_judged-enough = Решено, что достаточно: { $sector }
event-search_widths_set = Изменены полосы обнаружения

## Разбиение

partition-groups = На равные по труду секторы
partition-layer = По слою из файла (кварталы)
grid-align = Оси сетки
grid-align-local = по истинному северу, метры
grid-align-utm = по сетке UTM, метры
grid-align-geographic = по градусам
grid-step-lon = Шаг по долготе, секунды
grid-step-lat = Шаг по широте, секунды
grid-height = Высота клетки, м
grid-more = Начало, имена, подквадраты
grid-origin = Начало сетки
grid-defaults = Сетка как принято в регионе { $region }
grid-take-defaults = Как принято в регионе { $region }
grid-origin-hint = Пусто: середина района или круглые числа сетки
grid-preview = Линии сетки показаны на карте
grid-scheme = Имена
grid-scheme-letter_number = буква и число: Г5
grid-scheme-number_letter = число и буква: 5Г
grid-scheme-numbers = числа: 17
grid-skipped = Пропустить буквы
grid-letters-down = Буквы сверху вниз, числа слева направо
grid-from-east = Считать с востока
grid-from-south = Считать с юга
grid-sub-cells = Подквадраты
grid-sub-none = без них
grid-grow = Продолжить прежнюю сетку с её именами
natural-most = Самый большой сектор, га
natural-snap = Стягивать концы линий, м
natural-snap-hint = Оборванная просека дотянется до дороги не дальше этого
groups-by = Как делить
groups-by-count = на сколько секторов
groups-by-hours = по часам работы группы
groups-count = Секторов
groups-hours = Часов на сектор
groups-team = Для группы
groups-units = Из чего складывать
groups-units-cells = из малых клеток
groups-units-faces = из кусков между дорогами и просеками
layer-file = Файл со слоем
layer-file-hint = GeoPackage, shapefile в zip, KML, GeoJSON; до 64 МБ
layer-sent = Файл { $name } отправлен.
layer-name = Слой в файле
layer-first-wins = Где участки накладываются, верен первый

## Полосы обнаружения

widths-title = Полосы обнаружения
widths-how = Насколько широко видит и слышит поисковик. Измеренное здесь вернее таблицы. После сохранения всё отработанное пересчитается.
widths-ground = Местность вообще
widths-ground-short = Местность
widths-ground-open = открытая
widths-ground-forest = лес
widths-ground-dense = густой лес
widths-ground-from-map = Местность каждого сектора брать с карты
widths-visibility = Заметность человека
widths-visibility-high = яркая одежда
widths-visibility-medium = обычная
widths-visibility-low = сливается
widths-any = любая
widths-rd = Дальность обнаружения, измеренная здесь, м
widths-rd-hint = Положите куртку, отойдите до потери из виду и вернитесь до обнаружения с нескольких сторон; среднее расстояние. Пусто: не измеряли.
widths-target-unresponsive = Цель, не откликается, %
widths-target-responsive = Цель, откликается, %
widths-target-hint = Пусто: 60 %
widths-spacing = Интервал в цепи, м
widths-spacing-short = Интервал, м
widths-sound = Работа на отклик: ветер, сигнал, тишина
widths-signal = Сигнал
widths-signal-voice = голос
widths-signal-whistle = свисток
widths-signal-megaphone = мегафон
widths-signal-horn = сигнал машины
widths-signal-siren = сирена
widths-wind = Ветер, м/с
widths-every = Отклик каждые, с
widths-call = Сигнал длится, с
widths-silence = Тишина после, с
widths-neighbours = Групп в слышимости
widths-synchronised = Сигналы по часам, все сразу
widths-light = Время суток
widths-light-day = днём
widths-light-night = ночью
widths-sound-gives = полоса { $width }, расстояние между группами { $apart }
widths-sectors = Местность отдельных секторов: { $count }
widths-sector-ground = Сектор { $sector }
widths-tasks = Способ отдельных задач: { $count }
widths-task-add = Добавить задачу
widths-method = Способ
widths-method-told = по словам задачи
widths-method-sound = на отклик
widths-method-line = цепью
widths-method-visual = осмотр
widths-searchers = Человек в цепи
widths-width = Полоса, м
widths-width-unresponsive = Полоса, не откликается, м
widths-width-responsive = Полоса, откликается, м
widths-own = Свои полосы: { $count }
widths-own-row = Своя полоса { $number }
widths-subject = Для кого
widths-source = Откуда известно
widths-add = Добавить полосу
widths-table = Таблица по умолчанию с источниками
widths-status-measured = измерено
widths-status-published = опубликовано
widths-status-assumed = предположение
widths-status-entered = введено
widths-weighing = Пересчитываем отработанное
widths-saved = Сохранено, отработанное пересчитано.

error-grid-settings = Настройки сетки не приняты: { $names }
