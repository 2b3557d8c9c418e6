## Трекеры: устройства, которые шлют место человека

trackers-title = Трекеры
trackers-heard = слышали
trackers-silent = ещё не слышали
trackers-battery = заряд { $percent } %
trackers-dropped = отброшено точек вне участия: { $count }
trackers-malformed = непонятных сообщений: { $count }
trackers-end = Отвязать { $name }
trackers-once = { $name }: впишите в приложение сейчас, больше этот ключ не покажем
trackers-setting-traccar-url = Traccar Client: адрес сервера
trackers-setting-traccar-id = Traccar Client: идентификатор устройства
trackers-setting-osmand = OsmAnd: адрес онлайн-слежения
trackers-setting-owntracks-url = OwnTracks: режим HTTP, адрес
trackers-setting-owntracks-password = OwnTracks: пароль (имя любое)
trackers-written-down = Вписано
trackers-name = Название трекера или телефона
trackers-name-example = Трекер 7
trackers-bind = Привязать трекер
event-tracker_bound = Привязан трекер { $name }
event-tracker_unbound = Трекер отвязан
