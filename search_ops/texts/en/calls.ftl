## Calls of a sound search

calls-title = Calls of the sound search
calls-how = Record the calls as they sounded. For a subject who answers, only ground counts where a call was heard and silence followed. While none is recorded, the plan of calls counts.
calls-no-tasks = No team has left yet: nobody could listen.
calls-listened = Who listened
calls-other-method = another method
calls-first = First call
calls-signal = Signal
calls-count = Number of calls
calls-every = Every, min
calls-caller = Who called
calls-caller-listeners = each team for itself
calls-caller-team = one team
calls-caller-place = from a place (siren, vehicle)
calls-team = Team
calls-team-choose = Choose a team
calls-place = Place of the call
calls-place-hint = Coordinates of any form, or a point on the map
calls-record = Record the calls
calls-saved = Recorded, the searched ground is weighed again.
calls-to-proof = To the proof
calls-recorded = Recorded: { $count }
calls-row = { $count ->
    [one] { $count } call
   *[other] { $count } calls
}
calls-by = Called by: { $who }
calls-heard-by = Listened: { $teams }
calls-figures = { $counted } of { $recorded } count, heard as far as { $reach } m.
calls-spoiled = Silence broken: { $count }.
calls-unplaced = Place unknown (no track): { $count }.
calls-withdraw = Withdraw the record
calls-withdraw-reason = Why the record is wrong
calls-withdrawn = Withdrawn: { $reason }
proof-call = A team listened for an answer here

event-sound_calls_recorded = Calls of the sound search recorded
event-sound_calls_withdrawn = Calls of the sound search withdrawn. { $reason }
