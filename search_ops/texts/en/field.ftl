### The participant's phone. Words of buttons and states are in words.ftl.

field-title = Search: participant's phone
field-operation = Search { $number }
field-menu = Settings
field-more = Other reports
field-actions = Reports

## Joining

field-join-title = Join a search
field-join-code = Search code
field-join-name = First and last name
field-join-callsign = Callsign (if you have one)
field-join-phone = Phone (leave empty if none)
field-join-adult = I am 18 or older
field-join-data = Only the headquarters of this search sees your name, phone, reports and position. They are deleted after the search by its rules.
field-join-submit = Join
field-join-busy = Joining…
field-join-again-title = Join the search again
field-join-again-note = Headquarters no longer knows this phone. Ask the registrar for the code. Unsent reports are kept and will go once you have joined.

## What this phone lacks

field-missing-title = What does not work here
field-missing-https = The address has no secure connection: the phone cannot tell its position. You can type it.
field-missing-offline = The page will not open without a network. Do not close it before you are back.
field-missing-position = The phone does not tell its position. You can type it.
field-missing-store = The browser keeps no data (private window?). Reports are lost if the page is closed before headquarters has filed them.

## The way and headquarters

field-trip-title = Call-out
field-trip-note = Say whether you are coming. At headquarters press “I have arrived”.
field-arrived-title = Go to the registrar
field-arrived-note = Show this card. Once the registrar has checked you in, the next step appears here.
field-card = Personal card
field-card-code = Personal code
field-cannot-text = Cannot come
field-muster = Muster
field-radio = Radio channel
field-briefing = Briefing
field-briefing-none = No briefing yet. It appears here once headquarters releases it.
field-phones = Headquarters' phones
field-waiting-title = Wait for a task
field-waiting-note = You are checked in. The task will appear here; stay near headquarters.
field-resting-note = Headquarters knows that you are resting. When you are ready, press “Ready for a task”.
field-back-title = You are back
field-back-note = Go to headquarters: say what was not searched and hand in the track.
field-left-title = On the way home
field-left-note = When you get there, press “I am home”. Until then headquarters counts you as on the way.
field-home-title = You are marked as home
field-home-note = For headquarters you are safe. Thank you! If you come again, press “I am coming”.
field-closed-title = The search has ended
field-closed-note = When you get home, press “I am home”: headquarters waits for everyone's word.

## Task

field-task-title = { $callsign }: { $sector }
field-team = Team
field-roster = Members
field-leader-you = you lead the team
field-member-you = The team leader reports the steps of the task
field-recalled = The task is recalled: return to headquarters.
field-contact = Contact
field-contact-due = Time to report: last word { $minutes } min ago. Press “All well”.
field-method = Method
field-task-text = What to do
field-sector = Sector { $sector }
field-outline = Outline of sector { $label }
field-north = N
field-m = { $value } m
field-km = { $value } km
field-centre = Centre
field-corners = Corners
field-frame = Corners of the frame (from north-west, clockwise)
field-shape-missing = The outline is not loaded: it appears with a network.
field-away = Centre { $distance } to the { $direction }
field-to-n = north
field-to-ne = north-east
field-to-e = east
field-to-se = south-east
field-to-s = south
field-to-sw = south-west
field-to-w = west
field-to-nw = north-west

## Own position

field-position = My position
field-position-off = Position is not sent: it has to be allowed.
field-position-asking = Looking for the position…
field-position-on = Looking for the position…
field-position-denied = The browser may not use the position. Allow it in its settings, or type it.
field-position-unavailable = The phone found no position. Type it, or report without it.
field-position-no_https = At this address the browser gives no position. Type it, or report without it.
field-position-allow = Send my position
field-position-type = Type coordinates
field-position-type-label = Latitude, longitude
field-position-wrong = These do not look like coordinates. Example: 56.12345, 37.67890

## Reports

field-hold-hint = Hold for three seconds or press twice
field-hold-again = Press again
field-reports-open = My reports and connection
field-reports-title = My reports
field-reports-none = No reports yet.
field-report-in-memory = In this page's memory only: do not close it
field-not-durable = The browser keeps no data. Do not close the page before headquarters has filed the reports.
field-claim-lost = Filed, but the sector already belongs to another team
field-tray-count = Not filed by headquarters: { $count }
field-tray-item = Headquarters could not file it
field-tray-explained = Headquarters could not file these reports. They are not lost: try again, say it by voice, or save the file and hand it in.
field-tray-reason = Reason: { $reason }
field-tray-retry = Send again
field-export = Save a file
field-export-explained = Everything not yet filed can be handed in as a file.
field-offline-never = No network
field-no-copy = No network, and this phone has no data of this search yet. They appear with the first connection.

## Person found, clue

field-found-question = How is the person?
field-found-only-hq = The report goes to headquarters only, with your position.
field-found-wait = Wait for instructions
field-found-silence = Stay with the person. Say no name and no condition on the radio, and write to nobody.
field-found-call = Until it is filed, call:
field-clue-text = What it is and where it lies
field-clue-hint = Do not touch it. Your position goes with the report.
field-clue-send = Tell headquarters
field-clue-wait = Do not touch it; wait for instructions

## STOP

field-hold_verify-note = No new teams leave. Stop where you are and wait for word.
field-hold_evacuate-note = Return to headquarters unless you were told otherwise.
field-suspended-note = The search is suspended. Wait for word from headquarters.
field-stop-seen = Understood

## SOS

field-sos-sending = Sending SOS…
field-sos-countdown = Waiting for headquarters: { $seconds } s
field-sos-goes-on = The phone goes on trying. Call or send the message yourself.
field-sos-filed = Headquarters has your SOS
field-sos-filed-note = Stay where you are and save the battery. Who is dealing with it appears here.
field-sos-taken = Dealing with it: { $name } { $time }
field-sos-no-place = Position unknown: say it by voice
field-sos-no-phones = No headquarters' phones are on this phone.
field-sos-112 = Emergency service
field-sos-sms = Send SMS: { $title }
field-sos-message = Text of the message; it can also be read out:
field-sos-put-away = Understood, back to the task
field-sms-heading = SOS! We need help
field-sms-heading-exercise = EXERCISE. SOS! We need help
field-sms-no-position = position unknown

## Settings

field-coordinates = Coordinates
field-coordinates-dd = 56.12345
field-coordinates-dmm = 56° 07.407′
field-coordinates-dms = 56° 07′ 24.4″
field-leave = Leave the search
field-leave-explained = The task and the phones of headquarters will be erased from this phone. Unsent reports stay and go out with a network. Report “I am home” first.
field-leave-confirm = Leave and erase
