# Где искать сначала: версии, свидетельства, карта вероятности, что даст следующий час.

tool-probability = Где искать
action-probability = Вероятность: где искать
layer-probability = Карта вероятности
probability-title = Вероятность
probability-view-scenarios = Версии
probability-view-sectors = Секторы
probability-view-history = История
probability-view-what-if = Что если
job-kind-probability = Карта вероятности
probability-no-map = Карты ещё нет: нарисуйте район и добавьте хотя бы одну версию.
probability-whereabouts = В районе { $in_area }, вне района { $outside }.
probability-found = Отработанным уже нашли бы с вероятностью { $found }.
probability-share = { $percent } %
probability-share-little = <0,1 %
probability-density = { $percent } % на км²
probability-gain = { $percent } % за час

## Карта

heat-legend = Вероятность, % на км²
heat-from = от
heat-darker = Темнее – вероятнее. Без цвета – ещё меньше.
heat-lighter = Светлее – вероятнее. Без цвета – ещё меньше.

## Версии

scenarios-title = Версии
scenarios-none = Версий ещё нет. Версия – одно объяснение, что случилось и откуда человек мог пойти.
scenario-add = Добавить версию
scenario-new = Новая версия
scenario-change = Изменить версию
scenario-change-short = Изменить
scenario-drop = Снять
scenario-drop-why = Почему версия снята
scenario-weight = Вес версии «{ $name }»
scenario-name = Версия
scenario-name-example = Пошла за грибами к ручью
scenario-here = Человек может быть здесь
scenario-elsewhere = Человек не здесь: уехал, вне района
scenario-start = Откуда пошёл
scenario-uncertainty = Точность места, м
scenario-heading = Направление, °, если известно
scenario-category = Кто потерялся
scenario-category-choose = Выберите
scenario-terrain = Местность
terrain-temperate_flat = Умеренный климат, равнина
terrain-temperate_mountain = Умеренный климат, горы
terrain-dry_flat = Сухой климат, равнина
terrain-dry_mountain = Сухой климат, горы
terrain-urban = Город
scenario-distances = Половину находят ближе { $median }, 95 % – ближе { $most }.
scenario-source = Источник: { $source }.
scenario-n = случаев: { $n }
reliability-good = Данные надёжные
reliability-fair = Данные средней надёжности
reliability-weak = Данные ненадёжные
reliability-purchased = Данные из купленной таблицы
scenario-by-travel-time = Считать по времени пути: склоны, лес, вода, дороги
scenario-pulled = Учитывать, к чему выходят: дороги, ручьи, постройки
lost-category-abduction = Похищение
lost-category-aircraft = Воздушное судно
lost-category-all_terrain_vehicle = Квадроцикл
lost-category-angler = Рыбак
lost-category-autistic = Аутизм
lost-category-boater = На лодке
lost-category-camper = В лагере, на стоянке
lost-category-caver = Спелеолог
lost-category-child_1_3 = Ребёнок 1–3 лет
lost-category-child_4_6 = Ребёнок 4–6 лет
lost-category-child_7_9 = Ребёнок 7–9 лет
lost-category-child_10_12 = Ребёнок 10–12 лет
lost-category-climber = Альпинист
lost-category-dementia = Деменция
lost-category-despondent = Подавлен, мог навредить себе
lost-category-elderly = Пожилой человек
lost-category-gatherer = Грибник, ягодник
lost-category-hiker = Пеший турист
lost-category-horse_rider = Всадник
lost-category-hunter = Охотник
lost-category-intellectual_disability = Нарушение интеллекта
lost-category-mental_illness = Психическое заболевание
lost-category-motorcycle = Мотоциклист
lost-category-mountain_biker = Велосипедист
lost-category-other = Другое, неизвестно
lost-category-runaway = Беглец, не хочет быть найден
lost-category-runner = Бегун
lost-category-skier_alpine = Горнолыжник
lost-category-skier_nordic = Лыжник
lost-category-snowboarder = Сноубордист
lost-category-snowmobiler = На снегоходе
lost-category-snowshoer = На снегоступах
lost-category-substance_use = Алкоголь, наркотики
lost-category-swimmer = Пловец
lost-category-vehicle = На автомобиле
lost-category-worker = На работе в лесу, в поле
lost-category-youth_13_15 = Подросток 13–15 лет

## Состояние человека

subject-state-title = Состояние человека
subject-answers = Откликнется, если позвать: { $percent }
subject-by-category = Пока никто не сказал иначе, взято по категории.
subject-moves = Ходит ли ещё
subject-moves-not = Не ходит: отработанное не стареет
subject-moves-little = Ходит мало: отработанное стареет медленно
subject-moves-freely = Ходит: отработанное стареет за часы

## Свидетельства

clues-title = Свидетельства на карте
clues-none = Ни одно свидетельство карту не меняет.
clue-weigh-add = Учесть свидетельство
clue-weigh-new = Учесть свидетельство
clue-weigh = Учесть
clue-drop = Не учитывать
clue-drop-why = Почему больше не учитывать
clue-reported = Находка или след из отметок
clue-text = Что известно
clue-place = Где
clue-by-point = Точка
clue-by-outline = Контур
clue-point = Место
clue-spread = Разброс, м
clue-spread-hint = На этом расстоянии свидетельство говорит о месте заметно слабее.
clue-within = около { $within }
clue-outline-how = Щёлкайте углы контура на карте, например зоны телефона. Двойной щелчок или Enter – готово.
clue-outline-live = Углов: { $corners }, площадь { $area }
clue-weight = Верим: { $percent }
clue-weight-hint = 0 – карта не меняется, 100 % – почти уверены.
clue-seen = Когда

