### Texts of the headquarters desk. Russian is the original.

## Pages

desk-title = Search headquarters
desk-sign-in = Search headquarters
desk-sign-in-note = For coordinators and headquarters staff
desk-home-link = To the list of searches
desk-home-short = Searches
optional = may wait
not-required = optional
remove = Remove
acknowledge = Acknowledge
nothing-found = Nothing found
show-on-map = Show on the map
last-contact = last contact
no-position = no position
who-unknown = unknown who
person-nameless = nameless
organisation-unknown = organisation
unit-m = { $value } m
unit-km = { $value } km
column-number = Number
column-state = State
column-region = Region
column-opened = Opened
column-who = Who
changed-while-editing = Somebody changed this while you were writing.
save-mine-anyway = Save mine
edit-or-complete = Complete or correct

## Lists of searches and cases

home-operations = Searches
home-open-case = Open a case
home-no-operations = No searches yet. Open a case: three fields are enough, the rest can wait.
home-cases-waiting = Cases without a search
home-exercise-runs = EXERCISE: some of the searches are training
open-case-title = New case
open-case-who = Who is missing
open-case-who-hint = name, age or looks
open-case-place = Where last seen
open-case-place-hint = the place in words
open-case-when = When last seen
open-case-phone = Applicant's phone
open-case-submit = Open the case
exercise-explained = training search: marked on every screen, sheet and request

## Case

case-title = Case { $number }
case-subjects = { $count ->
        [one] Missing person
       *[other] Missing people: { $count }
    }
case-no-subjects = Nobody is described yet.
case-add-subject = Add a person
case-circumstances = Circumstances
case-confirmation = Police confirmation
case-not-confirmed = No police register number (КУСП) yet.
case-confirmed = КУСП no. { $number }
case-not-readable = You may not read the case of this search.
case-operations = Searches of this case
case-go-to-operation = Go to search { $number }
case-open-operation = Open the search
case-open-another-operation = Open another search
operation-time-zone = Time zone of the search
subject-name = Name
subject-birth_year = Year of birth
subject-age = Age
subject-sex = Sex
subject-phone = Phone carried
subject-home = Home
subject-description = Description
subject-clothes = Clothes and things
subject-health = Health
sex-male = male
sex-female = female
circumstances-last_seen_place = Where last seen
circumstances-last_seen_at = When last seen
circumstances-applicant_name = Applicant
circumstances-applicant_phone = Applicant's phone
circumstances-circumstances = Circumstances

## The desk of a search

rail-title = Sections of the search
rail-waiting = need attention
panel-away = Put the panel away
tab-sectors = Sectors
tab-teams = Teams
tab-people = People
tab-tasks = Tasks
tab-requests = Requests
tab-feed = Feed
tab-case = Case
tab-sectors-count = Sectors: { $count }
tab-teams-count = Teams: { $count }
tab-people-count = People: { $count }, on site { $onsite }
tab-tasks-count = Tasks: { $count }
tab-requests-count = Requests: { $count }
menu-more = More actions
map-title = Map of the search
map-trouble-load = The map did not load. Lists and reports work.
map-trouble-no_webgl = This browser cannot draw the map (no WebGL). Lists and reports work.
map-trouble-tiles = The ground of the map does not answer. Sectors and points are shown.
map-trouble-style = The map is not drawn completely.
legend-title = Legend
legend-agency = Another agency
pointer-none = point at the map
coordinate-format = Way of writing coordinates
coordinates-dd = degrees
coordinates-dmm = minutes
coordinates-dms = seconds
ground-asking = Map data…
ground-none = No map data for this ground
ground-dataset = Map: { $name } of { $date }
ground-missing = Missing: { $what }
ground-kind-area = no area drawn
ground-kind-osm = OSM map
ground-kind-osm_whole = OSM map for a part of the area
ground-kind-dem = elevation
time-of-operation = Time of the search { $time }

## Actions

