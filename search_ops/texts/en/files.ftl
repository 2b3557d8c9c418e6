# Files of tracks, points and layers: why they are refused and what was repaired in them.

error-file-refused =
    The file “{ $file_name }” was not taken: { $reason ->
        [empty] it is empty.
        [format_unknown] its format is not known.
        [not_this_format] it holds something else than its name says.
        [truncated] it breaks off.
        [declares_entities] it declares a DTD; such files are not read.
        [too_deep] it is nested too deeply.
        [too_many_elements] it holds too many objects.
        [too_many_points] it holds too many points.
        [text_too_long] it holds too long a text.
        [encoding_unknown] its encoding is not known.
        [datum_unknown] its coordinate system is not known.
        [no_data] it holds neither points nor tracks.
        [no_polygons] it holds no polygons.
        [member_missing] the archive lacks a file.
        [bomb] the archive unpacks to too large a file.
        [too_large] it is too large.
        [too_slow] reading it takes too long.
        [too_much_memory] reading it needs too much memory.
       *[other] it is damaged.
    }

file-place =
    { $kind ->
        [line] Line { NUMBER($number, useGrouping: 0) }.
        [record] Record { NUMBER($number, useGrouping: 0) }.
        [entry] File no. { NUMBER($number, useGrouping: 0) } in the archive.
       *[item] Object no. { NUMBER($number, useGrouping: 0) }.
    }

file-note-point-off-globe =
    { $count ->
        [one] { $count } point left out: its coordinates cannot be.
       *[other] { $count } points left out: such coordinates cannot be.
    }
file-note-point-incomplete = Points without coordinates left out: { $count }.
file-note-time-unreadable = Points whose time could not be read: { $count }.
file-note-time-without-zone = Times without a zone taken as UTC: { $count }.
file-note-elevation-unreadable = Points whose height could not be read: { $count }.
file-note-encoding-guessed = Encoding found from the content: { $detail }.
file-note-datum-shifted = Coordinates converted to WGS 84: { $detail }.
file-note-datum-assumed = No coordinate system given; WGS 84 assumed.
file-note-routes-left-out = Routes are not tracks and were left out: { $count }.
file-note-link-ignored = Links to other files were not opened: { $count }.
file-note-geometry-repaired = Crossing outlines repaired: { $count }.
file-note-geometry-left-out = Objects without a polygon or line left out: { $count }.
file-note-part-left-out = Holes of fewer than three points left out: { $count }.
file-note-name-unreadable = Some letters in names could not be read.
file-note-entry-left-out = Files in the archive left out: { $count }.
