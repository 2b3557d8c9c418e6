# Work on the map: layers, editing sectors, measuring, tracks, proof, print.

## Tools of the map

tools-title = Tools of the map
tool-layers = Layers
tool-edit = Edit
tool-measure = Measure
tool-place = Place
tool-tracks = Tracks
tool-proof = Proof
tool-table = Table
tool-print = Print
action-layers = Layers of the map
action-edit = Edit sectors
action-measure = Measure on the map
action-place = Find a place or coordinates
action-tracks = Tracks
action-proof = What has been searched
action-table = Table of sectors
action-print = Print and files
unit-hours = { $value } h
unit-addresses = { $count ->
        [one] { $count } address
       *[other] { $count } addresses
    }

## Layers

layers-title = Layers of the map
layers-shown = Show
layers-rasters = Scanned maps, uppermost first
layers-no-rasters = No other maps. The administrator loads them: search-ops import raster.
layer-teams = Teams
layer-points = Points and clues
layer-tracks = Tracks
layer-missing = Parts not searched
layer-proof = Ground covered
layer-rulers = Letters and numbers at the edges
layer-labels = Labels of sectors
layer-sectors = Sectors
layer-contours = Contours
layer-hillshade = Hill shading
layer-ground = Ground
layer-strength = Strength: { $name }
layer-percent = { $percent } %
layer-up = Up: { $name }
layer-down = Down: { $name }
layer-moved = { $name }: place { $place }

## Measuring and places

measure-title = Measure
measure-what = What to measure
measure-line = Distance
measure-area = Area
measure-how = Click points on the map. Double click or Enter ends, Backspace takes one back, Esc cancels.
measure-done = Measured. "Start again" begins the next.
measure-length = Length
measure-outline = Outline
measure-true = True bearing
measure-magnetic = Magnetic bearing
measure-needle = Declination { $degrees }° (east +), year { $year }, { $model }
measure-needle-outdated = The model holds until 2030: the declination may differ.
measure-needle-unreliable = Near a magnetic pole: no compass can be trusted.
line-corner = Point by coordinates
line-add-corner = Add point
line-undo = Take the last back
measure-last = Last stretch
place-title = Place and coordinates
place-typed = Coordinates, a link to a map, or a name
place-typed-hint = Degrees, UTM, MGRS, SK-42, a link from Yandex, Google or OSM, the name of a village or tract
place-read = Find
place-found = Places found
place-notations = The place in every system of coordinates
place-copy = Copy { $text }
place-copy-short = Copy
place-copied = Copied.
place-as-lkp = Set as last known position
place-as-entry = Set as entry point
place-set = Set: { $point }.
place-kind-city = city
place-kind-town = town
place-kind-village = village
place-kind-hamlet = hamlet
place-kind-suburb = suburb
place-kind-isolated_dwelling = farmstead
place-kind-locality = locality
place-kind-place = place
place-kind-peak = peak
place-kind-station = station
place-kind-spring = spring
place-kind-shelter = shelter
place-kind-water = water
place-kind-waterway = river, stream
place-kind-road = road
place-kind-river = river
place-kind-stream = stream
coordinates-utm = UTM
coordinates-sk42 = SK-42
coordinates-mgrs = MGRS
palette-found = Place on the map

## Editing sectors

