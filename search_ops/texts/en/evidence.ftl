job-kind-tracks = Importing tracks
job-kind-evidence = Weighing what was searched
job-step-reading_tracks = reading tracks
job-step-weighing = comparing with sectors
