"""What one decision sees of the tables."""

from worker.dedup.memory import Memory

KEPT = {("index", b"kept"): b"1", ("index", b"gone"): b"2"}


def test_what_is_written_is_read_and_what_was_there_before_can_still_be_asked() -> None:
    """Written, deleted and untouched entries as they are and as they were, each read once."""
    asked: list[bytes] = []

    def read(table: str, key: bytes) -> bytes | None:
        asked.append(key)
        return KEPT.get((table, key))

    memory = Memory(read)
    memory.put("index", b"kept", b"3")
    memory.put("index", b"gone", None)
    memory.put("index", b"new", b"4")
    before = memory.unwritten()
    keys = b"kept", b"gone", b"new", b"never"
    assert [memory.get("index", key) for key in keys] == [b"3", None, b"4", None]
    assert [before.get("index", key) for key in keys] == [b"1", b"2", None, None]
    assert sorted(asked) == sorted(keys)
