## Список тревог: самое опасное сверху

alarms-list = Тревоги по опасности
alarms-more = Показать ещё: { $count }
alarms-fewer = Показать первые
alarms-silent-device = Ни связи, ни телефона: { $callsign }, { $minutes } мин
alarms-low-battery = Батарея { $percent } %: { $who }, { $callsign }
alarms-call-soon = Пора вызвать: { $callsign }
alarms-call-soon-left = до конца срока связи { $minutes } мин
alarms-silent-phone = Телефон молчит { $minutes } мин: { $callsign }
alarms-silent-phone-heard = группа на связи, это не тревога
alarms-heard = слышали
alarms-step-leader = ждём старшего группы
alarms-step-radio = вызывает радист
alarms-step-coordinator = решает координатор
alarms-taken = занимается { $name }
alarms-no-phone = телефона нет
alarms-clocks = Другой срок…
alarms-clocks-of = Другой срок: { $callsign }
alarms-due = Контрольное время
alarms-every = Связь каждые, мин
alarms-agree = Договорились

## СТОП: кого прочесть по радио

alarms-stop-read-out = Прочитать по радио: СТОП не подтвердили
alarms-stop-confirmed = Подтвердили

## Лента

event-clock_alarm_raised-overdue = Не вернулись вовремя: { $team }
event-clock_alarm_raised-no_contact = Нет связи: { $team }
event-clock_alarm_raised-silent_device = Ни связи, ни телефона: { $team }
event-clock_alarm_raised-low_battery = Батарея садится: { $who }
event-clock_alarm_stepped = { $team }: тревога не снята, вызываем следующего
event-clock_alarm_taken = { $team }: тревогой занимается { $name }
event-clock_alarm_over-heard = { $team }: группа на связи, тревога снята
event-clock_alarm_over-back = { $team }: группа вернулась, тревога снята
event-clock_alarm_over-agreed = { $team }: назначен другой срок, тревога снята
event-clock_alarm_over-charged = { $team }: телефон заряжен, тревога снята
event-clock_alarm_over-closed = { $team }: поиск закрыт, тревога снята
event-task_clocks_set = { $team }: другой срок возвращения или связи
