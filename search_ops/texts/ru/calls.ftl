## Сигналы работы на отклик

calls-title = Сигналы на отклик
calls-how = Запишите сигналы, как они прозвучали. Для того, кто отзывается, засчитается только место, где сигнал был слышен и после него было тихо. Пока не записано ни одного, считается по плану сигналов.
calls-no-tasks = Пока ни одна группа не вышла: слушать было некому.
calls-listened = Кто слушал
calls-other-method = другой способ
calls-first = Первый сигнал
calls-signal = Чем подавали
calls-count = Сколько сигналов
calls-every = Через, мин
calls-caller = Кто подавал
calls-caller-listeners = каждая группа
calls-caller-team = одна группа
calls-caller-place = с места (сирена, машина)
calls-team = Группа
calls-team-choose = Выберите группу
calls-place = Место сигнала
calls-place-hint = Координаты в любом виде или точка на карте
calls-record = Записать сигналы
calls-saved = Записано, отработанное пересчитано.
calls-to-proof = К доказательству
calls-recorded = Записано: { $count }
calls-row = { $count ->
    [one] { $count } сигнал
    [few] { $count } сигнала
   *[other] { $count } сигналов
}
calls-by = Подавали: { $who }
calls-heard-by = Слушали: { $teams }
calls-figures = Засчитано { $counted } из { $recorded }, слышно на { $reach } м.
calls-spoiled = Тишину нарушили: { $count }.
calls-unplaced = Место неизвестно (нет трека): { $count }.
calls-withdraw = Отозвать запись
calls-withdraw-reason = Почему запись неверна
calls-withdrawn = Отозвано: { $reason }
proof-call = Здесь слушали отклик

event-sound_calls_recorded = Записаны сигналы на отклик
event-sound_calls_withdrawn = Сигналы на отклик отозваны. { $reason }
