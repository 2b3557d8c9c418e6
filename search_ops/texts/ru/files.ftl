# Файлы треков, точек и слоёв: почему не приняты и что в них поправлено.

error-file-refused =
    Файл «{ $file_name }» не принят: { $reason ->
        [empty] он пуст.
        [format_unknown] формат не опознан.
        [not_this_format] внутри не то, что обещает имя.
        [truncated] он обрывается.
        [declares_entities] он объявляет DTD, такие файлы не читаются.
        [too_deep] слишком глубокая вложенность.
        [too_many_elements] слишком много объектов.
        [too_many_points] слишком много точек.
        [text_too_long] слишком длинный текст.
        [encoding_unknown] кодировка не опознана.
        [datum_unknown] система координат не опознана.
        [no_data] в нём нет ни точек, ни треков.
        [no_polygons] в нём нет полигонов.
        [member_missing] в архиве не хватает файла.
        [bomb] архив распаковывается в слишком большой файл.
        [too_large] он слишком велик.
        [too_slow] он читается слишком долго.
        [too_much_memory] на него не хватает памяти.
       *[other] он повреждён.
    }

file-place =
    { $kind ->
        [line] Строка { NUMBER($number, useGrouping: 0) }.
        [record] Запись { NUMBER($number, useGrouping: 0) }.
        [entry] Файл в архиве № { NUMBER($number, useGrouping: 0) }.
       *[item] Объект № { NUMBER($number, useGrouping: 0) }.
    }

file-note-point-off-globe =
    { $count ->
        [one] { $count } точка пропущена: её координат не бывает.
        [few] { $count } точки пропущены: таких координат не бывает.
       *[many] { $count } точек пропущено: таких координат не бывает.
    }
file-note-point-incomplete = Точки без координат пропущены: { $count }.
file-note-time-unreadable = Время не разобрано у точек: { $count }.
file-note-time-without-zone = Время без часового пояса принято за UTC: { $count }.
file-note-elevation-unreadable = Высота не разобрана у точек: { $count }.
file-note-encoding-guessed = Кодировка определена по содержанию: { $detail }.
file-note-datum-shifted = Координаты пересчитаны в WGS-84: { $detail }.
file-note-datum-assumed = Система координат не указана, принята WGS-84.
file-note-routes-left-out = Маршруты не приняты за треки: { $count }.
file-note-link-ignored = Ссылки на другие файлы не открывались: { $count }.
file-note-geometry-repaired = Исправлены пересечения контуров: { $count }.
file-note-geometry-left-out = Объекты без полигона или линии пропущены: { $count }.
file-note-part-left-out = Дыры меньше чем из трёх точек пропущены: { $count }.
file-note-name-unreadable = Часть букв в именах не разобрана.
file-note-entry-left-out = Файлы в архиве пропущены: { $count }.
