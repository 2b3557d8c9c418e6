# People and means: what they can do, what is issued, who rides with whom.

event-resource_issued = { $who }: issued – { $thing }
event-resource_returned = Taken back: { $thing }

## What people can do

competence-leader = Certified team leader
competence-medic = Medic
competence-dog_handler = Dog handler
competence-drone_pilot = Drone pilot
competence-offroad_driver = Off-road driver
competence-snowmobile_driver = Snowmobile driver
competence-boat_driver = Boat driver
competence-diver = Diver
competence-tracker = Tracker
competence-radio_operator = Radio operator
competence-cartographer = Cartographer
competence-registrar = Registrar
competence-rope_rescuer = Rope rescue
competence-helicopter_receiver = Receives helicopters
limit-night = Not at night
limit-water = Not on water
limit-long_walk = No long walks
limit-heights = Not at heights
limit-carrying = Carries nothing heavy

## Means

resource-label = { $what } { $number }
resource-radio = Radio
resource-navigator = Navigator
resource-torch = Torch
resource-megaphone = Megaphone
resource-siren = Siren
resource-stretcher = Stretcher
resource-first_aid = First-aid kit
resource-power_bank = Power bank
resource-generator = Generator
resource-tent = Tent
resource-drone = Drone
resource-dog = Dog
resource-vehicle = Vehicle
resource-other = Other
ground-class-car = Car
ground-class-4x4 = 4×4
ground-class-swamp_vehicle = Swamp vehicle
ground-class-snowmobile = Snowmobile
ground-class-boat = Boat
ground-class-quad = Quad bike
