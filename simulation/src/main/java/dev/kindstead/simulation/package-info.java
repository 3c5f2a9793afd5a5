/**
 * The real transaction, replication and storage code of a node in one thread, with everything it
 * may not reach for by itself simulated: {@link dev.kindstead.simulation.Scheduler} (time, timers,
 * executors), a model log that is nastier than any engine, a store that loses what was not flushed.
 *
 * <p>A run, in the order to read: {@link dev.kindstead.simulation.Simulate} (the command) draws a
 * {@code World} from a seed; its clients append unique elements to lists in transactions and note
 * every invocation and outcome in a {@link dev.kindstead.simulation.History}; crashes, unknown
 * outcomes and leader changes happen at any event; at the end {@link
 * dev.kindstead.simulation.StrictSerializability} judges the history.
 *
 * <p><b>Invariants.</b> The same seed gives the same trace, event for event. An operation whose
 * outcome is unknown may have happened, may not have, but not twice. A run that committed too
 * little is invalid, not passed.
 */
@NullMarked
package dev.kindstead.simulation;

import org.jspecify.annotations.NullMarked;
