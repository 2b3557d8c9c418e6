"""Hostile files of tracks and points, generated: the catalogue B4. Nothing here comes from real devices."""

import io
import struct
import zipfile
from collections.abc import Iterator

HostileFile = tuple[str, bytes]

_GPX = (
    '<?xml version="1.0"?><gpx version="1.1" creator="x"><trk><name>п</name><trkseg>{}</trkseg></trk></gpx>'
)
_KML = '<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{}</Document></kml>'
_LINE = "<Placemark><name>a</name><LineString><coordinates>{}</coordinates></LineString></Placemark>"
_POLYGON = (
    "<Placemark><Polygon><outerBoundaryIs><LinearRing><coordinates>{}</coordinates></LinearRing>"
    "</outerBoundaryIs></Polygon></Placemark>"
)
_PLT = (
    "OziExplorer Track Point File Version 2.1\r\nWGS 84\r\nAltitude is in Feet\r\nReserved 3\r\n{}\r\n{}\r\n"
)
_WPT = "OziExplorer Waypoint File Version 1.1\r\nWGS 84\r\nReserved 2\r\ngarmin\r\n"
_PLT_HEAD = "0,2,255,Лиса-1,1,0,2,255"
NUMBERS = (
    "NaN", "nan", "inf", "-inf", "Infinity", "1e308", "-1e308", "1e400", "5e-324", "0", "-0", "", " ", "+",
    "1,5", "1.5.5", "0x10", "1_0", "٣", "91", "-91", "181", "-181", "180.0000001", "90.0000001", "1e2",
    "५५", "55\u00a0", "1e-400", "9" * 400, "0." + "3" * 5_000, "٫5", "½", "null", "None", "true", "55°",
    "55;37", "--5", "-",
)  # fmt: skip
TIMES = (
    "", "x", "0000-00-00T00:00:00Z", "9999-12-31T23:59:59Z", "10000-01-01T00:00:00Z", "1970-01-01T00:00:00Z",
    "2038-01-19T03:14:08Z", "2026-02-30T00:00:00Z", "2026-08-23T25:00:00Z", "2026-08-23T15:31:60Z",
    "2026-08-23 15:31:07", "20260823T153107", "2026-08-23T15:31:07+99:00", "2026-08-23T15:31:07.1234567Z",
    "1600-01-01T00:00:00Z", "2026-08-23T15:31:07Zoo", "-2026-08-23T15:31:07Z", "2026-W34-7T15:31:07Z",
    "Sun Aug 23 2026", "1787499067",
)  # fmt: skip
CYRILLIC = "Лиса-12, прочёс"


def hostile_files() -> Iterator[HostileFile]:
    """Yield more than 300 files, the same each time; each must be refused or read within the limits."""
    yield from _entities()
    yield from _numbers()
    yield from _times()
    yield from _encodings()
    yield from _cut_short()
    yield from _swollen()
    yield from _zips()
    yield from _plt_lines()
    yield from _fit()
    yield from _odd_kml()


def _point(lat: str, lon: str, inner: str = "") -> str:
    return f'<trkpt lat="{lat}" lon="{lon}">{inner}</trkpt>'


def _gpx(inner: str) -> bytes:
    return _GPX.format(inner).encode()


def _kml(inner: str) -> bytes:
    return _KML.format(inner).encode()


def _entities() -> Iterator[HostileFile]:
    laughs = '<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{("&" + chr(97 + n) + ";") * 10}">' for n in range(9)
    )
    doctypes = {
        "laughs": f"[{laughs}]",
        "quadratic": f'[<!ENTITY a "{"x" * 50_000}">]',
        "file": '[<!ENTITY a SYSTEM "file:///etc/passwd">]',
        "http": '[<!ENTITY a SYSTEM "http://192.0.2.1/x">]',
        "parameter": '[<!ENTITY % p SYSTEM "http://192.0.2.1/p"> %p;]',
        "external": 'SYSTEM "http://192.0.2.1/gpx.dtd"',
        "public": 'PUBLIC "-//x//y" "http://192.0.2.1/y"',
        "loop": '[<!ENTITY a "&b;"><!ENTITY b "&a;">]',
        "attribute": '[<!ATTLIST gpx x CDATA "y">]',
        "empty": "",
    }
    for root, wrap in (("gpx", _GPX), ("kml", _KML)):
        body = wrap.format("&a;").removeprefix('<?xml version="1.0"?>')
        for name, inner in doctypes.items():
            for lead in ("", "<!-- a comment first -->\n"):
                yield (
                    f"{name}{len(lead)}.{root}",
                    f'<?xml version="1.0"?>{lead}<!DOCTYPE {root} {inner}>{body}'.encode(),
                )
        yield f"undeclared.{root}", wrap.format("&a;").encode()
        yield f"null-reference.{root}", wrap.format("&#0;").encode()