edit-title = Edit sectors
edit-tools = What to do
edit-area = Draw
edit-line = Line
edit-list = Addresses
edit-split = Split
edit-merge = Merge
edit-reshape = Move corners
edit-mark = Mark
edit-undo = Undo
edit-redo = Redo
edit-how = Choose what to do. What was searched stays searched after an edit.
edit-choose-sector = Click a sector on the map or choose it in the list.
edit-area-how = Click corners; the pointer is drawn to borders nearby (Alt lets go). Double click or Enter ends, Esc cancels.
edit-line-how = River bank, cutline, power line: click points of the line. Double click or Enter ends, Esc cancels.
edit-line-live = Points: { $corners }. Length { $length }.
edit-name = Name
edit-corridor = Strip to each side, m
edit-save = Save
edit-done = Done: { $what }.
edit-undone = Undone: { $what }.
edit-redone = Redone: { $what }.
edit-no-undo = This cannot be undone: { $what } has replaced nothing.
edit-although = Even if teams are working in these sectors
split-how = Draw a line through sector { $sector } from edge to edge.
split-pieces = Pieces: { $one } and { $other }
split-several = The line passes more than once: the server will find the pieces.
split-short = The line does not cross the sector yet.
merge-how = Click neighbouring sectors on the map or choose them from the list.
merge-chosen = Chosen to be merged
merge-leave = Leave out { $sector }
merge-add = Add a sector
merge-sum = Sectors: { $count }, together { $area }
reshape-how = Drag the corners of sector { $sector }; the circle between two gives a new one, Delete takes one away. By keys: [ and ] choose a corner, arrows move it, Insert adds one. A common border changes for both neighbours.
reshape-corner = Corner
reshape-corner-choose = choose a corner
reshape-to = New place of the corner, coordinates
reshape-move = Move there
reshape-insert = Add after it
reshape-remove = Take it away
reshape-live = Changes: { $changes }. Area { $area }.
reshape-neighbours = { $count ->
        [one] { $count } neighbour changes too.
       *[other] { $count } neighbours change too.
    }
reshape-nothing = No changes yet.
mark-what = Sector { $sector }
mark-held = Another agency is searching here
mark-none = Take the mark off
mark-organisation = Who is searching there
mark-organisation-choose = choose an organisation
mark-reason = Why
list-addresses = Addresses, one a line
list-hint = Coordinates may follow a semicolon: 5 Forest Road; 55.7532 37.6198
list-count = Addresses: { $count } (at most { $most })
list-unread = Line { $line }: the place "{ $place }" cannot be read

## Tracks

tracks-title = Tracks
tracks-drop = Drop the folder of a navigator or files here.
tracks-folder = Choose a folder
tracks-files = Choose files
tracks-kinds = GPX, PLT, KML, KMZ, FIT. A name like 20260823_Лиса-12 finds its team by itself.
tracks-sending = Sending { $name } ({ $at } of { $of })
tracks-skipped = { $count ->
        [one] { $count } file of another kind left out: { $names }
       *[other] { $count } files of another kind left out: { $names }
    }
tracks-reading = Reading tracks
tracks-done = Done: { $kept } tracks, { $matched } of them with a team; { $duplicates } were here already.
tracks-none = No tracks yet.
tracks-other-search = Not this search, left out: { $names }
tracks-empty = Empty files: { $names }
tracks-unmatched = Nobody's tracks: { $count }
tracks-matched = Tracks of teams: { $count }
tracks-aside = Tracks set aside: { $count }
tracks-awaited = Waiting for the track: { $count }
track-lost = No track will come
track-lost-reason = Why it will not come
track-lost-grade = How the end is known
track-nobody = Whose it is, is not known
track-by-name = by the file's name
track-by-navigator = by the navigator's number
track-by-time = by time
track-by-hand = by hand
track-flag-transit = on the way { $count }
track-flag-still = standing still { $count }
track-flag-jump = jumps { $count }
track-flag-clock = wrong clock { $count }
track-flag-zero = without a place { $count }
track-not-counted = Fixes not counted: { $what }
track-no-time = without times
track-change = Correct
track-task = Whose track this is
track-task-choose = choose a team and sector
track-match = Give to this team
track-shift = Correction of the clock, min
track-shift-hint = If the navigator's clock was an hour slow: 60
track-aside = Or leave it out
track-aside-other_search = another search
track-aside-duplicate = duplicate
track-aside-useless = useless
track-name-date = The file's name says another day: { $date }
track-put-aside = Set aside

