# People and means: what they can do, what is issued, who rides with whom.

event-resource_issued = { $who }: issued – { $thing }
event-team_rules_waived = { $team }: goes although it breaks rules. { $reason }
event-resource_returned = Taken back: { $thing }

## What people can do

competence-leader = Certified team leader
competence-medic = Medic
competence-dog_handler = Dog handler
competence-drone_pilot = Drone pilot
competence-offroad_driver = Off-road driver
competence-snowmobile_driver = Snowmobile driver
competence-boat_driver = Boat driver
competence-diver = Diver
competence-tracker = Tracker
competence-radio_operator = Radio operator
competence-cartographer = Cartographer
competence-registrar = Registrar
competence-rope_rescuer = Rope rescue
competence-helicopter_receiver = Receives helicopters
limit-night = Not at night
limit-water = Not on water
limit-long_walk = No long walks
limit-heights = Not at heights
limit-carrying = Carries nothing heavy

## Means

resource-label = { $what } { $number }
resource-radio = Radio
resource-navigator = Navigator
resource-torch = Torch
resource-megaphone = Megaphone
resource-siren = Siren
resource-stretcher = Stretcher
resource-first_aid = First-aid kit
resource-power_bank = Power bank
resource-generator = Generator
resource-tent = Tent
resource-drone = Drone
resource-dog = Dog
resource-vehicle = Vehicle
resource-other = Other
ground-class-car = Car
ground-class-4x4 = 4×4
ground-class-swamp_vehicle = Swamp vehicle
ground-class-snowmobile = Snowmobile
ground-class-boat = Boat
ground-class-quad = Quad bike

## The registrar's desk

action-roster = People and means
action-roster-arrivals = Register arrivals
action-roster-teams = Build teams
action-roster-things = Means: issue and take back
roster-to-map = To the map
roster-views = Desks
roster-view-arrivals = Arrivals
roster-view-teams = Teams
roster-view-things = Means
roster-no-right = You have no right to these desks. The coordinator gives it.
arrivals-query = Callsign, name, phone or code of the card
arrivals-keys = ↑ ↓ choose · Enter check in or add · Esc clear
arrivals-count = { $count ->
    [one] { $count } person
   *[other] { $count } people
 } in the search, { $onsite } on site
arrivals-rows = Who fits
arrivals-put = Check in
arrivals-open = Open
arrivals-create = Add on site
arrivals-new-callsign = New, callsign “{ $callsign }”
arrivals-new-name = New, name “{ $name }”
arrivals-done = { $who }: on site
arrivals-empty = Nobody yet. Type the callsign or name of the first one and press Enter.
arrivals-nobody = Nobody fits. Type a name or callsign to add somebody.
arrivals-more = { $count } more. Type more letters.
mismatch-title = Does not fit: { $count }
mismatch-none = Everything fits.
mismatch-task-without-team = { $who }: on a task, but in no team
mismatch-team-without-person = { $who }: in team { $team }, but marked “{ $state }”
mismatch-away-but-not-on-task = { $who }: team { $team } has left, but marked “{ $state }”
mismatch-callsign-twice = Two people with one callsign: { $who } and { $other }
mismatch-phone-twice = Two people with one phone: { $who } and { $other }
mismatch-thing-of-disbanded = { $thing }: team { $team } is disbanded, not handed in
mismatch-thing-of-left = { $thing }: not handed in, { $who } – { $state }
mismatch-shift-over = { $who }: { $hours } h on shift without rest
mismatch-past-leaving = { $who }: meant to leave, still here

## A person's card

shift-hours = { $hours } h on shift
person-adult = 18 or older
adult-unknown = Not asked
adult-yes = Yes
adult-no = No
person-leaves = Has to leave
person-certificates = Competences
person-until = until
person-remove = Remove: { $what }
person-add-certificate = Add a competence
person-limits = What to avoid
person-needs-medic = Needs a medic beside
person-pickup = Picked up at
person-home = Home
person-ready = Ready to leave
person-gear = Gear, l
person-things = Issued
place-words = Place in words
place-coordinates = Coordinates
thing-issue = Issue
thing-return = Take back
thing-to-issue = What to issue
thing-number-example = 14 or Radio 14

## Means: the table

things-add = Add
things-kind = Kind
things-number = Number
things-ground = Ground class
things-seats = Seats beside the driver
things-space = Gear space, l
things-plate = Plate
things-driver = Driver
things-handler = Handler
things-owner = Whose, if private
things-not-found = No such person in the search
things-filter = Number, kind or holder
things-empty = No means yet. Add the first: kind, number, Enter.
things-what = What
things-with = With
things-since = Issued
things-condition = Condition
things-act = Action
things-at-headquarters = at headquarters
things-seats-short = seats: { $seats }
things-to-whom = Team or person
condition-thing-ok = In order
condition-thing-broken = Broken
condition-thing-lost = Lost
condition-thing-taken_home = Owner took it home
thing-back-ok = In order
thing-back-broken = Broken
thing-back-lost = Lost
thing-back-taken_home = Owner took it home

## Building teams