def _numbers() -> Iterator[HostileFile]:
    for index, number in enumerate(NUMBERS):
        yield f"lat{index}.gpx", _gpx(_point(number, "37") + _point("55", "37"))
        yield f"lon{index}.gpx", _gpx(_point("55", number, f"<ele>{number}</ele>"))
        yield f"line{index}.kml", _kml(_LINE.format(f"37,55,{number} {number},55 37,{number} 38,56"))
        yield f"line{index}.plt", _PLT.format(_PLT_HEAD, f"1\r\n{number},37,1,{number},{number},,").encode()
    for index, places in enumerate(
        ("", "37,55", "37,55 37,55", "0,0 0,0 0,0 0,0", ",,, ,,,", "37 55", "37,55," * 9)
    ):
        yield f"polygon{index}.kml", _kml(_POLYGON.format(places))
        yield f"places{index}.kml", _kml(_LINE.format(places))


def _times() -> Iterator[HostileFile]:
    for index, time in enumerate(TIMES):
        yield f"time{index}.gpx", _gpx(_point("55", "37", f"<time>{time}</time>"))
        track = f"<Placemark><gx:Track><when>{time}</when><gx:coord>37 55 1</gx:coord></gx:Track></Placemark>"
        yield f"time{index}.kml", _kml(track).replace(b"<kml ", b'<kml xmlns:gx="g" ')


def _encodings() -> Iterator[HostileFile]:
    text = _GPX.format(_point("55", "37")).replace("п", CYRILLIC)
    for encoding in (
        "utf-8",
        "utf-8-sig",
        "utf-16",
        "utf-16-le",
        "utf-32",
        "cp1251",
        "koi8-r",
        "cp866",
        "utf-7",
    ):
        yield f"as-{encoding}.gpx", text.encode(encoding)
        for claimed in (
            "utf-8",
            "windows-1251",
            "utf-16",
            "x-unknown",
            "cp037",
            "utf-7",
            "hex",
            "zip",
            "rot13",
        ):
            head = f'<?xml version="1.0" encoding="{claimed}"?>'
            lying = text.replace('<?xml version="1.0"?>', head).encode(encoding)
            yield f"{encoding}-says-{claimed}.gpx", lying


