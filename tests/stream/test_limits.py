"""Counting what clients send and hold."""

from __future__ import annotations

from web.stream.limits import Bucket, Limits, Seats


def test_a_bucket_gives_its_rate_and_no_more() -> None:
    """Ten at once, then none, then one more for each tenth of a second."""
    bucket = Bucket(per_s=10, filled_at_s=0.0)
    assert [bucket.take(0.0) for _ in range(10)] == [True] * 10
    assert bucket.take(0.2)
    assert bucket.take(5.0)
    assert [bucket.take(5.0) for _ in range(10)][-1] is False


def test_seats_are_counted_by_address_but_not_behind_a_proxy() -> None:
    """One address may hold its number; loopback stands for everybody behind a proxy and may hold more."""
    seats = Seats(Limits(sockets_per_address=2, sockets=5))
    assert [seats.enter("10.0.0.1") for _ in range(3)] == [True, True, False]
    assert [seats.enter("127.0.0.1") for _ in range(4)] == [True, True, True, False]
    seats.leave("10.0.0.1")
    assert seats.enter("10.0.0.1")
    assert seats.total == 5
