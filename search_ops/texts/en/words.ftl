### Words of screens, paper and phones: one meaning, one word (LABELS). Russian is the original.

## Operation

exercise = EXERCISE
operation-active = Search under way
operation-hold_verify = STOP, checking
operation-hold_evacuate = STOP, evacuation
operation-suspended = Search suspended
operation-closed-found_alive = Found alive
operation-closed-found_dead = Found dead
operation-closed-found_undisclosed = Found
operation-closed-not_found = Ended, not found
operation-closed-identified = Identified
operation-closed-unconfirmed = Not confirmed
operation-closed-handed_over = Handed over

## Sector

sector-planned = Planned
sector-assigned = Assigned
sector-on_task = Being searched
sector-awaiting_track = Waiting for the track
sector-searched_proven = Searched, track proves it
sector-searched_partly = Partly searched
sector-to_search_again = Search again
sector-blocked = Hazard, keep out
sector-held_by_other = { $agency } is searching here

## Task

task-planned = Prepared
task-assigned = Assigned
task-briefed = Team briefed
task-out = Team has left
task-on_task = Team is working
task-returning = Team is coming back
task-back = Team is back
task-debriefed = Debriefed
task-closed = Task closed
task-recalled = Recalled
task-cancelled = Cancelled

## Participant

participant-invited = Invited
participant-going = On the way
participant-on_site = Checked in
participant-available = Ready for a task
participant-on_task = On a task
participant-resting = Resting
participant-left = Left headquarters
participant-home = Home

## Request for people and means

joint-request = Request for people and means
request-draft = Draft
request-approved = Signed
request-requested = Sent
request-received = Seen by the duty officer
request-answered = Answered
request-closed = Closed
request-cancelled = Withdrawn
commitment-provisional = Provisional answer
commitment-accepted = Accepted
commitment-accepted-partly = Accepted in part
commitment-declined = Declined
commitment-committed = Committed
commitment-requisitioned = Called out
commitment-departed = Departed
commitment-on_scene = On scene
commitment-working = Working
commitment-released = Released
commitment-returned = Returned to station
commitment-extended = Extended
commitment-withdrawn = Withdrawn
request-not-seen = Not seen by the duty officer: { $minutes } min
told-unconfirmed = As told, unconfirmed
told-confirmed = Confirmed

## Words of check-ins: buttons of the phone and entry at headquarters

word-going = I am coming
word-arrived = I have arrived
word-out = We have left
word-started = We have started
word-finished = We have finished
word-returning = We are coming back
word-back = We are back
word-all_well = All well
word-stop_seen = STOP seen
word-rest = We need a rest
word-ready = Ready for a task
word-leaving = I am leaving
word-home = I am home
word-cannot = I cannot come
word-found = Person found
word-clue = Clue or trace
word-sos = SOS, we need help
word-note = Note

condition-walking = alive, walking
condition-carried = alive, must be carried
condition-needs_checking = needs checking

report-saved = Saved on this phone
report-filed = Filed at headquarters

source-phone = phone
source-radio = by radio
source-in_person = in person
source-call = call
source-paper = on paper

## Alarms

alarm-sos = SOS: { $callsign }
alarm-sos-not-delivered = SOS NOT DELIVERED. Call!
alarm-overdue = Overdue: { $callsign }
alarm-no-contact = No contact: { $callsign }, { $minutes } min
alarm-stop-not-confirmed = STOP not confirmed: { $count }
alarm-not-home = Not everyone home: { $count }

## Points, times, evidence

point-lkp = Last known position
point-lkp-short = LKP
point-entry = Entry point
point-headquarters = Headquarters
due = Due back
contact-every = Contact every { $minutes } min
emergency-bearing = Emergency bearing { $degrees }° magnetic
bearing-declination = Declination { $degrees }° (east +), year { $year }, { $model }
position-at = Position { $when }
battery = Battery { $percent } %

## Teams and methods

team-kind-foot = Foot team
team-kind-dog = Dog team
team-kind-vehicle = Vehicle crew
team-kind-boat = Boat
team-kind-air = Aircraft
team-kind-other = Other
method-response = Call and listen
method-comb = Line search
method-linear = Roads, rides and banks
method-patrol = Patrol
method-dog = Dog work
method-vehicle = Drive round
method-water = Bank and water
method-air = From the air
method-survey = Asking people
method-other = Other

## Organisations and roles

organisation-squad = Search squad
organisation-police = Police (МВД)
organisation-emergency = Emergencies (МЧС)
organisation-region = Region
organisation-partner = Partner
role-coordinator = Coordinator
role-site_lead = On-site senior
role-cartographer = Cartographer
role-radio = Radio operator
role-registrar = Registrar
role-information = Information coordinator
role-police = Police (МВД)
role-emergency = Emergencies (МЧС)
role-national = National coordinator
role-region_lead = Resource-centre lead
role-family = Family contact
role-volunteer = Participant

## Time and connection

age-now = just now
age-minutes-ago = { $minutes } min ago
age-minutes-ahead = in { $minutes } min
age-hours-ago = { $hours } h { $minutes } min ago
age-hours-ahead = in { $hours } h { $minutes } min
age-days-ago = { $days } { $days ->
        [one] day
       *[other] days
    } ago
age-days-ahead = in { $days } { $days ->
        [one] day
       *[other] days
    }
connection-connecting = Connecting
connection-live = Live
connection-behind = { $seconds } s behind
connection-offline = No network since { $time }
connection-refused = Access withdrawn
connection-unsent = Unsent: { $count }, oldest { $minutes } min
connection-retry = Try now

## Shared by all pages

unknown = unknown
unit-km2 = { $value } km²
unit-ha = { $value } ha
sign-in-title = Sign in
sign-in-login = Login
sign-in-password = Password
sign-in-submit = Sign in
sign-out = Sign out
language-switch = Language
language-ru = Русский
language-en = English
theme-switch = Appearance
theme-light = Light
theme-dark = Dark
theme-sunlight = In the sun
close = Close
cancel = Cancel
save = Save
send = Send
back-button = Back
loading = Loading…
try-again = Try again
error-network = The server does not answer. Check the network and try again: what you typed is kept.
error-timeout = No answer within 30 seconds. Try again: the command will not be carried out twice.
error-changed-meanwhile = Somebody changed this while you were deciding. Look at what it is now and try again.
error-required = Fill in this field.
