job-kind-tracks = Загружаем треки
job-kind-evidence = Считаем отработанное
job-step-reading_tracks = читаем треки
job-step-weighing = сверяем с секторами
