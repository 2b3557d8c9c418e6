# Переброска в пути, занятые места, неполные планы.
transport-under-way = Посчитано с того места, где люди сейчас: пройденное и участок, на котором они едут, остаются.
transport-leg-done = ✓ позади
transport-leg-on = ● сейчас на этом участке, с
transport-carries-some = Везёт { $people } из { $all } чел.
transport-stays-behind = Остаются: { $people } чел., { $kg } кг
transport-stays-whole = Все едут
transport-column-carries = Везёт
transport-left-behind = Этим планом едут не все.
transport-why-all-on-last-leg = все уже на последнем участке: пересчитывать нечего. Доложите, где они вышли, или отмените переброску
transport-why-under-way-with-agency = люди в пути с ведомством, где они сейчас — знает только оно. Узнайте у ведомства, отмените эту переброску и заведите новую оттуда
transport-apart = Вместе не едут ({ $why }): план делит их на части.
transport-room-left = свободно мест { $seats }, груз { $kg }
transport-request-failed = Ведомства не повезут: отказ или запрос отозван. Можно попросить снова.
transport-request-left = Переброска отменена, а запрос ведомству ещё действует: отозвать его может только та организация, которая просила.
transport-agency = Ведомство
transport-offer = { $agency } готово везти. Прибытие: { $arrival }
transport-offer-take = Пусть везёт ведомство
