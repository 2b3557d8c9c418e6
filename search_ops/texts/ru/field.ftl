### Телефон участника. Слова кнопок и состояний – в words.ftl. Русский текст – исходный.

field-title = Поиск: телефон участника
field-operation = Поиск { $number }
field-menu = Настройки
field-more = Другие отметки
field-actions = Отметки

## Вход в поиск

field-join-title = Присоединиться к поиску
field-join-code = Код поиска
field-join-name = Имя и фамилия
field-join-callsign = Позывной (если есть)
field-join-phone = Телефон (если нет, оставьте пустым)
field-join-adult = Мне есть 18 лет
field-join-data = Имя, телефон, отметки и место видит только штаб этого поиска. После поиска они удаляются по его правилам.
field-join-submit = Присоединиться
field-join-busy = Присоединяемся…
field-join-again-title = Войдите в поиск снова
field-join-again-note = Штаб больше не узнаёт этот телефон. Возьмите код у регистратора. Отметки, которые не ушли, сохранены и уйдут после входа.

## Чего не хватает этому телефону

field-missing-title = Что здесь не работает
field-missing-https = Адрес без защищённого соединения: место телефона не определяется. Его можно ввести вручную.
field-missing-offline = Страница не откроется без сети. Не закрывайте её до возвращения.
field-missing-position = Телефон не сообщает своё место. Его можно ввести вручную.
field-missing-store = Браузер не даёт хранить данные (частное окно?). Отметки пропадут, если закрыть страницу раньше, чем их примет штаб.

## Дорога и штаб

field-trip-title = Сбор на поиск
field-trip-note = Отметьте, едете ли вы. В штабе нажмите «Я на месте».
field-arrived-title = Подойдите к регистратору
field-arrived-note = Покажите эту карточку. Когда регистратор вас отметит, здесь появится следующий шаг.
field-card = Личная карточка
field-card-code = Личный код
field-cannot-text = Не может приехать
field-muster = Сбор
field-radio = Канал связи
field-briefing = Вводная
field-briefing-none = Вводной пока нет. Она появится здесь, когда её передаст штаб.
field-phones = Телефоны штаба
field-waiting-title = Ждите задачу
field-waiting-note = Вы зарегистрированы. Задача появится здесь, будьте рядом со штабом.
field-resting-note = Штаб знает, что вы отдыхаете. Когда будете готовы, нажмите «Готов к задаче».
field-back-title = Вы вернулись
field-back-note = Подойдите в штаб: доложите, что не осмотрено, и сдайте трек.
field-left-title = Дорога домой
field-left-note = Доберётесь – нажмите «Я дома». До этого штаб считает вас в пути.
field-home-title = Вы отмечены: дома
field-home-note = Для штаба вы в безопасности. Спасибо! Если снова едете на поиск, нажмите «Еду».
field-closed-title = Поиск завершён
field-closed-note = Доберётесь домой – нажмите «Я дома»: штаб ждёт отметки каждого.

## Задача

field-task-title = { $callsign }: { $sector }
field-team = Группа
field-roster = Состав
field-leader-you = вы старший группы
field-member-you = Шаги задачи отмечает старший группы
field-recalled = Задача отозвана: возвращайтесь в штаб.
field-contact = Связь
field-contact-due = Пора на связь: последняя отметка { $minutes } мин назад. Нажмите «Всё в порядке».
field-method = Метод
field-task-text = Что сделать
field-sector = Участок { $sector }
field-outline = Контур участка { $label }
field-north = С
field-m = { $value } м
field-km = { $value } км
field-centre = Середина
field-corners = Углы
field-frame = Углы рамки участка (с северо-западного, по часовой стрелке)
field-shape-missing = Контур участка не загружен: он появится при связи.
field-away = До середины { $distance } на { $direction }
field-to-n = север
field-to-ne = северо-восток
field-to-e = восток
field-to-se = юго-восток
field-to-s = юг
field-to-sw = юго-запад
field-to-w = запад
field-to-nw = северо-запад

## Своё место

