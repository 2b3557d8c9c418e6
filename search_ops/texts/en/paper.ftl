# Paper: task sheet and map of a team. Read in rain by head torch, so it is short.

paper-title = Task sheet
paper-map = Map
paper-coordinates = Coordinates of the boundary
paper-coordinates-points = Coordinates of the points
paper-exercise = EXERCISE
paper-search = Search { $number }
paper-sector = Sector
paper-line = Line
paper-list = Addresses
paper-team = Team
paper-members = Members
paper-method = Method
paper-due = Due back
paper-contact = Contact
paper-contact-every = every { $minutes } min
paper-radio = Channel
paper-phones = Phones
paper-muster = Muster
paper-entry = Entry point
paper-beyond = { $name }: { $kilometres } km
paper-task = Task
paper-none = not given
paper-bearing-none = No emergency bearing is given. No team leaves without one.
paper-declination = Magnetic declination { $degrees }° { $side ->
        [west] west
       *[east] east
    }, year { $year }, model { $model }.
paper-declination-outdated = The model is good until 2030: the declination may differ.
paper-declination-unreliable = Close to the magnetic pole: do not trust a compass.
paper-bearing-from-map = Magnetic bearing = angle from the vertical grid line { $sign } { $degrees }°.
paper-hazards = Hazards
paper-hazard-blocked = Keep out: { $labels }
paper-hazard-cliff = Cliffs in or near the sector
paper-hazard-water = Water in or near the sector
paper-hazard-wetland = Marsh in or near the sector
paper-hazard-railway = A railway in or near the sector
paper-hazard-none = The map marks no hazards. Look out yourselves.
paper-hazard-short = HAZARD
paper-keep-out = KEEP OUT
paper-report = Report on return
paper-report-out = Left
paper-report-start = Started
paper-report-end = Finished
paper-report-back = Back
paper-report-left = What was not covered
paper-report-finds = Clues and traces (where, when)
paper-report-track = Track handed in (navigator no.)
paper-signature = Team leader
paper-printed = Printed { $at } ({ $zone })
paper-page = page { $page } of { $pages }
paper-live = Live page
paper-corner = No.
paper-degrees = WGS 84, latitude and longitude
paper-utm = UTM { $zone }, east and north, m
paper-corners-coarse = Only the main bends of the boundary are listed; the exact one is in the navigator's files and on the map.
paper-grid = UTM grid { $zone }, WGS 84, every { $step } m, numbers in kilometres
paper-scale-smaller = The sector does not fit at 1 : { $wanted }: this map is at 1 : { $scale }.
paper-bar = bar of 100 mm
paper-norths = Circle: true north, square: grid north, arrow: magnetic north.
paper-attribution = Map: { $sources }

decimal = { $whole }.{ $rest }
paper-osm = © OpenStreetMap contributors, ODbL 1.0
paper-relief = relief from the imported heights
paper-no-ground = no ground is imported

error-too-large-for-paper = The sector does not fit on the page even at the smallest scale. Split it.
error-nothing-to-draw = The task has no place on the map: neither a boundary nor an address with coordinates.
error-team-without-task = The team has no task.
error-nothing-to-export = There is nothing for this file yet.
export-area = Search area
paper-metres = { $metres } m

export-written = { $name }: { NUMBER($bytes) } bytes
export-left-out = { $format }: not written. { $why }
export-help = Write a search's files for navigators and maps: GPX, KML, PLT, WPT, GeoPackage, GeoJSON.
export-help-number = Number of the search, such as 2026-38-0147.
export-help-folder = Folder for the files.
export-help-team = Callsign: only this team's tasks.
export-help-format = Only this format; may be repeated.
