## Сетка региона

region-grid-open = Сетка региона
region-grid-title = Сетка, принятая в регионе
region-grid-how = С неё начинает каждый поиск региона, когда режут район. Уже разрезанное не меняется.
region-grid-region = Регион
region-grid-none = Пока не задана.
region-grid-stands = Показано то, что задано сейчас.
region-grid-origin-hint = Пусто: каждый поиск начинает от своего района
region-grid-keep = Сохранить
region-grid-lift = Снять
region-grid-reload = Показать, что задано
region-grid-kept = Сохранено: так будут резать в регионе { $region }.
region-grid-lifted = Снято: у региона { $region } своей сетки нет.
