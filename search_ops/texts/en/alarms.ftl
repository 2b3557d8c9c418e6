## List of alarms: the most dangerous first

alarms-list = Alarms by danger
alarms-more = Show more: { $count }
alarms-fewer = Show the first
alarms-silent-device = Neither contact nor phone: { $callsign }, { $minutes } min
alarms-low-battery = Battery { $percent } %: { $who }, { $callsign }
alarms-call-soon = To be called now: { $callsign }
alarms-call-soon-left = { $minutes } min left until contact is due
alarms-silent-phone = Phone silent for { $minutes } min: { $callsign }
alarms-silent-phone-heard = the team was heard, this is no alarm
alarms-heard = heard
alarms-step-leader = the team leader is to answer
alarms-step-radio = the radio operator is to call
alarms-step-coordinator = the coordinator is to decide
alarms-taken = taken by { $name }
alarms-no-phone = no phone number
alarms-clocks = Other times…
alarms-clocks-of = Other times: { $callsign }
alarms-due = Due back
alarms-every = Contact every, min
alarms-agree = Agreed

## STOP: whom to read out by radio

alarms-stop-read-out = Read out by radio: STOP not confirmed
alarms-stop-confirmed = Confirmed

## Feed

event-clock_alarm_raised-overdue = Overdue: { $team }
event-clock_alarm_raised-no_contact = No contact: { $team }
event-clock_alarm_raised-silent_device = Neither contact nor phone: { $team }
event-clock_alarm_raised-low_battery = Battery is running out: { $who }
event-clock_alarm_stepped = { $team }: an alarm still stands, the next one is called
event-clock_alarm_taken = { $team }: { $name } has taken an alarm
event-clock_alarm_over-heard = { $team }: the team was heard, the alarm is over
event-clock_alarm_over-back = { $team }: the team is back, the alarm is over
event-clock_alarm_over-agreed = { $team }: other times were agreed, the alarm is over
event-clock_alarm_over-charged = { $team }: the phone was charged, the alarm is over
event-clock_alarm_over-closed = { $team }: the search is closed, the alarm is over
event-task_clocks_set = { $team }: other times of return or contact
