"""How far a replay got."""

from pathlib import Path

import pytest

from worker.errors import Fatal
from worker.reader import Stretch
from worker.resume import LeftOut, Plan, Position, load

PLAN = Plan(("pages.jsonl",), "news.raw.v1")


def reopened(path: Path, plan: Plan = PLAN) -> Position:
    """Return the position as the next run finds it."""
    return load(path, plan, "another")


def test_only_what_is_acknowledged_without_a_gap_is_done(tmp_path: Path) -> None:
    """A later acknowledgement does not hide that an earlier one is missing."""
    position = load(tmp_path / "state", PLAN, "one")
    acknowledge = [position.begin("0:pages.jsonl", number) for number in (0, 1, 4)]
    acknowledge[2]()
    position.save()
    assert not reopened(tmp_path / "state").is_done("0:pages.jsonl", 0)
    acknowledge[0]()
    position.save()
    assert [reopened(tmp_path / "state").is_done("0:pages.jsonl", number) for number in (0, 1)] == [True, False]
    acknowledge[1]()
    position.save()
    assert [reopened(tmp_path / "state").is_done("0:pages.jsonl", number) for number in (4, 5)] == [True, False]
    assert not reopened(tmp_path / "state").is_done("1:pages.jsonl", 0)
    assert [path.name for path in tmp_path.iterdir()] == ["state"]


def test_the_replay_keeps_its_id(tmp_path: Path) -> None:
    """The id given later is for replays that begin."""
    load(tmp_path / "state", PLAN, "one").save()
    assert reopened(tmp_path / "state").replay_id == "one"


def test_a_range_keeps_its_end(tmp_path: Path) -> None:
    """It goes on at the next offset and stops where it was to stop at first."""
    position = load(tmp_path / "state", PLAN, "one")
    assert position.stretches is None
    position.fix([Stretch(0, 5, 10), Stretch(1, 0, 4)])
    position.begin("0", 7)()
    position.save()
    again = reopened(tmp_path / "state")
    again.fix([Stretch(0, 5, 99)])
    assert again.stretches == (Stretch(0, 8, 10), Stretch(1, 0, 4))


def test_what_cannot_be_played_is_remembered_from_run_to_run(tmp_path: Path) -> None:
    """In its turn, once: a run that was killed and resumed does not end as if all had been sent."""
    position = load(tmp_path / "state", PLAN, "one")
    acknowledge = position.begin("0:pages.jsonl", 0)
    position.leave_out("0:pages.jsonl", 1, "too_large at pages.jsonl, message 1")
    position.save()
    assert reopened(tmp_path / "state").left_out == LeftOut()
    acknowledge()
    position.save()
    again = reopened(tmp_path / "state")
    assert again.is_done("0:pages.jsonl", 1)
    again.leave_out("0:pages.jsonl", 2, "damaged_recording at t, message 2")
    assert again.left_out == LeftOut(2, "too_large at pages.jsonl, message 1")


def test_a_link_in_the_place_of_the_new_state_is_not_followed(tmp_path: Path) -> None:
    """Others may write into the folder: what it leads to stays as it is."""
    (tmp_path / "precious").write_bytes(b"precious")
    (tmp_path / "state.new").symlink_to("precious")
    load(tmp_path / "state", PLAN, "one").save()
    assert (tmp_path / "precious").read_bytes() == b"precious"
    assert reopened(tmp_path / "state").replay_id == "one"
    assert not (tmp_path / "state").is_symlink()


def test_a_state_of_another_replay_is_refused(tmp_path: Path) -> None:
    """Other inputs, or another topic, would leave messages out."""
    load(tmp_path / "state", PLAN, "one").save()
    for other in (Plan(("more.jsonl",), PLAN.topic), Plan(PLAN.inputs, "test")):
        with pytest.raises(Fatal, match="belongs to a replay of other inputs") as caught:
            reopened(tmp_path / "state", other)
        assert caught.value.reason == "bad_input"


def test_a_file_that_is_no_state_is_refused(tmp_path: Path) -> None:
    """A wrong name must not be overwritten."""
    (tmp_path / "state").write_bytes(b'{"content":"a page"}')
    with pytest.raises(Fatal, match="not the state of a replay"):
        reopened(tmp_path / "state")


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    """Before anything is lost the error tells where it could not write."""
    with pytest.raises(Fatal, match="cannot be written") as caught:
        load(tmp_path / "no" / "state", PLAN, "one").save()
    assert caught.value.reason == "bad_output"
