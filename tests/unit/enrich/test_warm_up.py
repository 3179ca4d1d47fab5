"""What is loaded before the first page."""

import pkgutil
from importlib import import_module

from worker import enrich


def loaders() -> list[object]:
    """Return every function of the package that keeps what it has loaded."""
    modules = [import_module(f"worker.enrich.{module.name}") for module in pkgutil.iter_modules(enrich.__path__)]
    return [value for module in modules for value in vars(module).values() if hasattr(value, "cache_clear")]


def test_everything_is_loaded_before_the_first_page() -> None:
    """After warming up, no word list, pattern or model is left to load."""
    for load in loaders():
        load.cache_clear()
    enrich.warm_up()
    assert [load.__qualname__ for load in loaders() if not load.cache_info().currsize] == []