field-position = Моё место
field-position-off = Место не передаётся: его надо разрешить.
field-position-asking = Определяем место…
field-position-on = Определяем место…
field-position-denied = Браузеру запрещено узнавать место. Разрешите в его настройках или введите вручную.
field-position-unavailable = Телефон не смог определить место. Введите вручную или отметьтесь без него.
field-position-no_https = На этом адресе браузер места не даёт. Введите вручную или отметьтесь без него.
field-position-allow = Передавать моё место
field-position-type = Ввести координаты
field-position-type-label = Широта, долгота
field-position-wrong = Не похоже на координаты. Пример: 56.12345, 37.67890

## Отметки

field-hold-hint = Держите три секунды или нажмите дважды
field-hold-again = Нажмите ещё раз
field-reports-open = Мои отметки и связь
field-reports-title = Мои отметки
field-reports-none = Отметок пока нет.
field-report-in-memory = Только в памяти страницы: не закрывайте её
field-not-durable = Браузер не даёт хранить данные. Не закрывайте страницу, пока штаб не примет отметки.
field-claim-lost = Принято, но участок уже у другой группы
field-tray-count = Не принято штабом: { $count }
field-tray-item = Штаб не смог принять
field-tray-explained = Эти отметки штаб не смог принять. Они не потеряны: повторите, передайте словами или сохраните файл и отдайте его в штаб.
field-tray-reason = Причина: { $reason }
field-tray-retry = Отправить ещё раз
field-export = Сохранить файл
field-export-explained = Всё, что ещё не принято, можно отдать в штаб файлом.
field-offline-never = Нет сети
field-no-copy = Нет сети, и на телефоне ещё нет данных этого поиска. Они появятся при первой связи.

## Нашли человека, находка

field-found-question = Как человек?
field-found-only-hq = Отметка уйдёт только в штаб, вместе с вашим местом.
field-found-wait = Ждите указаний штаба
field-found-silence = Оставайтесь с человеком. Не называйте имени и состояния по рации и никому не пишите.
field-found-call = Пока отметка не принята, позвоните:
field-clue-text = Что это и где лежит
field-clue-hint = Не трогайте. Место уйдёт вместе с отметкой.
field-clue-send = Сообщить в штаб
field-clue-wait = Не трогайте и ждите указаний штаба

## СТОП

field-hold_verify-note = Новые группы не выходят. Остановитесь и ждите слова штаба.
field-hold_evacuate-note = Возвращайтесь в штаб, если вам не сказали другого.
field-suspended-note = Поиск приостановлен. Ждите слова штаба.
field-stop-seen = Понял

## SOS

field-sos-sending = Отправляем SOS…
field-sos-countdown = Ждём ответа штаба: { $seconds } с
field-sos-goes-on = Телефон продолжает отправлять. Позвоните или пошлите сообщение сами.
field-sos-filed = SOS принят штабом
field-sos-filed-note = Оставайтесь на месте и берегите заряд. Здесь появится, кто занялся.
field-sos-taken = Занимается: { $name } { $time }
field-sos-no-place = Место неизвестно: назовите его голосом
field-sos-no-phones = Телефонов штаба на этом телефоне нет.
field-sos-112 = Служба спасения
field-sos-sms = Послать SMS: { $title }
field-sos-message = Текст сообщения, его же можно прочитать голосом:
field-sos-put-away = Понятно, к задаче
field-sms-heading = SOS! Нужна помощь
field-sms-heading-exercise = УЧЕНИЯ. SOS! Нужна помощь
field-sms-no-position = место неизвестно

## Настройки

field-coordinates = Запись координат
field-coordinates-dd = 56.12345
field-coordinates-dmm = 56° 07.407′
field-coordinates-dms = 56° 07′ 24.4″
field-leave = Выйти из поиска
field-leave-explained = Задача и телефоны штаба исчезнут с этого телефона. Отметки, которые не ушли, останутся и уйдут при связи. Сначала отметьте «Я дома».
field-leave-confirm = Выйти и стереть
