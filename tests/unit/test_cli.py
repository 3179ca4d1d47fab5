"""The command line: help, exit codes, and errors that say what was wrong, where, and what to do."""

import json
from importlib.metadata import version
from pathlib import Path

import jsonschema
import pytest
from command import newsworker

COMMANDS = (
    *("run", "process", "dedupe", "record", "replay", "inspect", "diff", "dlq", "retract"),
    *("topics", "broker", "demo", "config", "schema", "probe"),
)


def test_help_lists_every_command() -> None:
    """`newsworker --help` names all commands and exits 0."""
    answer = newsworker("--help")
    assert answer.returncode == 0
    assert all(f"\n  {command}" in answer.stdout for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_its_own_help(command: str) -> None:
    """`newsworker COMMAND --help` explains the command and exits 0."""
    answer = newsworker(command, "--help")
    assert answer.returncode == 0
    assert "Usage: newsworker" in answer.stdout


def test_the_version_is_the_distributions() -> None:
    """`newsworker --version` prints the installed version."""
    assert newsworker("--version").stdout == f"newsworker {version('newsworker')}\n"


def test_a_wrong_setting_is_one_line_that_names_the_variable() -> None:
    """A value of the wrong type exits 2 and names NEWSWORKER_WEB_PORT."""
    answer = newsworker("run", NEWSWORKER_WEB_PORT="http")
    assert answer.returncode == 2
    assert answer.stderr.count("\n") == 1
    assert "NEWSWORKER_WEB_PORT" in answer.stderr


def test_a_misspelt_variable_is_refused() -> None:
    """An unknown NEWSWORKER_ variable exits 2: a typo is no silent default."""
    answer = newsworker("config", NEWSWORKER_BROKERS="127.0.0.1:9092")
    assert answer.returncode == 2
    assert "NEWSWORKER_BROKERS" in answer.stderr


def test_a_settings_file_is_read_and_the_environment_wins(tmp_path: Path) -> None:
    """--config gives values; a variable of the same name overrules the file."""
    file = tmp_path / "newsworker.toml"
    file.write_text('group = "from-file"\ntopic_prefix = "from-file"\n')
    answer = newsworker("--config", str(file), "config", NEWSWORKER_TOPIC_PREFIX="from-env")
    assert "NEWSWORKER_GROUP=from-file\n" in answer.stdout
    assert "NEWSWORKER_TOPIC_PREFIX=from-env\n" in answer.stdout


@pytest.mark.parametrize("content", ["group = ", 'no_such_setting = "x"\n'])
def test_a_wrong_settings_file_is_refused(tmp_path: Path, content: str) -> None:
    """A file that is no TOML, or sets what there is not, exits 2 with one line."""
    file = tmp_path / "newsworker.toml"
    file.write_text(content)
    answer = newsworker("--config", str(file), "config")
    assert answer.returncode == 2
    assert answer.stderr.count("\n") == 1


def test_a_missing_settings_file_is_named() -> None:
    """--config of a file that is not there exits 2 and names it."""
    answer = newsworker("--config", "nowhere.toml", "config")
    assert answer.returncode == 2
    assert "nowhere.toml" in answer.stderr


def test_a_schema_is_printed_as_json_schema() -> None:
    """`newsworker schema story` prints a valid JSON Schema; without a name the names are listed."""
    jsonschema.Draft202012Validator.check_schema(json.loads(newsworker("schema", "story").stdout))
    assert "story" in newsworker("schema").stdout.split()


def test_an_unknown_schema_is_wrong_use() -> None:
    """A record that there is not exits 2 and lists those there are."""
    answer = newsworker("schema", "novel")
    assert answer.returncode == 2
    assert "deadletter" in answer.stderr


@pytest.mark.parametrize("command", ["schema", "demo", "process"])
def test_a_folder_that_is_a_file_is_one_line(command: str, tmp_path: Path) -> None:
    """Where nothing can be written, the command exits 1 and says where."""
    taken = tmp_path / "taken"
    taken.write_text("a file")
    page = tmp_path / "page.txt"
    page.write_text("A page")
    inputs = [str(page)] if command == "process" else []
    answer = newsworker(command, *inputs, "--out", str(taken))
    assert answer.returncode == 1
    assert answer.stderr == f"newsworker: bad_output: {taken}: cannot be written to: File exists\n"


def test_a_probe_without_a_worker_fails() -> None:
    """`newsworker probe ready` exits 1 and says that nobody answers."""
    answer = newsworker("probe", "ready", NEWSWORKER_WEB_PORT="1")
    assert answer.returncode == 1
    assert "no worker answers" in answer.stdout


def test_a_missing_input_is_named() -> None:
    """`newsworker replay` of a file that is not there exits 2 and names it."""
    answer = newsworker("replay", __file__.replace("test_cli.py", "nothing.jsonl"), "--broker", "127.0.0.1:1")
    assert answer.returncode == 2
    assert "nothing.jsonl" in answer.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("process", "\x1b[2J\u202e.jsonl", "--out", "out"),
        ("diff", "\x1b[2J\u202e", "\x9b1m"),
        ("inspect", "\x1b[2J\u202e.txt"),
        ("replay", "x.jsonl", "--speed", "\x1b[2J\u202e"),
        ("dlq", "show", "\x1b[2J\u202e"),
    ],
)
def test_an_error_commands_no_terminal(arguments: tuple[str, ...]) -> None:
    """Names of files and words of strangers in it are text."""
    answer = newsworker(*arguments)
    assert answer.returncode == 2
    assert not set(answer.stderr) & set("\x1b\x9b\u202e")
    assert "\\u202e" in answer.stderr or "\\x1b" in answer.stderr


