## STOP of other searches: a band on every page

stops-elsewhere = STOP in searches
stops-operation = Search { $number }
stops-unknown = The server does not answer: whether another search is on STOP is not known. Check the connection, ask by radio or phone.
