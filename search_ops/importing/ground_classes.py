"""What of OpenStreetMap matters to a search, and under which name: tags in, (class, subclass) out.

The classes are the words of the rest of the system; subclasses keep the value of the tag. A way may be two
things at once (a track along a cutline) and is then kept as both.
"""

from collections.abc import Mapping
from typing import NamedTuple

Tags = Mapping[str, str]

LINE_CLASSES = (
    "road",
    "track",
    "path",
    "cutline",
    "railway",
    "power",
    "river",
    "stream",
    "cliff",
    "coastline",
    "barrier",
)
AREA_CLASSES = (
    "forest",
    "scrub",
    "grass",
    "farmland",
    "orchard",
    "heath",
    "residential",
    "industrial",
    "rock",
    "sand",
    "glacier",
    "cemetery",
    "wetland",
    "water",
    "building",
)
POINT_CLASSES = ("place", "peak", "spring", "cave", "station", "shelter", "tower", "ford", "gate")

# A node or way without any of these is nothing that we draw.
TELLING_KEYS = (
    "highway",
    "railway",
    "man_made",
    "waterway",
    "power",
    "natural",
    "barrier",
    "landuse",
    "leisure",
    "building",
    "place",
    "tourism",
    "amenity",
    "ford",
)


class Kind(NamedTuple):
    """One thing that an OSM object is."""

    name: str
    subclass: str
    min_zoom: int


_ROAD_ZOOM = {
    "motorway": 6,
    "trunk": 6,
    "primary": 7,
    "secondary": 9,
    "tertiary": 10,
    "unclassified": 11,
    "residential": 12,
    "living_street": 12,
    "road": 12,
    "pedestrian": 13,
    "service": 13,
    "raceway": 13,
    "busway": 13,
}
_PATHS = frozenset({"path", "footway", "bridleway", "cycleway", "steps", "via_ferrata", "corridor"})
_RAIL_ZOOM = {
    "rail": 8,
    "narrow_gauge": 9,
    "light_rail": 10,
    "funicular": 11,
    "tram": 12,
    "monorail": 12,
    "disused": 11,
    "abandoned": 12,
}
_WATERWAY = {
    "river": ("river", 8),
    "canal": ("river", 9),
    "stream": ("stream", 11),
    "brook": ("stream", 11),
    "ditch": ("stream", 13),
    "drain": ("stream", 13),
    "wadi": ("stream", 11),
}
_POWER_ZOOM = {"line": 11, "minor_line": 12}
# What stops somebody on foot; kerbs and ropes do not.
_BARRIER_ZOOM = {
    "fence": 14,
    "wall": 14,
    "retaining_wall": 14,
    "city_wall": 13,
    "hedge": 14,
    "ditch": 14,
    "guard_rail": 15,
    "yes": 14,
}
_GATES = frozenset({"gate", "lift_gate", "swing_gate", "stile", "kissing_gate", "cattle_grid", "entrance"})

_NATURAL_AREA = {
    "wood": "forest",
    "scrub": "scrub",
    "heath": "heath",
    "fell": "heath",
    "tundra": "heath",
    "grassland": "grass",
    "bare_rock": "rock",
    "rock": "rock",
    "scree": "rock",
    "stone": "rock",
    "shingle": "sand",
    "sand": "sand",
    "beach": "sand",
    "mud": "wetland",
    "glacier": "glacier",
    "wetland": "wetland",
    "marsh": "wetland",
    "water": "water",
    "bay": "water",
}
_LANDUSE_AREA = {
    "forest": "forest",
    "wood": "forest",
    "meadow": "grass",
    "grass": "grass",
    "village_green": "grass",
    "recreation_ground": "grass",
    "farmland": "farmland",
    "farm": "farmland",
    "field": "farmland",
    "orchard": "orchard",
    "vineyard": "orchard",
    "plant_nursery": "orchard",
    "allotments": "orchard",
    "greenhouse_horticulture": "orchard",
    "residential": "residential",
    "farmyard": "residential",
    "commercial": "industrial",
    "industrial": "industrial",
    "retail": "industrial",
    "railway": "industrial",
    "military": "industrial",
    "construction": "industrial",
    "landfill": "industrial",
    "quarry": "rock",
    "cemetery": "cemetery",
    "reservoir": "water",
    "basin": "water",
}
_PLACE = {
    "city": (6, 1),
    "town": (8, 2),
    "village": (10, 3),
    "suburb": (11, 4),
    "hamlet": (11, 5),
    "isolated_dwelling": (12, 6),
    "farm": (13, 6),
    "locality": (13, 7),
    "neighbourhood": (13, 7),
    "allotments": (13, 7),
    "island": (11, 5),
}
# key, values, class, smallest zoom, rank among labels
_LANDMARKS: tuple[tuple[str, frozenset[str], str, int, int], ...] = (
    ("natural", frozenset({"peak", "volcano", "saddle"}), "peak", 11, 8),
    ("natural", frozenset({"spring"}), "spring", 14, 10),
    ("natural", frozenset({"cave_entrance"}), "cave", 14, 10),
    ("railway", frozenset({"station", "halt"}), "station", 12, 6),
    ("tourism", frozenset({"alpine_hut", "wilderness_hut", "camp_site"}), "shelter", 13, 9),
    ("amenity", frozenset({"shelter", "hunting_stand"}), "shelter", 14, 10),
    ("man_made", frozenset({"tower"}), "tower", 14, 10),
    ("ford", frozenset({"yes", "stepping_stones", "boat"}), "ford", 13, 9),
    ("highway", frozenset({"ford"}), "ford", 13, 9),
    ("barrier", _GATES, "gate", 15, 11),
)


