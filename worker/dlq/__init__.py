"""The operator's view of dead letters: find them, look into them, send them on their way again.

In: the dead-letter topic, read in a bounded range. Out: tables and details on the terminal; redriven messages on their
origin topics. Nothing is deleted: the topic's retention does that.
"""
