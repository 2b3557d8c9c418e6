"""Pure geospatial core: values in, values out; no files, SQL, clock or settings.

Public and stored geometry is lon/lat, EPSG:4326, split at 180 degrees (RFC 7946); metric work
happens in the operation's :class:`geo.crs.LocalFrame`.
"""
