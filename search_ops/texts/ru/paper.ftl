# Бумага: лист задачи и карта группы. Читают под дождём и при фонаре, поэтому коротко.

paper-title = Лист задачи
paper-map = Карта
paper-coordinates = Координаты границы
paper-coordinates-points = Координаты точек
paper-exercise = УЧЕНИЯ
paper-search = Поиск { $number }
paper-sector = Сектор
paper-line = Линия
paper-list = Адреса
paper-team = Группа
paper-members = Состав
paper-method = Метод
paper-due = Контрольное время
paper-contact = Связь
paper-contact-every = каждые { $minutes } мин
paper-radio = Канал
paper-phones = Телефоны
paper-muster = Сбор
paper-entry = Точка входа
paper-beyond = { $name }: { $kilometres } км
paper-task = Задача
paper-none = не указано
paper-bearing-none = Аварийный азимут не указан. Без него группа не выходит.
paper-declination = Магнитное склонение { $degrees }° { $side ->
        [west] к западу
       *[east] к востоку
    }, { $year } год, модель { $model }.
paper-declination-outdated = Модель годна до 2030 года: склонение может отличаться.
paper-declination-unreliable = Близко к магнитному полюсу: компасу верить нельзя.
paper-bearing-from-map = Магнитный азимут = угол от вертикальной линии сетки { $sign } { $degrees }°.
paper-hazards = Опасно
paper-hazard-blocked = Не входить: { $labels }
paper-hazard-cliff = Обрывы в секторе или рядом
paper-hazard-water = Вода в секторе или рядом
paper-hazard-wetland = Болото в секторе или рядом
paper-hazard-railway = Железная дорога в секторе или рядом
paper-hazard-none = На карте опасностей не отмечено. Смотрите сами.
paper-hazard-short = ОПАСНО
paper-keep-out = НЕ ВХОДИТЬ
paper-report = Доклад по возвращении
paper-report-out = Вышли
paper-report-start = Начали
paper-report-end = Закончили
paper-report-back = Вернулись
paper-report-left = Что не отработано
paper-report-finds = Находки и следы (где, когда)
paper-report-track = Трек сдан (навигатор №)
paper-signature = Старший группы
paper-printed = Напечатано { $at } ({ $zone })
paper-page = стр. { $page } из { $pages }
paper-live = Живая страница
paper-corner = №
paper-degrees = WGS-84, широта и долгота
paper-utm = UTM { $zone }, восток и север, м
paper-corners-coarse = Показаны только основные изгибы границы; точная граница – в файлах для навигатора и на карте.
paper-grid = Сетка UTM { $zone }, WGS-84, шаг { $step } м, подписи в километрах
paper-scale-smaller = Масштаб 1 : { $wanted } не вмещает сектор: карта в масштабе 1 : { $scale }.
paper-bar = отрезок 100 мм
paper-norths = Кружок – истинный север, квадрат – север сетки, стрелка – магнитный север.
paper-attribution = Карта: { $sources }

decimal = { $whole },{ $rest }
paper-osm = © участники OpenStreetMap, лицензия ODbL 1.0
paper-relief = рельеф по загруженным высотам
paper-no-ground = местность не загружена

error-too-large-for-paper = Сектор не помещается на лист даже в самом мелком масштабе. Разделите его.
error-nothing-to-draw = У задачи нет места на карте: ни границы, ни адреса с координатами.
error-team-without-task = У группы нет задачи.
error-nothing-to-export = Для этого файла ещё нет данных.
export-area = Район поиска
paper-metres = { $metres } м

export-written = { $name }: { NUMBER($bytes) } байт
export-left-out = { $format }: не записан. { $why }
export-help = Записать файлы поиска для навигаторов и карт: GPX, KML, PLT, WPT, GeoPackage, GeoJSON.
export-help-number = Номер поиска, например 2026-38-0147.
export-help-folder = Папка для файлов.
export-help-team = Позывной: только задачи этой группы.
export-help-format = Только этот формат; можно повторить.
