"""`search-ops serve all`: database, servers and worker of one installation under one small parent process.

The parent lives for days on a laptop in a car, so that it loads neither web framework nor database driver;
what needs them (`prepare`) runs in a short-lived child whose memory is given back.
"""
