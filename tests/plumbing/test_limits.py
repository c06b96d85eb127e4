import threading

from app.plumbing.limits import SweptMemory


def test_counting_starts_no_thread_for_each_request():
    storage = SweptMemory("swept-memory://")
    before = threading.active_count()
    sweep = storage.timer

    taken = [storage.acquire_entry("a phone", limit=30, expiry=60) for _ in range(31)]

    assert taken == [True] * 30 + [False]
    assert storage.timer is sweep
    assert threading.active_count() == before
    sweep.cancel()
