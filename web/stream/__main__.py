"""``python -m web.stream``: the stream process without the command line's libraries in its memory."""

from web.stream.server import run

if __name__ == "__main__":
    run()