def line_kinds(tags: Tags) -> list[Kind]:
    """Return everything linear that a way with these tags is; an empty list for what we do not draw."""
    kinds: list[Kind] = []
    highway = tags.get("highway")
    if highway is not None and tags.get("area") != "yes":
        kinds += _highway(highway)
    railway = tags.get("railway")
    if railway in _RAIL_ZOOM and tags.get("tunnel") != "yes":
        kinds.append(Kind("railway", railway, _RAIL_ZOOM[railway]))
    if tags.get("man_made") == "cutline":
        kinds.append(Kind("cutline", tags.get("cutline", "cutline"), 11))
    waterway = tags.get("waterway")
    if waterway in _WATERWAY and tags.get("tunnel") not in {"yes", "culvert"}:
        name, zoom = _WATERWAY[waterway]
        kinds.append(Kind(name, waterway, zoom))
    power = tags.get("power")
    if power in _POWER_ZOOM:
        kinds.append(Kind("power", power, _POWER_ZOOM[power]))
    natural = tags.get("natural")
    if natural in {"cliff", "earth_bank", "gully"}:
        kinds.append(Kind("cliff", natural, 12))
    if natural == "coastline":
        kinds.append(Kind("coastline", natural, 6))
    barrier = tags.get("barrier")
    if barrier in _BARRIER_ZOOM:
        kinds.append(Kind("barrier", barrier, _BARRIER_ZOOM[barrier]))
    return kinds


class Underfoot(NamedTuple):
    """What a way is like to walk or drive: values of OSM's own tags, and two flags."""

    surface: str | None = None
    tracktype: str | None = None
    bridge: bool = False
    ford: bool = False


NOTHING_UNDERFOOT = Underfoot()
_NO = frozenset({"no", "0", "false"})
_TAG_LENGTH = 40


def underfoot(tags: Tags) -> Underfoot:
    """Return surface, tracktype, bridge and ford of a way.

    >>> underfoot({"highway": "track", "tracktype": "grade3", "bridge": "yes"}).tracktype
    'grade3'
    """
    surface, tracktype = tags.get("surface"), tags.get("tracktype")
    bridge, ford = tags.get("bridge"), tags.get("ford")
    if surface is None and tracktype is None and bridge is None and ford is None:
        return NOTHING_UNDERFOOT
    return Underfoot(
        None if surface is None else surface.replace("\0", "")[:_TAG_LENGTH],
        None if tracktype is None else tracktype.replace("\0", "")[:_TAG_LENGTH],
        bridge is not None and bridge not in _NO,
        ford is not None and ford not in _NO,
    )


def _highway(highway: str) -> list[Kind]:
    if highway == "track":
        return [Kind("track", highway, 11)]
    if highway in _PATHS:
        return [Kind("path", highway, 12)]
    zoom = _ROAD_ZOOM.get(highway.removesuffix("_link"))
    return [] if zoom is None else [Kind("road", highway, zoom)]


def area_kind(tags: Tags) -> Kind | None:
    """Return what an area with these tags is, or None. Its `min_zoom` depends on size and is set later."""
    natural, landuse, waterway = tags.get("natural"), tags.get("landuse"), tags.get("waterway")
    if waterway in {"riverbank", "dock"}:
        return Kind("water", waterway, 0)
    if natural in _NATURAL_AREA:
        name = _NATURAL_AREA[natural]
        detail = tags.get("water" if name == "water" else "wetland" if name == "wetland" else "", natural)
        return Kind(name, detail, 0)
    if landuse in _LANDUSE_AREA:
        return Kind(_LANDUSE_AREA[landuse], landuse, 0)
    if tags.get("leisure") in {"park", "garden", "golf_course", "common"}:
        return Kind("grass", tags["leisure"], 0)
    building = tags.get("building")
    if building is not None and building != "no":
        return Kind("building", building if building != "yes" else "building", 13)
    return None


def point_kind(tags: Tags) -> tuple[Kind, int] | None:
    """Return what a node is together with its rank among labels (1 is drawn first), or None."""
    place = tags.get("place")
    if place in _PLACE and _has_name(tags):
        zoom, rank = _PLACE[place]
        return Kind("place", place, zoom), rank
    for key, values, name, zoom, rank in _LANDMARKS:
        if tags.get(key) in values:
            return Kind(name, tags[key], zoom), rank
    return None


def _has_name(tags: Tags) -> bool:
    return any(key == "name" or key.startswith("name:") for key in tags)


# A name longer than this is a mistake or an attack: OSM itself allows 255.
_NAME_LENGTH = 400
_NAMES_PER_OBJECT = 300


def names_of(tags: Tags) -> dict[str, str]:
    """Return ``name`` and every ``name:LANGUAGE``, as they stand in the file.

    NUL is taken out, because neither JSON columns nor screens can hold it.
    """
    found: dict[str, str] = {}
    for key, value in tags.items():
        if (key == "name" or key.startswith("name:")) and len(found) < _NAMES_PER_OBJECT:
            found[key.replace("\0", "")] = value.replace("\0", "")[:_NAME_LENGTH]
    return found


# Tags that say nothing about the ground: a multipolygon with only these takes its outer ways' tags.
_SAYS_NOTHING = frozenset({"type", "source", "created_by", "note", "fixme", "FIXME", "attribution", "name"})


def is_old_style(relation_tags: Tags) -> bool:
    """Whether a multipolygon relation carries no tags of its own, so that those of its outer ways count."""
    return all(key in _SAYS_NOTHING or key.startswith(("name:", "source:")) for key in relation_tags)