## Proof

proof-title = What has been searched
proof-legend = Signs of what was searched
proof-track = Track of a team
proof-track-unmatched = Nobody's track (dotted)
proof-swept = Ground covered
proof-missing = Not searched (cross-hatched)
proof-sum = Proven by track { $proven }, in part or to search again { $partly }, { $count } sectors in all.
proof-nothing-yet = No evidence yet. Load the tracks (K).
proposals-title = Proposed for searching again: { $count }
proposals-none = No proposals.
proposal-title = Sector { $sector }: search again?
proposal-below_target = There is a full track, but less was covered than needed.
proposal-partial_track = There is only part of the track.
proposal-no_track = There is no track, only words.
proposal-figures = Would have been found: { $figures }
proposal-target = Needed: { $subject }, at least { $percent } %
proposal-swept = Walked over { $share } of the area
judge-again = Search again
judge-enough = Enough
judge-again-why = Why again
judge-enough-why = Why it is enough
subject-responsive = if answering
subject-unresponsive = if not answering
pod-about = about { $percent } %
pod-range = { $low }–{ $high } %
pod-under = under { $percent } %
pod-over = over { $percent } %
pod-responsive = answering { $pod }
pod-unresponsive = not answering { $pod }
grade-full_track = Full track
grade-partial_track = Partial track
grade-radio = By radio
grade-paper = On paper
grade-agency = Agency's word

## Table of sectors

table-title = Table of sectors
table-state = State
table-every-state = Every state
table-shown = { $shown } of { $count } shown
table-save = Save CSV
table-rows = Rows of the table
table-file = sectors
table-column-label = Sector
table-column-state = State
table-column-kind = Kind
table-column-size = Size
table-column-planned_hours = Hours planned
table-column-hours = Hours spent
table-column-coverage = Search coverage
table-column-pod_responsive = Answering
table-column-pod_unresponsive = Not answering
table-column-grade = Proven by
table-column-teams = Teams
sector-kind-area = area
sector-kind-line = line
sector-kind-list = addresses

## Print and files

print-title = Print and files
print-teams = Packets of which teams
print-no-tasks = No tasks in hand: give a task first (G).
print-language = Language of the sheets
print-scale = Scale
print-scale-fit = so that the sector fits
print-layers = On the map
print-layer-neighbours = neighbouring sectors
print-layer-contours = contours
print-layer-entry = entry point
print-layer-last_known = last known position
print-rasters = Scanned maps on the sheet, at most { $count }
print-shrunk = { $team }, { $sector }: the sector did not fit at { $wanted }, printed at { $scale }
print-making = Making the sheets
print-done = The sheets are ready.
print-download = Download the PDF
print-make = { $count ->
        [one] Make { $count } packet
       *[other] Make { $count } packets
    }
export-title = Files for navigators and programs
export-whose = Whose data
export-everything = the whole search
export-gpx = GPX
export-kml = KML
export-plt = PLT (OziExplorer, tracks)
export-wpt = WPT (OziExplorer, points)
export-gpkg = GeoPackage
export-geojson = GeoJSON

## The feed

event-track_kept = Track loaded: { $name }
event-track_matched = Track given to team { $team }
event-track_set_aside = Track set aside
event-track_lost = No track will come: { $team }. { $reason }
event-search_again_proposed = Proposed for searching again: { $sector }
event-sector_judged-again = Decided to search again: { $sector }
event-sector_judged-enough = Decided that it is enough: { $sector }
event-search_widths_set = Sweep widths changed

## The cut

