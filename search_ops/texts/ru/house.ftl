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
