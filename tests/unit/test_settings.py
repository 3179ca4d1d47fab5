"""Settings that are secret, or wrong, are not shown."""

import traceback
from pathlib import Path

import pytest

from worker.errors import Fatal
from worker.settings import CONFIG_VARIABLE, ENV_PREFIX, Settings, describe, load

SECRET = "hunter2"
ADDRESS = f"https://scraper:{SECRET}@example.org/feed?token={SECRET}&page=1#key={SECRET}"


def shown() -> str:
    """Return all that `newsworker` may say of the settings: those in force, or the error with its causes."""
    try:
        return "\n".join(value for _, value, _ in describe(load()))
    except Fatal as error:
        return "".join(traceback.format_exception(error))


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
@pytest.mark.parametrize("value", [ADDRESS, f"//:{SECRET}@", f"user:{SECRET}@[::1]:9092", f"a:1, //x:{SECRET}@b:2"])
def test_no_value_of_a_setting_tells_a_secret(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Right or wrong, in the environment: a wrong value is named and not echoed, a right one is masked."""
    monkeypatch.setenv(f"{ENV_PREFIX}{name.upper()}", value)
    assert SECRET not in shown()


@pytest.mark.parametrize("line", ['broker = "{}"', 'password = "{}"', "web_port = ['{}'", "web_port = ['{}']"])
def test_no_line_of_a_settings_file_tells_a_secret(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wrong values, settings that there are not, and lines that are no TOML are named without what they hold."""
    (tmp_path / "newsworker.toml").write_text(line.format(ADDRESS))
    monkeypatch.setenv(CONFIG_VARIABLE, str(tmp_path / "newsworker.toml"))
    with pytest.raises(Fatal) as caught:
        load()
    assert caught.value.reason == "bad_settings"
    assert SECRET not in "".join(traceback.format_exception(caught.value))


def test_what_is_not_set_is_shown_as_nothing() -> None:
    """As in a file of variables, where `None` would be a value."""
    values = {name: value for name, value, _ in describe(Settings())}
    assert (values["instance_id"], values["group"]) == ("", "newsworker")


def test_a_masked_address_can_still_be_recognised(monkeypatch: pytest.MonkeyPatch) -> None:
    """Host, path and names of parameters stay, and values that are no address are shown as they are."""
    monkeypatch.setenv("NEWSWORKER_CE_SOURCE", ADDRESS)
    values = {name: value for name, value, _ in describe(load())}
    assert values["ce_source"] == "https://***@example.org/feed?token=***&page=***#key=***"
    assert (values["broker"], values["state_dir"]) == ("127.0.0.1:9092", "state")


def test_an_empty_variable_is_one_that_is_not_set_where_nothing_is_a_value(monkeypatch: pytest.MonkeyPatch) -> None:
    """As `newsworker config` prints what is not set, and as templates of deployments leave it."""
    monkeypatch.setenv(f"{ENV_PREFIX}INSTANCE_ID", "")
    monkeypatch.setenv(f"{ENV_PREFIX}FAULT_POINT", "")
    assert load() == Settings()
