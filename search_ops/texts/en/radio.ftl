## Radio log

action-radio = Radio log
radio-title = Radio log
radio-log = Entries of the radio log
radio-no-right = The radio log is kept by the radio operator, the registrar, the coordinator or the on-site lead.
radio-from = From
radio-from-hint = number, callsign or name, then Enter
radio-from-unknown = will be written as typed
radio-category = Kind
radio-category-welfare = All well
radio-category-task = Task
radio-category-position = Place
radio-category-clue = Clue
radio-category-medical = Medical
radio-category-logistics = Supplies
radio-category-subject_located = Person found
radio-text = Words
radio-text-hint = Coordinates in the words become a pin on the map. No names, diagnoses or addresses: everybody hears the radio.
radio-relay = Passed on by
radio-channel = Channel
radio-paper = Copying from paper
radio-time = Time
radio-file = Write
radio-filed = Written
radio-unsent = Not at the server yet: { $count }. The entries are safe and will go by themselves.
radio-refused = Not accepted:
radio-unsent-unsigned = Not with the server yet: { $count }. The entries are safe, but the server does not take them from you now: sign in again, or ask for the radio operator's right.
radio-unsent-others = Entries wait on this computer: { $names }. They go when that person signs in again.
radio-again = Send again
radio-drop = Take off the list
radio-find = Find in the log
radio-all-categories = All kinds
radio-count =
    { $count ->
        [one] { $count } entry
       *[other] { $count } entries
    }
radio-empty = No entries yet. Type the team's number, the digit of the kind, and the words.
radio-at = Time
radio-written = written
radio-from-paper = from paper, written
radio-relayed = by way of: { $by }
radio-on-channel = channel { $channel }
radio-correct = Correct
radio-corrected = corrected
radio-append = Add the correction

event-radio_logged = { $caller }: { $text }
event-radio_corrected = Corrected in the radio log: { $text }
