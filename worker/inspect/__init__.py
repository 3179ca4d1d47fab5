"""One page and what was made of it: `newsworker inspect PAGE`.

In: a message out of a file or standard input. Out: the page with every block coloured by its role, and the records
beside it, on the terminal or as one HTML page.
"""

from worker.inspect.look import Wanted, inspect

__all__ = ["Wanted", "inspect"]