action-report = Report
action-give = Give a task
action-team = Form a team
action-person = Add a person
action-area = Area on the map
action-partition = Cut the area
action-lkp = Last known position
action-entry = Entry point
action-request = Ask for help
action-briefing = Brief participants
action-stop = STOP, checking
action-alarms = To the alarms
action-show-all = Whole area
action-map = To the map
action-tab-sectors = Sectors
action-tab-teams = Teams
action-tab-people = People
action-tab-tasks = Tasks
action-tab-requests = Requests
action-tab-feed = Feed
action-tab-case = Case
action-shortcuts = Keys and sound
action-suspend = Suspend the search
action-resume = Resume the search
action-closing = Close the search
action-join = Sheet with the join code
action-find = Find
action-palette = Find or do
action-escape = Put away what is open
action-told = Enter as told
palette-placeholder = Person, team, sector, action…
palette-actions = Action
palette-teams = Team
palette-people = Person
palette-places = Point
palette-sectors = Sector
shortcuts-title = Keys and sound
shortcuts-report = Report for a team or a person: R, what, Enter
shortcuts-report-how = With the row of a team or person open, the name is known. Else type the number, callsign or name before Enter.
shortcuts-single = Keys without Ctrl work
sound-on = Sound of alarms

## Alarms

bands-title = Alarms and what matters
alarm-take = I take it
alarm-taken-by = taken by { $name }
alarm-close = End the alarm
alarm-close-reason = How it ended
find-reported = Person found: { $who }, { $condition }
overdue-by = { $minutes } min overdue
silent-for = no contact for { $minutes } min
stop-all-confirmed = all teams confirmed
stop-continue = Go on searching

## Sectors and area

area-draw = Area
area-change = Area
area-draw-title = Draw the area
area-change-title = Change the area
area-how = Click the corners on the map. Double click or Enter ends, Backspace takes a corner back, Esc cancels.
area-live = Corners: { $corners }. Area { $area }, outline { $length }.
area-nothing-yet = No corners yet.
area-crosses = The outline crosses itself.
area-corner = Corner by coordinates
area-add-corner = Add corner
area-undo = Take the last back
area-anew = Start anew
area-save = Save the area
area-size = Area: { $area }
sectors-empty-no-area = No area yet. Set the last known position (L), draw the area (A), then cut it (P).
sectors-empty-no-partition = The area is drawn. Cut it into sectors (P).
sectors-filter = Sector, team or state
sector-no-tasks = No tasks in this sector.
partition-title = Cut the area
partition-make = Cut
partition-method = How to cut
partition-grid = Letter-number grid
partition-natural = Along roads, cutlines and water
partition-cell = Side of a cell, m
partition-expected = at least { $count }: cells at the edge are cut
partition-lines = Which lines
partition-least = Smallest sector, ha
partition-letters = Letters
partition-replaces = { $count ->
        [one] The new cut replaces { $count } sector.
       *[other] The new cut replaces { $count } sectors.
    }
partition-keep-worked = Keep sectors that have tasks
partition-done = Done: { $count } sectors, { $area } together.
line-road = roads
line-track = tracks
line-path = paths
line-cutline = cutlines
line-railway = railways
line-power = power lines
line-river = rivers
line-stream = streams
line-cliff = cliffs
line-water_edge = shores
job-waiting = Waiting its turn
job-running = Working
job-kind-partition = Cutting the area
job-cancelled = Stopped
job-cancel = Stop
job-step-started = starting
job-step-reading_ground = reading the ground
job-step-cutting = cutting the area
job-step-writing = writing it down
job-failed = The cut failed ({ $code }).
job-failed-no_area = The cut failed: there is no area.
job-failed-sectors_in_work = The cut failed: teams are working in sectors. Keep them or wait.
job-failed-nothing_to_cut = Nothing to cut: all sectors are in work.
job-failed-changed_meanwhile = The area was changed during the cut. Start it again.
job-failed-job_failed = The cut failed through a fault of the server. Start it again.

## Points

point-typed = Coordinates
point-typed-hint = 55.7532, 37.6198 · 55°45.193′ 37°37.191′ · 55°45′11″ 37°37′11″
point-pick = Pick on the map
point-which = Which was meant
point-chosen = Place
point-subject = Whose
point-subject-all = of all
point-seen = When seen
point-text = Note
point-now = Now at { $place }

## Task

