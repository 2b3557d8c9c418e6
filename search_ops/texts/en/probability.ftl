# Where to look first: scenarios, clues, the map of probability, what the next hour is worth.

tool-probability = Where to look
action-probability = Probability: where to look
layer-probability = Map of probability
probability-title = Probability
probability-view-scenarios = Scenarios
probability-view-sectors = Sectors
probability-view-history = History
probability-view-what-if = What if
job-kind-probability = Map of probability
probability-no-map = No map yet: draw the area and add at least one scenario.
probability-whereabouts = In the area { $in_area }, outside the area { $outside }.
probability-found = What has been searched would have found by now with a probability of { $found }.
probability-share = { $percent }%
probability-share-little = <0.1%
probability-density = { $percent }% per km²
probability-gain = { $percent }% an hour

## The map

heat-legend = Probability, % per km²
heat-from = from
heat-darker = Darker is more probable. No colour: still less.
heat-lighter = Lighter is more probable. No colour: still less.

## Scenarios

scenarios-title = Scenarios
scenarios-none = No scenario yet. A scenario is one explanation of what happened and where the person may have started.
scenario-add = Add a scenario
scenario-new = New scenario
scenario-change = Change the scenario
scenario-change-short = Change
scenario-drop = Drop
scenario-drop-why = Why the scenario is dropped
scenario-weight = Weight of the scenario “{ $name }”
scenario-name = Scenario
scenario-name-example = Went to the stream for mushrooms
scenario-here = The person may be here
scenario-elsewhere = The person is not here: has left, outside the area
scenario-start = Where the person started
scenario-uncertainty = Place known to, m
scenario-heading = Direction, °, if known
scenario-category = Who is missing
scenario-category-choose = Choose
scenario-terrain = Terrain
terrain-temperate_flat = Temperate, flat
terrain-temperate_mountain = Temperate, mountains
terrain-dry_flat = Dry, flat
terrain-dry_mountain = Dry, mountains
terrain-urban = Town
scenario-distances = Half are found within { $median }, 95% within { $most }.
scenario-source = Source: { $source }.
scenario-n = cases: { $n }
reliability-good = Reliable figures
reliability-fair = Fairly reliable figures
reliability-weak = Unreliable figures
reliability-purchased = Figures of a purchased table
scenario-by-travel-time = Count by travel time: slopes, forest, water, roads
scenario-pulled = Count what people come to: roads, streams, buildings
lost-category-abduction = Abduction
lost-category-aircraft = Aircraft
lost-category-all_terrain_vehicle = All-terrain vehicle
lost-category-angler = Angler
lost-category-autistic = Autism
lost-category-boater = Boater
lost-category-camper = Camper
lost-category-caver = Caver
lost-category-child_1_3 = Child of 1–3
lost-category-child_4_6 = Child of 4–6
lost-category-child_7_9 = Child of 7–9
lost-category-child_10_12 = Child of 10–12
lost-category-climber = Climber
lost-category-dementia = Dementia
lost-category-despondent = Despondent, may harm themselves
lost-category-elderly = Elderly person
lost-category-gatherer = Gathering mushrooms or berries
lost-category-hiker = Hiker
lost-category-horse_rider = Horse rider
lost-category-hunter = Hunter
lost-category-intellectual_disability = Intellectual disability
lost-category-mental_illness = Mental illness
lost-category-motorcycle = Motorcyclist
lost-category-mountain_biker = Cyclist
lost-category-other = Other, not known
lost-category-runaway = Runaway, does not want to be found
lost-category-runner = Runner
lost-category-skier_alpine = Alpine skier
lost-category-skier_nordic = Cross-country skier
lost-category-snowboarder = Snowboarder
lost-category-snowmobiler = Snowmobiler
lost-category-snowshoer = On snowshoes
lost-category-substance_use = Alcohol, drugs
lost-category-swimmer = Swimmer
lost-category-vehicle = In a car
lost-category-worker = At work in forest or field
lost-category-youth_13_15 = Youth of 13–15

## State of the person

subject-state-title = State of the person
subject-answers = Will answer when called: { $percent }
subject-by-category = Taken from the category while nobody has said otherwise.
subject-moves = Still walking?
subject-moves-not = Not walking: what was searched does not age
subject-moves-little = Walking little: what was searched ages slowly
subject-moves-freely = Walking: what was searched ages within hours

## Clues

clues-title = Clues on the map
clues-none = No clue changes the map.
clue-weigh-add = Count a clue
clue-weigh-new = Count a clue
clue-weigh = Count it
clue-drop = Stop counting
clue-drop-why = Why it no longer counts
clue-reported = Clue or trace from the reports
clue-text = What is known
clue-place = Where
clue-by-point = Point
clue-by-outline = Outline
clue-point = Place
clue-spread = Spread, m
clue-spread-hint = At this distance the clue says noticeably less about the place.
clue-within = about { $within }
clue-outline-how = Click the corners of the outline on the map, of a phone's area for instance. Double click or Enter: done.
clue-outline-live = Corners: { $corners }, area { $area }
clue-weight = We believe it: { $percent }
clue-weight-hint = 0: the map stays as it is; 100%: almost sure.
clue-seen = When

