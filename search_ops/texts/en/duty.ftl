### The duty desk of police, emergency service, squad. Shared words are in words.ftl.

duty-title = Duty desk
duty-sign-in-note = Requests for people and means, missing-person cases
duty-sections = Sections
duty-requests = Requests
duty-cases = Cases
duty-no-organisation = This account has no organisation. Ask whoever set it up.
duty-organisation-unknown = Another organisation
duty-optional = optional
duty-print = Print

## The officer of the shift

duty-officer = Duty officer: { $name }
duty-officer-none = No duty officer named
duty-officer-title = Who is on duty
duty-officer-note = The search headquarters sees this name, post and phone in every receipt. Given once per shift.
duty-officer-opening = A request counts as received once it is known who opened it. Give your name once per shift.
duty-officer-name = Full name
duty-officer-post = Post
duty-officer-post-hint = senior duty officer
duty-officer-phone = Phone
duty-officer-open = Give name and open the request

## Queue

duty-queue-empty = No requests yet. A new one appears here by itself.
duty-choose = Choose a request: arrow keys, Enter.
duty-from = From: { $name }
duty-ours = Our request
duty-from-to = { $from } → { $to }
duty-answer-open = Waits for an answer: { $count } { $count ->
        [one] item
       *[other] items
    }
duty-told-waits = As told: waits for confirmation

## Request

duty-search-number = Search
duty-sent-at = Sent
duty-needed-at = Needed by
duty-at-once = at once
duty-place = Where to report
duty-basis = Basis
duty-basis-hint = Police register number, agreement or order
duty-note = Note
duty-contact = Contact on the spot, phone
duty-seen = Received
duty-seen-by-phone = told by phone
duty-receipt-missing = The receipt is not recorded: headquarters sees “Not seen by the duty officer”.
duty-receipt-record = Give name and record the receipt
duty-asked = Needed: { $quantity }
duty-promised = promised: { $quantity }
duty-answer-of = { $quantity } of { $asked }
duty-answer-arrival = arrival { $time }
duty-arrival-at = arrival
duty-answer-leader = leader { $name }
duty-no-answer = No answer yet.
duty-accept = Accept
duty-decline = Decline
duty-quantity = How many ({ $unit })
duty-unit-default = pcs
duty-arrival = Arrival
duty-leader = Leader
duty-leader-phone = Leader's phone
duty-reason = Reason for declining
duty-told = As told by phone
duty-told-quantity = { $what }: { $quantity }
duty-told-something = Promised
duty-told-confirm = Confirm: this is so
duty-print-answer = Answer: ______________________   arrival: ______________   signature: ______________
duty-printed = Printed { $time }. { $officer }

## Asking

duty-ask = Ask for people and means
duty-ask-for = Ask for search { $number }
duty-ask-whom = From whom
duty-ask-items = What is needed
duty-what = What
duty-what-hint = for example a drone crew
duty-how-many = How many
duty-unit = Unit
duty-item-add = Another item
duty-item-remove = Remove the item
duty-coordinates = Coordinates
duty-coordinates-wrong = These do not look like coordinates. Example: 56.12345, 37.67890
duty-ask-send = Send the request
duty-ask-choose = Choose whom you ask.
duty-standing = State

## Cases

duty-case-title = Case { $number }
duty-case-number = Number
duty-case-who = Who is missing
duty-case-where = Where last seen
duty-case-when = When last seen
duty-case-opened = Opened
duty-case-searches = Searches
duty-case-open = Open a case
duty-case-applicant-phone = Applicant's phone
duty-case-region = Region
duty-cases-none = No cases in the region.
duty-exercise-note = the mark stays on every screen and paper
duty-confirm-case = Confirm the case
duty-confirm-officer = Officer
duty-kusp = Police register number (КУСП)
duty-no-search-yet = No search of this case is open yet: people and means can be asked for once it is.