builder-hours = Task, hours
builder-people = People in a team
builder-night = They will go in the dark
builder-needs = Needed first
builder-need-add = Add: which team is needed
builder-need-people = People: { $kind }
builder-need-remove = Not needed: { $kind }
builder-propose = Propose teams
builder-pool = Without a team: { $count }
builder-pool-empty = No free people on site.
builder-stock = Not issued: { $count }
builder-keys = Drag, or choose and press: 1–9 into a team, 0 back, L leader
builder-teams = Teams on the screen
builder-next-team = One more team is short of:
builder-not-proven = The search was cut short: a team that was asked for may be possible after all.
builder-beyond = Many people: { $count } were not considered this time. Form the teams and propose again.
builder-add = Add a team
builder-remove = Remove team { $team }
builder-empty = Press “Propose teams”, or add a team and drag people into it.
builder-drop-here = Drag people here
builder-checking = Checking the rules…
builder-kept = The rules are kept
builder-all-kept = All rules are kept
builder-barred = Some rules that are broken here forbid forming the team
builder-waive = Why they go although a rule is broken
builder-waive-hint = It stays in the log with your name
builder-accept = { $count ->
    [one] Form { $count } team
   *[other] Form { $count } teams
 }
builder-formed = Formed: { $teams }
team-rules = On a task of { $hours } h this team would break rules:
rule-about = { $who }: { $text }
rule-record_invalid = the record is incomplete
rule-time_invalid = back before leaving
rule-unknown_kind = there are no such teams
rule-unknown_person = no such person in the search
rule-unknown_item = no such thing
rule-listed_twice = twice in the team
rule-in_other_team = already in team { $team }
rule-under_age = not 18 yet
rule-age_unknown = nobody asked whether 18
rule-leaves_too_early = has to leave at { $have_at }, the team is back at { $need_at }
rule-rest_too_short = shift worked off, rested { $have } h of { $need } h
rule-shift_too_long = the shift would be { $have } h, { $need } h allowed
rule-limited = limit: { $what }
rule-need_unmet = needs beside: { $what }
rule-no_leader = no certified leader
rule-leader_not_member = the leader is not in the team
rule-certificate_expired = “{ $what }” expired on { $until }
rule-certificate_missing = leads without a leader's certificate
rule-too_few_people = people: { $have }, at least { $need } needed
rule-too_many_people = people: { $have }, at most { $need } allowed
rule-competence_missing = competence “{ $what }” missing: { $have } of { $need }
rule-item_missing = short of: { $what }, { $have } of { $need }
rule-item_unusable = broken or lost
rule-item_ends_too_early = lasts until { $have_at }, the team is back at { $need_at }
rule-item_without_its_person = nobody in the team whom it goes with
rule-callsign_used = callsign “{ $what }” was used before
rule-size_invalid = such a team never has that many people
rule-cannot_be_combined = enough of each, but not together
rule-no_team_left = no room left in the teams
rule-not_asked = no such teams were asked for
rule-not_on_site = not checked in
short-of = { $what }: { $need } needed, { $left } free ({ $fit } fit, { $known } in all)
short-people = people
short-combined = enough of each, but not together

## Crews

action-roster-crews = Crews: who rides with whom
roster-view-crews = Crews
event-crew_moved-departed = Car has left, driver { $crew }
event-crew_moved-arrived = Car has arrived, driver { $crew }
event-crew_moved-cancelled = Car cancelled, driver { $crew }
crews-direction = Where to
crews-out = To the search
crews-home = Home
crews-plan = Who rides with whom
crews-ready-out = Ready to leave
crews-ready-home = Leaving headquarters
crews-deviation = Driver's detour, min
crews-propose = Propose
crews-estimate = Times are estimates: straight lines, not roads. Ask the drivers.
crews-seats = { $taken } of { $seats } seats
crews-deviation-short = detour { $minutes } min
crews-untimed = changed, times not computed again
crews-leaves = leaves
crews-from-headquarters = from headquarters
crews-at-headquarters = at headquarters
crews-move = Move: { $who }
crews-nowhere = No car
crews-left = Without a seat
crews-cars-out = Cars that do not go
crews-no-cars = No cars for this way. Add a vehicle with driver and seats on the desk “Means”.
crews-accept = { $count ->
    [one] Confirm { $count } crew
   *[other] Confirm { $count } crews
 }
crews-accepted = Crews confirmed: { $count }
crews-standing = Crews: { $count }
crews-none = No crews confirmed.
crews-car = Driver and car
crews-people = Riding
crews-alone = alone
crews-there = There by
crews-late = overdue, call them
crews-no-ride = Nobody takes home: { $count }
crews-all-ride = Everybody has a ride home.
crew-planned = Confirmed
crew-departed = On the way
crew-arrived = Arrived
crew-to-departed = They have left
crew-to-arrived-out = At headquarters
crew-to-arrived-home = All are home
crew-to-cancelled = Cancel
ride-with = with driver { $driver }, { $car }
ride-drives = drives, { $car }
left-record_invalid = the record is incomplete
left-unknown_place = we do not know where to pick up or set down
left-no_cars = no free seat in any car
left-no_road = no car passes there
left-gear_too_big = the gear does not fit
left-too_far = too long a detour for all
left-too_late = not in time
left-seats_taken = the cars that suit are full
left-not_with_the_others = a seat is free, but not on the way of the others
left-taken_out = taken out by hand
car-out-record_invalid = the record is incomplete
car-out-unknown_place = we do not know where the driver is
car-out-no_road = no road
car-out-too_late = not in time
car-out-driver_unfit = the driver has worked a whole shift and may not drive
closing-ride = Home
