"""How far a command has come, on a terminal."""

import pytest

from worker.progress import EVERY_MESSAGES, show_progress


def test_a_terminal_shows_what_is_done_and_of_how_much(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The count and the total, to the last message; standard output stays for what the command prints."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    with show_progress("reading [red]pages[/red]", 250) as move:
        for count in range(1, 251):
            move(count)
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "250/250" in printed.err
    assert "reading [red]pages[/red]" in printed.err


def test_without_a_total_the_count_is_shown(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file does not say how many messages it holds."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    with show_progress("processed") as move:
        move(EVERY_MESSAGES + 1)
    assert f"{EVERY_MESSAGES + 1}/?" in capsys.readouterr().err


def test_what_is_no_terminal_is_not_written_to(capsys: pytest.CaptureFixture[str]) -> None:
    """A log would be full of it."""
    with show_progress("reading", 250) as move:
        move(250)
    assert capsys.readouterr() == ("", "")