## Секторы

table-column-probability = Вероятность
table-column-density = Плотность
table-column-next_hour = Следующий час
probability-order = Сначала
probability-unpartitioned = В районе вне секторов
probability-rest-of-world = Вне района
probability-why = Почему { $sector }
probability-of-sector = Здесь { $share }: откликается { $responsive }, не откликается { $unresponsive }.
probability-found-there = Уже отработано, POD: { $figures }.
probability-why-pull = { $percent } % веса – { $what } в пределах { $within }
probability-why-even = { $percent } % веса – расстояние и направление
probability-why-scenario = { $percent } % – версия «{ $name }»
probability-why-distance = Только расстояние и направление от исходной точки.
probability-pull-line = тропа, просека или другая линия
probability-pull-road = дорога
probability-pull-drainage = ручей
probability-pull-water = берег
probability-pull-building = постройка
probability-pull-field = поле, луг
probability-changes = Что изменилось
probability-changes-more = И ещё, меньше: { $count }
probability-fell = Сектор { $sector }: было { $before }, стало { $after }. Причина: { $cause }.
probability-rose = Сектор { $sector }: было { $before }, теперь больше: { $after }. Причина: { $cause }.
probability-cause-pod = POD: { $figures }
probability-cause-first = первая карта
probability-cause-searched = отработано
probability-cause-search_withdrawn = отработка снята
probability-cause-search_changed = отработка пересчитана
probability-cause-search_aged = отработанное устарело
probability-cause-clue = свидетельство
probability-cause-clue_dropped = свидетельство снято
probability-cause-clue_changed = свидетельство изменено
probability-cause-scenarios = изменены версии
probability-cause-responsive_share = состояние человека
probability-cause-others = изменились другие секторы

## История

history-slider = Время карты
history-earlier = Раньше
history-later = Позже
history-now = Сейчас
history-place = карта { $place } из { $count }
history-cause = Почему пересчитано: { $causes }.
history-is-old = На экране прежняя карта. «История» – «Сейчас» вернёт нынешнюю.

## Что если

what-if-how = Ничего не записывается: расчёт, что дал бы поиск при таких силах.
what-if-teams = Силы сейчас: групп и часов у каждой
what-if-count = Групп: { $kind }
what-if-hours = Часов: { $kind }
what-if-h = ч
what-if-more = Ещё групп
what-if-more-kind = Каких
what-if-first = Сначала эти: { $sectors }
what-if-first-none = Сначала какие-то секторы? Щёлкните их на карте.
what-if-first-clear = Убрать все
what-if-take-selected = Сначала { $sector }
what-if-ask = Посчитать
what-if-answer = Что получится
what-if-pos = Найдём
what-if-level = Даст ещё час
what-if-now = Как есть
what-if-then = Что если
what-if-pos-of-first = Из них в выбранных секторах: { $share }.
what-if-plan = Куда вложить часы
what-if-plan-hours = Часы
what-if-nothing = Вложить часы некуда.
what-if-every = Показать все: { $count }
what-if-left-out = Что осталось без сил
effort-left-below_level = час здесь даёт меньше, чем в выбранных
effort-left-no_probability = вероятности почти нет
effort-left-cannot_be_searched = искать здесь этими силами нельзя
effort-left-too_short = часа здесь так мало, что не стоит идти

## Замечания к карте

probability-notice-no_heights = Рельефа нет: время пути посчитано без склонов.
probability-notice-heights_missing_in_part = Рельеф есть не везде: где его нет, склоны не учтены.
probability-notice-no_ground = Карты местности нет: посчитано по прямой, без дорог и воды.
probability-notice-pace_unknown = Часть местности неизвестна: там взят обычный шаг.
probability-notice-source_outside = Исходная точка за краем карты: время пути не посчитано.
probability-notice-source_on_barrier = Исходная точка в воде или на обрыве: считаем от ближайшего берега.
probability-notice-no_source = От исходной точки идти некуда: посчитано по прямой.
probability-notice-start_unreachable = От исходной точки никуда не пройти: посчитано по прямой.
probability-notice-start_outside_area = Исходная точка вне района.
probability-notice-start_outside_raster = Исходная точка далеко от района, за краем карты.
probability-notice-reach_enclosed = С этой стороны воды и обрывов места мало: остальное разложено по прямой.
probability-notice-band_even = Где ни дорог, ни ручьёв, вероятность разложена ровно.
probability-notice-shares_above_one = Притяжение дорог, воды и построек вместе больше возможного: уменьшено.
probability-notice-category_without_data = Своих данных о расстояниях у этой категории нет: взяты ближайшие по смыслу.
probability-notice-other_terrain = Расстояния с другой местности: для этой данных нет.
probability-notice-small_sample = Случаев мало, расстояния ненадёжны.
probability-notice-sample_unknown = Сколько было случаев, источник не говорит.
probability-notice-weights_all_zero = Все веса нулевые: версии считаются равными.
probability-notice-clues_contradict = Свидетельства противоречат друг другу: проверьте их веса.
probability-notice-clue_where_nobody_is = Свидетельство указывает туда, где по версиям никого нет. Оно не учтено: нужна ещё одна версия?
probability-notice-nothing_left = По расчёту искать уже негде: показана карта до поисков. Проверьте версии.
probability-notice-no_scenarios = Версий нет: вероятность разложена по району поровну.
probability-notice-no_area = Район не нарисован: карты вероятности без него не будет.
probability-notice-no_partition = Район не разбит на секторы: карта есть, таблицы нет.
