## The sheet "Who is where" that is written by itself

action-board-schedule = Sheet "Who is where" on a schedule…
board-schedule-title = Sheet "Who is where" on a schedule
board-schedule-explained = All teams, tasks, due times and phones. The sheet is written by itself into the data folder of this server, and printed if the installation names a printer: the laptop may die, the paper stays.
board-schedule-every = How often
board-schedule-never = Do not write
board-schedule-minutes = Every { $minutes } min
board-schedule-last = Last sheet:
board-schedule-file = file { $name }
board-schedule-none = There was no sheet yet: the first is written as soon as a time is chosen.
board-schedule-save = Save
board-schedule-sign = Sheet "Who is where":
board-schedule-not-yet = not written yet
board-schedule-late = the sheet is not being written: check the server and print one now
board-schedule-paper-none = no printer is set
board-schedule-paper-asked = sent to the printer
board-schedule-paper-done = printed
board-schedule-paper-printer_absent = not printed: there is no such print program
board-schedule-paper-printer_refused = not printed: the printer refused
board-schedule-paper-printer_silent = not printed: the printer did not answer
event-board_schedule_set-on = The sheet "Who is where" is written every { $quantity } min
event-board_schedule_set-off = The sheet "Who is where" is no longer written by itself
event-board_printed-done = The sheet "Who is where" is printed
event-board_printed-printer_absent = The sheet "Who is where" is not printed: there is no such print program
event-board_printed-printer_refused = The sheet "Who is where" is not printed: the printer refused
event-board_printed-printer_silent = The sheet "Who is where" is not printed: the printer did not answer
