"""Wiring: the Faust app of each role, and the cures for what Faust and aiokafka do wrong.

In: settings, and messages from Kafka. Out: batches of `Incoming` to the halves, acknowledged and committed only when
the halves have finished them. This is the only folder that imports faust or mode; each cure names the finding it is for
(F1-F10, ARCHITECTURE.md).
"""
