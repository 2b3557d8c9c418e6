### Стол дежурного: МВД, МЧС, отряд. Общие слова – в words.ftl. Русский текст – исходный.

duty-title = Дежурный
duty-sign-in-note = Запросы сил и средств, заявки о пропавших
duty-sections = Разделы
duty-requests = Запросы
duty-cases = Заявки
duty-no-organisation = У этой учётной записи нет организации. Обратитесь к тому, кто её завёл.
duty-organisation-unknown = Другая организация
duty-optional = необязательно
duty-print = Печать

## Дежурный смены

duty-officer = Дежурный: { $name }
duty-officer-none = Дежурный не назван
duty-officer-title = Кто дежурит
duty-officer-note = Эти имя, должность и телефон увидит штаб поиска в каждой отметке о получении. Называются один раз за смену.
duty-officer-opening = Запрос считается полученным, когда известно, кто его открыл. Назовите себя один раз за смену.
duty-officer-name = Фамилия, имя, отчество
duty-officer-post = Должность
duty-officer-post-hint = старший оперативный дежурный ЦУКС
duty-officer-phone = Телефон для связи
duty-officer-open = Назвать себя и открыть запрос

## Очередь

duty-queue-empty = Запросов пока нет. Новый появится здесь сам.
duty-choose = Выберите запрос: стрелки вверх и вниз, Enter.
duty-from = От: { $name }
duty-ours = Наш запрос
duty-from-to = { $from } → { $to }
duty-answer-open = Ждёт ответа: { $count } { $count ->
        [one] позиция
        [few] позиции
       *[many] позиций
    }
duty-told-waits = Сказанное со слов ждёт подтверждения

## Запрос

duty-search-number = Поиск
duty-sent-at = Направлен
duty-needed-at = Нужны к
duty-at-once = сразу
duty-place = Куда прибыть
duty-basis = Основание
duty-basis-hint = Номер КУСП, соглашение или распоряжение
duty-note = Примечание
duty-contact = Кто встречает, телефон
duty-seen = Получен
duty-seen-by-phone = сообщено по телефону
duty-receipt-missing = Получение не записано: штаб видит «Не принято дежурным».
duty-receipt-record = Назвать себя и записать получение
duty-asked = Нужно: { $quantity }
duty-promised = обещано: { $quantity }
duty-answer-of = { $quantity } из { $asked }
duty-answer-arrival = прибытие { $time }
duty-arrival-at = прибытие
duty-answer-leader = старший { $name }
duty-no-answer = Ответа пока нет.
duty-accept = Принять
duty-decline = Отказать
duty-quantity = Сколько ({ $unit })
duty-unit-default = ед.
duty-arrival = Прибытие
duty-leader = Старший
duty-leader-phone = Телефон старшего
duty-reason = Причина отказа
duty-told = Со слов по телефону
duty-told-quantity = { $what }: { $quantity }
duty-told-something = Обещано
duty-told-confirm = Подтвердить: так и есть
duty-print-answer = Ответ: ______________________   прибытие: ______________   подпись: ______________
duty-printed = Напечатано { $time }. { $officer }

## Просить силы и средства

duty-ask = Запросить силы и средства
duty-ask-for = Запросить для поиска { $number }
duty-ask-whom = У кого
duty-ask-items = Что нужно
duty-what = Что
duty-what-hint = например, расчёт с дроном
duty-how-many = Сколько
duty-unit = Единица
duty-item-add = Ещё позиция
duty-item-remove = Убрать позицию
duty-coordinates = Координаты
duty-coordinates-wrong = Не похоже на координаты. Пример: 56.12345, 37.67890
duty-ask-send = Направить запрос
duty-ask-choose = Отметьте, у кого запрашиваете.
duty-standing = Состояние

## Заявки

duty-case-title = Заявка { $number }
duty-case-number = Номер
duty-case-who = Кто пропал
duty-case-where = Где видели в последний раз
duty-case-when = Когда видели в последний раз
duty-case-opened = Открыта
duty-case-searches = Поиски
duty-case-open = Открыть заявку
duty-case-applicant-phone = Телефон заявителя
duty-case-region = Регион
duty-cases-none = Заявок в регионе нет.
duty-exercise-note = отметка останется на всех экранах и бумагах
duty-confirm-case = Подтвердить заявку
duty-confirm-officer = Сотрудник
duty-kusp = Номер КУСП
duty-no-search-yet = Поиск по заявке ещё не открыт: запрос сил и средств станет доступен после открытия.
