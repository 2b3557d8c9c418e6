# Установка и запуск: что видит оператор в терминале. Русский текст — исходный.

house-postgres-missing = PostgreSQL не установлен: выполните «apt-get install postgresql postgresql-postgis».
house-postgres-old = Найден PostgreSQL { $version }, а нужен { $oldest } или новее: установите более новый пакет postgresql.
house-postgres-other-version = Эта база создана PostgreSQL { $version }, а его на машине больше нет: установите «postgresql-{ $version }» и «postgresql-{ $version }-postgis-3».
house-postgis-missing = К PostgreSQL { $version } не установлен PostGIS: выполните «apt-get install postgresql-{ $version }-postgis-3».
house-no-unprivileged-user = PostgreSQL не работает от root, а пользователя postgres или nobody на машине нет: создайте пользователя postgres.
house-socket-path-long = Путь к сокету базы длиннее 107 байт, а короткой папки взамен не нашлось: задайте SEARCH_OPS_DATA_DIR короче, чем { $path }.
house-folder-not-writable = В папку { $path } нельзя писать: исправьте права или задайте другую переменной SEARCH_OPS_DATA_DIR.
house-folder-foreign = Папка { $path } принадлежит другому пользователю, для сокета базы она не годится: удалите её или задайте другой SEARCH_OPS_DATA_DIR.
house-disk-full = На диске с папкой { $path } осталось { $free } МиБ, а нужно хотя бы { $needed } МиБ: освободите место.
house-postgres-did-not-start = PostgreSQL не запустился; причина — в конце файла { $log }.
house-initdb-failed = Не удалось создать базу: { $reason }
house-secrets-lost = Нет файла с паролями базы { $path }: верните его из своей копии секретов.
house-secrets-unreadable = Файл с паролями базы { $path } нельзя прочесть: запустите от того пользователя, который ставил систему, или от root.
house-database-not-running = База в папке { $path } не запущена: выполните «search-ops serve all» или задайте SEARCH_OPS_DATABASE_URL.
house-database-url-missing = Задан SEARCH_OPS_DATABASE_OWNER_URL, но не SEARCH_OPS_DATABASE_URL: задайте и адрес для роли приложения.
house-database-url-wrong = В { $variable } не адрес базы: нужен вид postgresql://РОЛЬ:ПАРОЛЬ@МАШИНА/БАЗА.
house-database-unreachable = База по адресу из { $variable } не отвечает: { $reason }
house-database-old = По адресу из { $variable } работает PostgreSQL { $version }, а нужен { $oldest } или новее: обновите этот сервер или задайте адрес другого.
house-database-no-postgis = На сервере базы из { $variable } (PostgreSQL { $version }) не установлен PostGIS: установите там пакет «postgresql-{ $version }-postgis-3», затем выполните в этой базе «CREATE EXTENSION postgis» от суперпользователя.
house-database-encoding = База из { $variable } в кодировке { $encoding }, а нужна { $wanted }: создайте базу с ENCODING 'UTF8'.
house-database-role-missing = На сервере базы из { $variable } нет роли { $role }: создайте её командой «CREATE ROLE { $role } LOGIN PASSWORD '…'».
house-database-owner-may-not = Роль { $role } из { $variable } не может создавать таблицы: сделайте её владельцем базы командой «ALTER DATABASE … OWNER TO { $role }».
house-postgis-not-created = В базе из { $variable } нет расширения postgis: выполните в ней «CREATE EXTENSION postgis» от суперпользователя.
house-already-running = С папкой { $path } уже работает другой запуск (процесс { $pid }, адрес { $url }): остановите его или задайте другой SEARCH_OPS_DATA_DIR.
house-port-in-use = Порт { $port } занят другой программой: освободите его или задайте другой переменной { $variable }.
house-port-forbidden = Порт { $port } доступен только root: задайте другой переменной { $variable }.
house-host-unusable = На адресе { $host } и порту { $port } нельзя принимать соединения: исправьте SEARCH_OPS_HOST или { $variable }.
house-prepare-failed = Подготовка базы не удалась, причина — строкой выше.
house-child-died = Процесс { $name } остановился (причина: { $cause }), запускаю снова через { $seconds } с.
house-child-keeps-dying = Процесс { $name } не запускается: причина — в его сообщениях выше.
house-database-died = База остановилась, запускаю снова.
house-not-ready = Система не ответила за { $seconds } с: причина — в сообщениях выше.
house-ready = Всё работает. Остановить — Ctrl-C.
house-stopping = Останавливаю…
house-stopped = Остановлено.
house-address = Адрес: { $url }
house-join = Для добровольца: { $url }/field, код { $code }
house-column-role = Роль
house-column-login = Вход
house-column-password = Пароль
house-help = Инструмент оператора системы координации поисков.
house-help-serve = Запустить серверы.
house-help-serve-all = Запустить всё: базу, сервер, поток событий, исполнителя задач.
house-help-serve-api = Запустить только сервер и страницы.
house-help-serve-stream = Запустить только поток событий.
house-help-serve-worker = Запустить только исполнителя долгих задач.
house-help-demo = Загрузить учебный поиск и показать, как в него войти.
house-help-prepare = Обновить базу (и загрузить учебный поиск), не запуская серверы.
house-help-import = Загрузить карты и справочники.
house-help-import-osm = Загрузить выгрузку OpenStreetMap; повторная загрузка заменяет прежнюю.
house-help-import-osm-file = Файл .osm.pbf, .osm или .osm.gz.
house-help-import-dem = Загрузить сетки высот; соседние листы сшиваются, повторная загрузка заменяет прежнюю.
house-help-import-dem-files = Файлы .hgt, .hgt.zip или GeoTIFF.
house-help-import-raster = Загрузить растровую карту; с тем же названием заменяет прежнюю.
house-help-import-raster-file = Файл MBTiles, .sqlitedb, GeoTIFF или .map OziExplorer с картинкой рядом (PNG, JPEG, TIFF, .ozf2, .ozf3).
house-help-import-name = Название для людей.
house-help-import-pack = Загрузить пакет местности из другой установки.
house-help-export = Выгрузить данные в файлы.
house-help-export-pack = Собрать карту, высоты и растровые слои участка в один файл.
house-help-pack-file = Файл пакета.
house-help-pack-bbox = Участок: запад,юг,восток,север в градусах.
house-help-pack-operation = Номер (UUID) поиска: район поиска с запасом.
house-help-grid-defaults = Показать или задать, как в регионе режут сетку: размер, начало, оси, буквы, подквадраты.
house-help-grid-region = Код региона ISO 3166-2, например RU-IRK.
house-help-grid-file = Файл JSON с настройками, например {"{"}"cell_m": 500, "letters": "cyrillic"{"}"}; пустой {"{"}{"}"} их снимает.
house-file-unreadable = Файл { $path } не читается: { $why }
house-help-doctor = Проверить установку и сказать, что исправить.
house-doctor-good = хорошо
house-doctor-bad = ПЛОХО
house-doctor-python = Python { $version }.
house-doctor-python-old = Python { $version }, а нужен 3.11 или новее: установите python3.11.
house-doctor-postgres = PostgreSQL { $version } с PostGIS установлен.
house-doctor-data-dir = Папка данных { $path }.
house-doctor-data-dir-absent = Папки данных { $path } ещё нет: её создаст первый запуск «./run».
house-doctor-disk = На диске с папкой { $path } свободно { $free } МиБ.
house-doctor-secrets = Секреты закрыты от других пользователей.
house-doctor-secret-loose = { $path } могут прочесть другие пользователи: выполните «chmod go-rwx { $path }».
house-doctor-port-free = Порт { $port } свободен.
house-doctor-port-answers = На порту { $port } отвечает сервер.
house-doctor-pages = Страницы собраны.
house-doctor-pages-absent = Страницы не собраны: выполните «./run» или «npm ci && npm run build» в web/ui.
house-doctor-database-stopped = База не запущена: её запускает «search-ops serve all».
house-doctor-database = База отвечает: PostgreSQL { $version }, PostGIS { $postgis }.
house-doctor-level = Структура базы новейшая ({ $newest }).
house-doctor-level-old = Структура базы { $current }, а нужна { $newest }: выполните «search-ops prepare».
house-help-verify-log = Проверить журнал событий: номера без пропусков, цепочку хешей, состояние.
house-log-verified = Проверено журналов: { $streams }, событий: { $events }.
house-log-fault = Журнал { $stream }, событие { $place }: { $code ->
    [hole] пропущен номер
    [chain_broken] цепочка прервана
    [hash_differs] запись изменена
    [head_differs] последний номер не тот
    [tail_missing] не хватает последних записей
    [state_differs] состояние не выводится из журнала
    [anchor_differs] якорь не сходится: цепочку писали заново
    [stream_missing] журнал пропал целиком
   *[other] { $code }
}.
