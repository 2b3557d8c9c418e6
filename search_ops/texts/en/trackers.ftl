## Trackers: devices that send where a person is

trackers-title = Trackers
trackers-heard = heard
trackers-silent = not heard yet
trackers-battery = battery { $percent } %
trackers-dropped = points dropped outside participation: { $count }
trackers-malformed = messages not understood: { $count }
trackers-end = Unbind { $name }
trackers-once = { $name }: type this into the app now, the key is not shown again
trackers-setting-traccar-url = Traccar Client: server address
trackers-setting-traccar-id = Traccar Client: device identifier
trackers-setting-osmand = OsmAnd: address of online tracking
trackers-setting-owntracks-url = OwnTracks: HTTP mode, address
trackers-setting-owntracks-password = OwnTracks: password (any user name)
trackers-written-down = Written down
trackers-name = Name of the tracker or phone
trackers-name-example = Tracker 7
trackers-bind = Bind a tracker
event-tracker_bound = Tracker { $name } is bound
event-tracker_unbound = A tracker is unbound
