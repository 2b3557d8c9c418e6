# Люди и средства: что умеют, что выдано, кто с кем едет.

event-resource_issued = { $who }: выдано – { $thing }
event-resource_returned = Принято назад: { $thing }

## Что умеют

competence-leader = СПГ, старший группы
competence-medic = Медик
competence-dog_handler = Кинолог
competence-drone_pilot = Оператор БПЛА
competence-offroad_driver = Водитель вездехода или внедорожника
competence-snowmobile_driver = Водитель снегохода
competence-boat_driver = Водитель лодки
competence-diver = Водолаз
competence-tracker = Следопыт
competence-radio_operator = Радист
competence-cartographer = Картограф
competence-registrar = Регистратор
competence-rope_rescuer = Работа на верёвках
competence-helicopter_receiver = Приём вертолёта
limit-night = Не ночью
limit-water = Не на воде
limit-long_walk = Не ходит далеко
limit-heights = Не на высоте
limit-carrying = Не носит тяжёлое

## Средства

resource-label = { $what } { $number }
resource-radio = Рация
resource-navigator = Навигатор
resource-torch = Фонарь
resource-megaphone = Мегафон
resource-siren = Сирена
resource-stretcher = Носилки
resource-first_aid = Аптечка
resource-power_bank = Внешний аккумулятор
resource-generator = Генератор
resource-tent = Палатка
resource-drone = БПЛА
resource-dog = Собака
resource-vehicle = Транспорт
resource-other = Другое
ground-class-car = Легковая
ground-class-4x4 = Внедорожник 4×4
ground-class-swamp_vehicle = Вездеход
ground-class-snowmobile = Снегоход
ground-class-boat = Лодка
ground-class-quad = Квадроцикл
