# A movement under way, seats that are taken, plans for some.
transport-under-way = Worked out from where the people are now: what is behind them, and the leg they are on, stays.
transport-leg-done = ✓ behind them
transport-leg-on = ● on this leg now, since
transport-carries-some = Carries { $people } of { $all } people
transport-stays-behind = Staying behind: { $people } people, { $kg } kg
transport-stays-whole = Everybody goes
transport-column-carries = Carries
transport-left-behind = Not everybody goes by this plan.
transport-why-all-on-last-leg = everybody is on the last leg: there is nothing to plan. Report where they come out, or call the movement off
transport-why-under-way-with-agency = they are under way with an agency, and only it knows where. Ask the agency, call this movement off and make a new one from there
transport-apart = They cannot go together ({ $why }): the plan divides them.
transport-room-left = free seats { $seats }, cargo { $kg }
transport-request-failed = No agency carries it: declined, or the request is withdrawn. You may ask again.
transport-request-left = The movement is called off, but the request to the agency still stands: only the organisation that asked can withdraw it.
transport-agency = The agency
transport-offer = { $agency } is ready to carry it. Arrival: { $arrival }
transport-offer-take = Let the agency carry it
