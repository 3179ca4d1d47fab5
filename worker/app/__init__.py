"""Wiring: the Faust app of each role, and the cures for what Faust and aiokafka do wrong.

In: settings, and messages from Kafka. Out: batches of `Incoming` to the halves, committed only when the halves have
finished them. This is the only folder that imports faust or mode. Findings (faust-streaming 0.15.3, aiokafka 0.14.0),
by the number that the code and `tests/broker/test_*_findings.py` use, each with its cure:

====  ====================================================================  =====================================
F1    partitions are resumed before the seek after recovery: what is        `recovery`: seek, clear, resume
      fetched in between is dropped and later committed past
F2    a partition without a commit is not sought: the first messages of     `thread`: seek to the beginning
      a new group are lost at its first rebalance
F3    acknowledgements out of order commit past an unfinished message       `consumer`: commit what `finish` was
                                                                            told, and nothing else; one actor
F4    an exception that leaves an agent acknowledges its whole batch        `worker.guard`: nothing leaves
F5    a message that cannot be decoded is acknowledged and gone             `factory`: bytes in
F6    exactly-once leaves outputs out of its transactions                   `writers`, `delivery`: our own
F7    a spare without partitions leaves its group after 1000 s for good     `factory`: a year
F8    Faust's own health says OK whatever happens; a worker can stand       `monitor`: state, lag, watchdog
      still for ever
F9    tables cannot be used inside `take`: no event is current there        `tables`: set one before each access
F10   Faust's web server shows the tables and listens everywhere            `factory`: off; `worker.web`
F11   a fetch under way uses the set of active partitions as it changes;    `thread`: a copy; what nobody takes
      empty means all: 500 records of paused partitions are dropped         is put back
F12   a batch that the broker refuses keeps its sequence number: the        `transport`: another producer takes
      idempotent producer can write no more to that partition               its place
F13   a recovery step that times out ends the recovery for good             `recovery`, `thread`: no timeout
F14   the sign that the changelogs are read is taken back at once: a        `recovery`: it lasts
      recovery quicker than the one who waits for it never ends
F15   a header name that is not UTF-8 ends the fetcher for good             `worker.header_names`
F16   a process that was frozen past its session writes on, from state     `writers`: transactions, by partition
      that is another's by now                                              claimed before recovery
F17   a static member whose name another process takes joins anew and       `membership`: join as the member that it
      takes it back, and so on for ever                                     was, and end when the broker refuses that
F18   a static member that comes back on another host stands still for      `factory`: one address for all
      ever: the address in its assignment is asserted to be its own
F19   variables of the environment win over the settings that the app is    `factory`: an empty environment
      given: `BROKER_URL`, meant for another program, names the broker
F20   what is read ahead is bounded by number alone: a thousand messages,   `flight`, `consumer`: by bytes
      however large, and the thread's queue keeps its last answer
F21   a coordinator that is loading, or has moved, is taken for a group     `membership`: its error is raised, and
      that has committed nothing: all is read again from the beginning      aiokafka asks again
F22   a fetch that ends while a rebalance waits for the work under way      `consumer`: only the end of a rebalance
      seeks back, without telling it from the seek at the rebalance's end:  seeks, and to nothing of an earlier one
      the later answer counts, and may be the older one
F23   a member that has lost its session commits as if it were in no        `membership`: it commits nothing
      group, and may put back what others have committed since
F24   a write to a connection that has just been lost ends the refreshing   `child`: the standard loop, whose lost
      of metadata where the loop raises for it, as uvloop does: after the   connections swallow it; `vitals`: without
      broker's crash the half waits for it for ever, and says nothing       the task the process ends
F25   an error with which the coordinator cannot go on is kept for whoever  `vitals`: it ends the process
      asks, and Faust never asks: the member stands still, and looks idle
F26   a rebalance that begins while the last one ends has its partitions    `consumer`, `thread`, `recovery`: sources
      resumed by that one; what a fetch brings then is taken for records    are read only from their seek until they
      of the next assignment, in the middle of which it comes               are given up
F27   who waits for the end of a transaction waits for ever when its        `writers`: giving up the partition ends
      producer is stopped                                                   the wait
F28   a connection that is lost while a transaction's coordinator is        `lookup`: it is looked for again
      looked for is the end of its producer
F29   a client whose first answer names no broker, as while the broker      `lookup`: the brokers are asked for
      comes back from being frozen, asserts that it names one               again
F30   each record of a changelog is handed over on its own, by two tasks    `consumer`, `tables`: what a fetch brings
      and two queues: a million take two minutes                            of a changelog is one message
F31   a table that keeps each entry as it comes in recovery has its         `tables`: it gathers two runs
      changelog read on after it: the state goes back to what it was
F32   what retention deletes before a running consumer has read it is       `thread`: it is counted and told
      passed over in silence
F33   the last commit of an assignment is left out where another one is     `consumer`: it waits, and commits
      under way: what was finished since is done again by the next member
F34   the check that reading goes on asserts that each partition has a      `consumer`: no such check; `monitor` has
      position, and ends the consumer while one's is looked for             its own
F35   a transaction that an error breaks off is ended nowhere, and who      `abort`: it is, and the error is told
      goes on sending in it is not told why: a topic that may not be
      written ends the process
F36   a fetch that is about to be repeated is cancelled by the consumer's   `thread`: fetches end before the fetcher
      end, which the cancellation then ends itself: who has been told to
      end while the broker is away, or just back, waits for its thread
====  ====================================================================  =====================================
"""
