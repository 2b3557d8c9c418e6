## A region's grid

region-grid-open = Region's grid
region-grid-title = The grid this region is used to
region-grid-how = Every search of the region begins with it when its area is cut. What is cut already stays.
region-grid-region = Region
region-grid-none = Not set so far.
region-grid-stands = This is what is set now.
region-grid-origin-hint = Empty: every search begins at its own area
region-grid-keep = Save
region-grid-lift = Lift
region-grid-reload = Show what is set
region-grid-kept = Saved: this is how { $region } cuts its grids.
region-grid-lifted = Lifted: { $region } has no grid of its own.