def _cut_short() -> Iterator[HostileFile]:
    whole = _gpx(
        "".join(_point("55", f"37.{n}", "<ele>1</ele><time>2026-08-23T15:31:07Z</time>") for n in range(50))
    )
    for share in range(1, 20):
        yield f"cut{share}.gpx", whole[: len(whole) * share // 20]
    line = _kml(_LINE.format("37,55 38,56") * 5)
    for share in range(1, 10):
        yield f"cut{share}.kml", line[: len(line) * share // 10]
    plt = _PLT.format(_PLT_HEAD, "2\r\n55,37,1,100,45000.5,,\r\n55.1,37.1,0,100,45000.6,,").encode("cp1251")
    for share in range(1, 10):
        yield f"cut{share}.plt", plt[: len(plt) * share // 10]
    for name in ("a.gpx", "a.kml", "a.plt", "a.wpt", "a.fit", "a.kmz", "a"):
        for content in (
            b"",
            b" \n",
            b"\x00" * 9,
            b"\xff\xfe",
            b"<",
            b"{",
            b"PK\x03\x04",
            b"\xef\xbb\xbf",
            b"GIF89a",
        ):
            yield f"stub{len(content)}-{name}", content


def _swollen() -> Iterator[HostileFile]:
    yield "deep.gpx", b"<gpx>" + b"<a>" * 200_000
    yield "deep.kml", b"<kml>" + b"<Folder>" * 100_000 + b"</Folder>" * 100_000 + b"</kml>"
    yield "wide.gpx", b"<gpx>" + b"<a/>" * 2_500_000 + b"</gpx>"
    yield "attributes.gpx", b"<gpx " + b" ".join(b'a%d="1"' % n for n in range(20_000)) + b"></gpx>"
    yield "same-attribute.gpx", b'<gpx a="1" a="2"></gpx>'
    yield "long-name.gpx", _gpx("").replace(b"<name>", b"<name>" + b"y" * 5_000_000)
    yield "long-comment.gpx", b"<gpx><!--" + b"-x" * 5_000_000 + b"--></gpx>"
    yield (
        "many-tracks.gpx",
        b"<gpx>" + b'<trk><trkseg><trkpt lat="1" lon="1"/></trkseg></trk>' * 50_000 + b"</gpx>",
    )
    yield "one-number.kml", _kml(_LINE.format("3" * 5_000_000))
    yield "many-points.kml", _kml(_LINE.format("37,55 " * 600_000))
    yield "many-points.plt", _PLT.format(_PLT_HEAD, "9\r\n" + "55,37,0,0,0,,\r\n" * 510_000).encode()
    yield "one-line.plt", _PLT.format("," * 5_000_000, "1\r\n55,37").encode()
    yield "deep.geojson", b'{"type":"FeatureCollection","features":' + b"[" * 100_000
    yield "digits.geojson", b'{"type":"Point","coordinates":[' + b"9" * 100_000 + b",1]}"
    yield "too-large.plt", b"OziExplorer Track" + b"\n" * (64 * 1024 * 1024)


def _zip(members: list[tuple[str, bytes]], *, stored: bool = False) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return packed.getvalue()


def _zips() -> Iterator[HostileFile]:
    line = _kml(_LINE.format("37,55 38,56"))
    bomb = _zip([("doc.kml", b"<kml>" + b" " * 60_000_000)])
    yield "bomb.kmz", bomb
    yield "nested.kmz", _zip([("doc.kmz", bomb)])
    yield "many.kmz", _zip([(f"{n}.kml", b"") for n in range(1_001)])
    yield "climbing.kmz", _zip([("../../../../etc/doc.kml", line)])
    yield "absolute.kmz", _zip([("/etc/doc.kml", line)])
    yield "windows.kmz", _zip([("C:\\doc.kml", line)])
    yield "nothing.kmz", _zip([("a.txt", b"x")])
    yield "no-entries.kmz", _zip([])
    yield "lies.kmz", _zip([("doc.kml", line)]).replace(struct.pack("<I", len(line)), struct.pack("<I", 7))
    yield "encrypted.kmz", _flagged(_zip([("doc.kml", line)], stored=True))
    whole = _zip([("doc.kml", line)])
    for share in range(1, 10):
        yield f"cut{share}.kmz", whole[: len(whole) * share // 10]
        broken = bytearray(whole)
        broken[len(whole) * share // 10] ^= 0xFF
        yield f"flipped{share}.kmz", bytes(broken)


def _flagged(archive: bytes) -> bytes:
    """Set the bit "encrypted" in the central directory."""
    at = archive.index(b"PK\x01\x02") + 8
    return archive[:at] + b"\x01" + archive[at + 1 :]


def _plt_lines() -> Iterator[HostileFile]:
    for index, line in enumerate(
        ("", ",", "a,b", "55", "55,", ",37", '"55","37"', "55;37;1", "\x00", "55,37,1,-777,1e99,,")
    ):
        yield f"row{index}.plt", _PLT.format(_PLT_HEAD, f"1\r\n{line}").encode()
        yield f"row{index}.wpt", (_WPT + line).encode("cp1251")
    for datum in ("Pulkovo 1942 (1)", "WGS 72", "", "?" * 10_000, "Пулково", "WGS 84,more"):
        text = _PLT.replace("WGS 84", datum).format(_PLT_HEAD, "1\r\n55,37,1,-777,0,,")
        yield f"datum{len(datum)}.plt", text.encode("cp1251")


def _fit() -> Iterator[HostileFile]:
    head = struct.pack("<BBHI4sH", 14, 0x20, 2132, 40, b".FIT", 0)
    bodies = [b"", b"\x00" * 40, b"\xff" * 40, b"\x40\x00\x00\xff\xff\xff" + b"\xff" * 34, b"\x01" * 40]
    bodies += [bytes((n * 37 + k) % 256 for n in range(40)) for k in range(20)]
    for index, body in enumerate(bodies):
        yield f"body{index}.fit", head + body + b"\x00\x00"
    yield "size.fit", struct.pack("<BBHI4sH", 14, 0x20, 2132, 0xFFFFFFFF, b".FIT", 0)
    yield "header.fit", struct.pack("<BBHI4sH", 255, 0x20, 2132, 0, b".FIT", 0)


def _odd_kml() -> Iterator[HostileFile]:
    yield "link.kml", _kml("<NetworkLink><Link><href>http://192.0.2.1/a.kml</href></Link></NetworkLink>")
    yield (
        "no-times.kml",
        _kml("<Placemark><Track><coord>37 55 0</coord><when>x</when><when>y</when></Track></Placemark>"),
    )
    yield "page.kml", b"<!doctype html><html><body>404</body></html>"
    yield "page.gpx", b"<html><body>404</body></html>"
    yield "svg.gpx", b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'
    yield "namespace.kml", b'<x:kml xmlns:x="http://192.0.2.1/"><x:Placemark/></x:kml>'
    yield (
        "inside.kml",
        _kml("<Placemark><Placemark><Point><coordinates>1,2</coordinates></Point></Placemark></Placemark>"),
    )
    yield "instruction.gpx", b'<?xml version="1.0"?><?php echo 1 ?><gpx/>'
    yield "two-roots.gpx", b"<gpx/><gpx/>"
    yield (
        "crs.geojson",
        b'{"type":"FeatureCollection","crs":{"properties":{"name":"EPSG:28407"}},"features":[]}',
    )