give-title = Give a task
give-title-sector = Task: sector { $sector }
give-sector = Sector
give-sector-choose = choose or click on the map
give-team = Team
give-team-choose = choose a team
give-no-teams = No teams yet.
give-method = How to search
give-contact = Contact every, min
give-bearing = Emergency bearing, ° magnetic
give-bearing-hint = a direction that surely leads to a road or river
give-text = The task in words
give-alongside = Add to { $teams }: both teams know of it
give-taken = Team { $team } already has this sector.
give-taken-by = Given by: { $by }.
give-taken-what-now = Choose another sector, or add this team as the second: both must know of each other.
give-add-knowingly = Add as the second team
task-given = given
task-alongside = second team in the sector
tasks-away = In the ground: { $count }
tasks-given = Given: { $count }
tasks-back = Back: { $count }
tasks-ended = Ended: { $count }
tasks-empty = No tasks yet. Choose a sector and give it to a team (G).
due-short = until

## Teams and people

team-form-title = Form a team
team-change-title = Team { $team }
team-change = Change members
team-disband = Disband
team-kind = Kind
team-callsign = Callsign
team-members = { $count ->
        [0] Members
        [one] Members: { $count } person
       *[other] Members: { $count } people
    }
team-leader = leader
team-nobody = Nobody free on site. Check people in (N) or wait.
team-free = free
teams-empty = No teams yet. Form one from people on site (T).
leader-mark = { $name } (leader)
people-count = { $count } ppl
people-empty = Nobody yet. Put up the sheet with the code or add a person (N).
people-filter = Callsign, name or phone
channel-code = joined by phone
channel-headquarters = entered at headquarters
position-word = Position
person-title = Add a person
person-callsign = Callsign
person-name = Name
person-phone = Phone
person-add = Add
person-added = Added: { $name }. Ready for the next.
person-twin = This callsign is already here. Check whether it is the same person.

## Radio entry

report-title = Report for a team or a person
report-what-hint = What was said: one key. Then the number or name, and Enter.
report-what-named = { $who }: what was said? One key, then Enter.
report-by-team = Team
report-by-person = Person
report-by-anyone = Team or person
report-loud = Urgent, and notes
report-who = Who
report-what = What
report-text = Words
report-who-label = Number of the team, callsign or name
report-who-hint = 12 and Enter is Лиса-12; к2 is Кинолог-2; words may follow the name: 12 two are tired
report-who-several = More than one fits. Add a letter or choose with an arrow key.
report-who-nobody = Who said it? Type a number, callsign or name.
report-text-hint = Enter files, Shift Enter makes a new line
report-at = When it happened
report-source = How we know
report-place = Coordinates
report-file = File

## Briefing and joining

briefing-title = Briefing for participants
briefing-none = No briefing released: phones do not see one.
briefing-warning = Every participant will read this. No diagnoses, addresses or needless names.
briefing-text = Text
briefing-radio = Radio channel
briefing-headquarters = Where headquarters is
briefing-headquarters-hint = coordinates
briefing-muster = Muster: where and when
briefing-phones = Phones of headquarters
briefing-phone-default = Headquarters
briefing-phone-title = Whose
briefing-phone-number = Number
briefing-phone-add = Add a phone
briefing-release = Release
briefing-released = Released
join-title = Search { $number }: check in on your phone
join-qr = QR code of the joining page
join-print = Print
join-rotate = Change the code
join-rotate-explained = The old sheet stops working; whoever has joined stays.
join-step-scan = Point the camera at the code, or open the address and type the code.
join-step-name = Write your name or callsign.
join-step-keep = Keep the page: it works without a network too.

## Closing

closing-title = Close the search
closing-explained = each needs a word on how it is known that they are safe
closing-all-home = Everyone is home.
closing-outcome = Outcome
closing-choose = choose the outcome
closing-reason = Reason to close although not everyone is home
closing-reason-hint = stays in the log with the list
closing-resolve = How it is known
closing-not-all = Somebody is not home yet. Resolve each or name a reason.
closing-anyway = Close with the reason
closing-close = Close
resolution-called_at_home = Called: at home
resolution-seen_leaving = Seen leaving
resolution-handed_over = Handed over

## Request for people and means