partition-groups = Into sectors of equal effort
partition-layer = By the layer of a file (forest quarters)
grid-align = Axes of the grid
grid-align-local = along true north, metres
grid-align-utm = along the UTM grid, metres
grid-align-geographic = along degrees
grid-step-lon = Step in longitude, seconds
grid-step-lat = Step in latitude, seconds
grid-height = Height of a cell, m
grid-more = Origin, names, sub-cells
grid-origin = Origin of the grid
grid-defaults = A grid as is usual in region { $region }
grid-take-defaults = As region { $region } is used to
grid-origin-hint = Empty: the middle of the area, or round values of the grid
grid-preview = The lines are shown on the map
grid-scheme = Names
grid-scheme-letter_number = letter and number: G5
grid-scheme-number_letter = number and letter: 5G
grid-scheme-numbers = numbers: 17
grid-skipped = Letters to skip
grid-letters-down = Letters downwards, numbers to the right
grid-from-east = Count from the east
grid-from-south = Count from the south
grid-sub-cells = Sub-cells
grid-sub-none = none
grid-grow = Go on with the names of the last grid
natural-most = Largest sector, ha
natural-snap = Draw ends of lines together, m
natural-snap-hint = A cutline that stops short reaches a road no farther than this
groups-by = How to divide
groups-by-count = into so many sectors
groups-by-hours = by the hours of a team
groups-count = Sectors
groups-hours = Hours a sector
groups-team = For a team
groups-units = Made up of
groups-units-cells = small cells
groups-units-faces = pieces between roads and cutlines
layer-file = File with the layer
layer-file-hint = GeoPackage, zipped shapefile, KML, GeoJSON; up to 64 MB
layer-sent = File { $name } is sent.
layer-name = Layer in the file
layer-first-wins = Where pieces overlap, the first one holds

## Sweep widths

widths-title = Sweep widths
widths-how = How wide a searcher sees and hears. What is measured here is better than the table. After saving, all evidence is weighed again.
widths-ground = Ground in general
widths-ground-short = Ground
widths-ground-open = open
widths-ground-forest = forest
widths-ground-dense = dense forest
widths-ground-from-map = Take the ground of each sector from the map
widths-visibility = How the person stands out
widths-visibility-high = bright clothes
widths-visibility-medium = usual
widths-visibility-low = blends in
widths-any = any
widths-rd = Range of detection measured here, m
widths-rd-hint = Lay down a jacket, walk away until it is lost and back until it is seen, from several sides; the mean distance. Empty: not measured.
widths-target-unresponsive = Target, not answering, %
widths-target-responsive = Target, answering, %
widths-target-hint = Empty: 60 %
widths-spacing = Spacing in a line, m
widths-spacing-short = Spacing, m
widths-sound = Call and listen: wind, signal, silence
widths-signal = Signal
widths-signal-voice = voice
widths-signal-whistle = whistle
widths-signal-megaphone = megaphone
widths-signal-horn = car horn
widths-signal-siren = siren
widths-wind = Wind, m/s
widths-every = Call every, s
widths-call = A call lasts, s
widths-silence = Silence after, s
widths-neighbours = Teams within hearing
widths-synchronised = Calls by the clock, all at once
widths-light = Time of day
widths-light-day = by day
widths-light-night = by night
widths-sound-gives = width { $width }, distance between teams { $apart }
widths-sectors = Ground of single sectors: { $count }
widths-sector-ground = Sector { $sector }
widths-tasks = Method of single tasks: { $count }
widths-task-add = Add a task
widths-method = Method
widths-method-told = as the task says
widths-method-sound = call and listen
widths-method-line = in line
widths-method-visual = looking
widths-searchers = People in the line
widths-width = Width, m
widths-width-unresponsive = Width, not answering, m
widths-width-responsive = Width, answering, m
widths-own = Own widths: { $count }
widths-own-row = Own width { $number }
widths-subject = For whom
widths-source = Where it is known from
widths-add = Add a width
widths-table = The default table with its sources
widths-status-measured = measured
widths-status-published = published
widths-status-assumed = assumed
widths-status-entered = entered
widths-weighing = Weighing the evidence again
widths-saved = Saved, the evidence has been weighed again.

error-grid-settings = The settings of the grid were not taken: { $names }
