# Отказы сервера: одно предложение для человека. Ключ — «error-» и код отказа; кто заводит код, пишет его здесь.

error-unexpected = Ошибка на нашей стороне. Она записана; попробуйте ещё раз.
error-busy = Сервер сейчас не успевает ответить. Попробуйте через несколько секунд.
error-not-ready = Сервер ещё не готов.
error-bad-request = Запрос не разобран.
error-conflict = Сейчас это невозможно: положение дел другое.

error-not-signed-in = Нужно войти.
error-sign-in-refused = Логин или пароль не подходит.
error-origin-refused = Запрос пришёл с чужой страницы.
error-right-missing = Нет права на это действие: { $right }.
error-not-known = Не найдено.
error-method-not-allowed = Такого действия здесь нет.
error-join-code-not-known = Код не подходит: проверьте его или спросите новый.
error-too-many-tries = Слишком много попыток. Подождите { $retry_after_s } с.
error-too-many-waiting = Слишком многие ждут обновлений. Повторите через { $retry_after_s } с.

error-body-too-large = Слишком большой запрос.
error-not-json = Принимается только JSON в UTF-8.
error-input-refused = Данные не приняты: проверьте указанное поле.
error-json-broken = Тело запроса — не JSON.
error-duplicate-key = Одно и то же поле указано дважды.
error-too-deep = Слишком глубокая вложенность.
error-number-not-finite = Число должно быть конечным.
error-number-too-large = Слишком большое число.
error-text-broken = Текст содержит повреждённые символы.
error-text-forbidden-character = Текст содержит недопустимые символы.
error-query-too-long = Слишком длинный адрес.
error-unknown-parameter = Неизвестный параметр в адресе.
error-repeated-parameter = Параметр в адресе повторён.

error-epoch-changed = Журнал начат заново: загрузите его снова.
error-after-beyond-head = В журнале ещё нет такого номера.
error-operation-closed = Поиск закрыт.