requests-empty = No requests. Ask МЧС, the police or another squad for people or means (Q).
request-to = To
request-nobody = The list of organisations is empty.
request-items = What is needed
request-what = What
request-what-hint = walkers, a dog team, a helicopter…
request-quantity = How many
request-unit = Unit
request-unit-people = people
request-add-item = Add a line
request-place = Where to arrive
request-place-point = Coordinates of the entry point go along.
request-needed = Needed at
request-needed-hint = empty: as soon as possible
request-now = as soon as possible
request-basis = Basis
request-basis-hint = police register number, agreement, or whose word
request-note = Note
request-contact = Contact
request-submit = Send
request-exercise = the request will be marked EXERCISE
request-received-by-phone = Told to the duty officer by phone
request-told-officer = Told the duty officer…
request-cancel = Withdraw the request
request-no-longer-needed = no longer needed
request-sum = { $what }: { $promised } promised of { $asked }
promised-of = { $promised } of { $asked }
arrives = arrive
arrives-at = Arrival
told-quantity = { $quantity }
receipt-title = Duty officer told: { $organisation }
receipt-explained = A request counts as seen when it is known who took it.
told-title = As told: { $organisation }
told-explained = Stays "as told, unconfirmed" until the agency confirms it.
officer-name = Who spoke (name)
officer-post = Post
officer-post-default = duty officer
officer-phone = Phone
told-said-at = When said
told-text = What was said
told-decision = Decision
told-decision-none = none yet

## Feed

quarantine-title = { $count ->
        [one] { $count } entry to be sorted
       *[other] { $count } entries to be sorted
    }
quarantine-explained = These reports from phones are not in the feed: their number is taken by other content, or what they refer to has not come. They are not lost.
quarantine-copy = other content under the same number
quarantine-waiting = waits for an earlier report
feed-filter = Search the feed
feed-empty = No events yet.
recorded-at = recorded
event-operation_opened = Search opened
event-hold_set = { $state }
event-operation_closed = Search closed: { $state }
event-outcome_recorded = Outcome recorded
event-case_confirmed = Police confirmed the case: КУСП no. { $number }
event-point_set = Point set: { $role }
event-area_set = Area changed: { $area }
event-partition_made = Area cut into sectors: { $count }
event-sector_marked-blocked = { $sector }: hazard, keep out. { $reason }
event-sector_marked-held_by_other = { $sector }: { $organisation } is searching here
event-sector_marked-none = { $sector }: mark taken off
event-participant_added = New participant: { $who }
event-participant_moved = { $who }: { $state }
event-team_formed = Team { $team } formed
event-team_changed = Team { $team }: members changed
event-team_disbanded = Team { $team } disbanded
event-task_given = { $team }: given sector { $sector }
event-task_moved = { $team }, { $sector }: { $state }
event-check_in = { $who }: { $word }
event-found_reported = Person found: { $who }, { $condition }
event-clue_found = Clue or trace, { $who }: { $text }
event-note_added = Note: { $text }
event-sos_raised = SOS: { $who }
event-sos_taken = SOS: taken by { $name }
event-sos_closed = SOS ended: { $reason }
event-briefing_released = Briefing released
event-claim_refused = Refused: { $team } did not get the sector, { $holder } has it
event-sector_claimed = { $team } claims a sector
event-request_made = Request for people and means sent
event-request_received = { $organisation }: request seen, { $name }
event-request_answered-accept = { $organisation }: accepted, { $quantity }
event-request_answered-decline = { $organisation }: declined, { $reason }
event-request_cancelled = Request withdrawn
event-agency_told = { $organisation }, as told: { $text }
event-told_confirmed = What was told is confirmed: { $name }
event-scenario_set = Scenario: { $name }
event-scenarios_weighed = Scenario weights changed
event-scenario_dropped = Scenario dropped: { $reason }
event-subject_state_set = The subject's state for the calculation changed
event-sector_ranked = Sector { $sector }: its turn was changed
event-pair_locked-must = { $team }: sector { $sector } is held for the team
event-pair_locked-must_not = { $team }: not to be sent to sector { $sector }
event-pair_locked-none = { $team }: sector { $sector } is free for the plan again
event-shift_handed_over = { $name } takes the shift over
event-evacuation_proposed = An evacuation was planned
event-evacuation_ordered = The evacuation has begun, all other teams are recalled
event-assignment_accepted = Plan accepted, teams given tasks: { $count }
event-clue_weighed = Clue taken into account: { $text }
event-clue_weight_dropped = Clue no longer counted: { $reason }
job-step-computing_probability = computing the probability