## Sectors

table-column-probability = Probability
table-column-density = Density
table-column-next_hour = Next hour
probability-order = First
probability-unpartitioned = In the area, in no sector
probability-rest-of-world = Outside the area
probability-why = Why { $sector }
probability-of-sector = Here { $share }: answers { $responsive }, does not answer { $unresponsive }.
probability-found-there = Searched already, POD: { $figures }.
probability-why-pull = { $percent }% of the weight: { $what } within { $within }
probability-why-even = { $percent }% of the weight: distance and direction
probability-why-scenario = { $percent }%: scenario “{ $name }”
probability-why-distance = Only distance and direction from the starting point.
probability-pull-line = a path, cutline or other line
probability-pull-road = a road
probability-pull-drainage = a stream
probability-pull-water = a bank or shore
probability-pull-building = a building
probability-pull-field = a field or meadow
probability-changes = What has changed
probability-changes-more = And smaller ones: { $count }
probability-fell = Sector { $sector }: was { $before }, is { $after }. Cause: { $cause }.
probability-rose = Sector { $sector }: was { $before }, is more now: { $after }. Cause: { $cause }.
probability-cause-pod = POD: { $figures }
probability-cause-first = the first map
probability-cause-searched = searched
probability-cause-search_withdrawn = a search withdrawn
probability-cause-search_changed = a search weighed anew
probability-cause-search_aged = what was searched has aged
probability-cause-clue = clue
probability-cause-clue_dropped = clue dropped
probability-cause-clue_changed = clue changed
probability-cause-scenarios = scenarios changed
probability-cause-responsive_share = state of the person
probability-cause-others = other sectors have changed

## History

history-slider = Time of the map
history-earlier = Earlier
history-later = Later
history-now = Now
history-place = map { $place } of { $count }
history-cause = Why it was reckoned anew: { $causes }.
history-is-old = An earlier map is shown. “History”, “Now” brings the present one back.

## What if

what-if-how = Nothing is written: what the search would give with such teams.
what-if-teams = Teams now, and hours of each
what-if-count = Teams: { $kind }
what-if-hours = Hours: { $kind }
what-if-h = h
what-if-more = More teams
what-if-more-kind = Of which kind
what-if-first = These first: { $sectors }
what-if-first-none = Some sectors first? Click them on the map.
what-if-first-clear = Clear them
what-if-take-selected = { $sector } first
what-if-ask = Reckon
what-if-answer = What would come of it
what-if-pos = We find
what-if-level = One more hour
what-if-now = As it is
what-if-then = What if
what-if-pos-of-first = Of this in the sectors chosen: { $share }.
what-if-plan = Where to put the hours
what-if-plan-hours = Hours
what-if-nothing = There is nowhere to put hours.
what-if-every = Show all: { $count }
what-if-left-out = What gets no team
effort-left-below_level = an hour here gives less than in those chosen
effort-left-no_probability = hardly any probability
effort-left-cannot_be_searched = these teams cannot search here
effort-left-too_short = so little time here that it is not worth the walk

## Notices of the map

probability-notice-no_heights = No heights: travel time is reckoned without slopes.
probability-notice-heights_missing_in_part = Heights are missing in places: slopes do not count there.
probability-notice-no_ground = No map of the ground: reckoned in a straight line, without roads and water.
probability-notice-pace_unknown = Part of the ground is not known: the usual pace is taken there.
probability-notice-source_outside = The starting point lies beyond the map: travel time is not reckoned.
probability-notice-source_on_barrier = The starting point lies in water or on a cliff: reckoned from the nearest shore.
probability-notice-no_source = Nowhere to go from the starting point: reckoned in a straight line.
probability-notice-start_unreachable = There is no way from the starting point: reckoned in a straight line.
probability-notice-start_outside_area = The starting point lies outside the area.
probability-notice-start_outside_raster = The starting point lies far from the area, beyond the map.
probability-notice-reach_enclosed = There is little room on this side of water and cliffs: the rest is spread in a straight line.
probability-notice-band_even = Where there are neither roads nor streams, probability is spread evenly.
probability-notice-shares_above_one = Roads, water and buildings together draw more than is possible: reduced.
probability-notice-category_without_data = This category has no distances of its own: the nearest in meaning are used.
probability-notice-other_terrain = Distances from other terrain: there are none for this one.
probability-notice-small_sample = Few cases, the distances are not reliable.
probability-notice-sample_unknown = The source does not say how many cases there were.
probability-notice-weights_all_zero = All weights are zero: the scenarios count alike.
probability-notice-clues_contradict = Clues contradict each other: check their weights.
probability-notice-clue_where_nobody_is = A clue points where no scenario has anybody. It is left out: is a scenario missing?
probability-notice-nothing_left = By this reckoning there is nowhere left to search: the map before the searches is shown. Check the scenarios.
probability-notice-no_scenarios = No scenarios: the probability lies evenly over the area.
probability-notice-no_area = No area is drawn: there is no map of probability without it.
probability-notice-no_partition = The area is not cut into sectors: there is a map, but no table.