def test_an_address_with_a_password_is_neither_echoed_nor_shown() -> None:
    """Where it is wrong the setting is named, where it is right it is masked, in the environment and as an option."""
    address = "https://scraper:hunter2@example.org"
    wrong = newsworker("config", NEWSWORKER_BROKER=address)
    option = newsworker("topics", "show", "--broker", address)
    assert (wrong.returncode, option.returncode) == (2, 2)
    assert "NEWSWORKER_BROKER" in wrong.stderr
    right = newsworker("config", NEWSWORKER_CE_SOURCE=address)
    assert "NEWSWORKER_CE_SOURCE=https://***@example.org\n" in right.stdout
    assert "hunter2" not in "".join(one.stdout + one.stderr for one in (wrong, option, right))


PAGE = """Ferry runs through winter

The ferry will run through the winter for the first time, the ministry said on Tuesday.
"""


def test_a_replay_is_verified_against_a_folder(tmp_path: Path) -> None:
    """Exit code 0 while what comes out is the same, 1 with the difference on standard output when it is not."""
    page = tmp_path / "page.txt"
    page.write_text(PAGE)
    assert newsworker("process", str(page), "--out", str(tmp_path / "expected")).returncode == 0
    same = newsworker("replay", str(page), "--verify", str(tmp_path / "expected"))
    assert same.returncode == 0, same.stderr
    page.write_text(PAGE.replace("Tuesday", "Monday"))
    changed = newsworker("replay", str(page), "--verify", str(tmp_path / "expected"), "--out", str(tmp_path / "new"))
    assert changed.returncode == 1
    assert "Monday" in changed.stdout
    assert newsworker("diff", str(tmp_path / "expected"), str(tmp_path / "new")).returncode == 1
    assert newsworker("diff", str(tmp_path / "new"), str(tmp_path / "new"), "--json", "-").stdout.endswith("true}\n")


def test_an_inspected_dead_letter_is_exit_code_1(tmp_path: Path) -> None:
    """It is shown on standard output, or in HTML; standard error says why in one line. A page is exit code 0."""
    page, shown = tmp_path / "page.txt", tmp_path / "page.shown"
    page.write_text(PAGE)
    good = newsworker("inspect", str(page), "--html", str(shown))
    assert (good.returncode, good.stdout, good.stderr) == (0, "", "")
    assert "<!DOCTYPE html>" in shown.read_text()
    page.write_text("  \n")
    dead = newsworker("inspect", str(page))
    assert dead.returncode == 1
    assert dead.stderr == "newsworker: empty_message: the message has no value\n"
    assert "empty_message" in dead.stdout


def test_an_output_that_lacks_a_character_has_its_escape(tmp_path: Path) -> None:
    """Where standard output is not UTF-8; HTML is UTF-8 everywhere."""
    page = tmp_path / "page.txt"
    page.write_text(f"{PAGE}\n\nThe ferry Häfen sails on Monday.\n", encoding="utf-8")
    shown = newsworker("inspect", str(page), PYTHONIOENCODING="ascii")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "ferry H\\xe4fen" in shown.stdout
    html = newsworker("inspect", str(page), "--html", "-", PYTHONIOENCODING="ascii")
    assert "Häfen" in html.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "name files to play"),
        (("pages.jsonl", "--from-topic", "t"), "name files to play"),
        (("--from-topic", "t"), "with --topic"),
        (("pages.jsonl", "--from", "5"), "belong to --from-topic"),
        (("pages.jsonl", "--out", "out", "--topic", "t"), "are for a topic"),
        (("pages.jsonl", "--rate", "5", "--speed", "recorded"), "exclude each other"),
        (("--from-topic", "t", "--topic", "u", "--from", "yesterday"), "is not an offset"),
    ],
)
def test_a_replay_of_contrary_options_is_refused(arguments: tuple[str, ...], message: str) -> None:
    """Before anything is read: exit code 2 and a line that says what is wrong."""
    answer = newsworker("replay", *arguments, "--broker", "127.0.0.1:1")
    assert answer.returncode == 2
    assert message in answer.stderr


@pytest.mark.parametrize("command", ["list", "show", "redrive"])
def test_every_command_on_dead_letters_has_its_own_help(command: str) -> None:
    """With the filters that all of them share."""
    answer = newsworker("dlq", command, "--help")
    assert answer.returncode == 0
    assert all(option in answer.stdout for option in ("--reason", "--stage", "--source", "--from", "--to"))


def test_a_port_for_the_embedded_broker_is_refused() -> None:
    """It would be ignored."""
    answer = newsworker("broker", "--port", "9092")
    assert (answer.returncode, answer.stderr.count("\n")) == (2, 1)
    assert "--port belongs to --kafka" in answer.stderr


@pytest.mark.parametrize("broker", ["", ":", "host", "foo:bar", "[::1", "a b:1", "localhost:99999", "kafka://x:1"])
def test_an_address_that_is_none_is_refused_at_once(broker: str) -> None:
    """A broker that is not host:port exits 2 and names the variable, instead of waiting for it for ever."""
    answer = newsworker("run", NEWSWORKER_BROKER=broker)
    assert answer.returncode == 2
    assert "NEWSWORKER_BROKER" in answer.stderr
