/** Catalogues of the desk. */

import { addTexts } from "../core/i18n.svelte";

addTexts(
  import.meta.glob<string>("../../../../search_ops/texts/*/{words,desk,planning,probability,roster,region,calls,assigning,evidence,alarms,radio,backup,transport,stops,board-schedule,trackers,transport_last_leg,transport_on,sorties,landing}.ftl", { query: "?raw", import: "default", eager: true }),
);
