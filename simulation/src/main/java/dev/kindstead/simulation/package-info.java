/**
 * The real transaction, placement, replication and storage code of a whole cluster in one thread,
 * with everything it may not reach for by itself simulated: {@link
 * dev.kindstead.simulation.Scheduler} (time), {@link dev.kindstead.simulation.Machine} (clocks that
 * differ, processes that die and pause), {@link dev.kindstead.simulation.Links} and {@code
 * SimulatedNetwork}, {@link dev.kindstead.simulation.ModelLog} (a replicated log that is nastier
 * than any engine), a store that loses what was not flushed.
 *
 * <p>A run, in the order to read: {@link dev.kindstead.simulation.Simulate} (the command) has a
 * {@link dev.kindstead.simulation.Volume} of seeds run, each in a {@code World} that it draws
 * ({@link dev.kindstead.simulation.Lives}: short or long); it starts a {@code Cluster} of {@code
 * SimulatedNode}s, each wired in one place. Clients come by a {@code Door}: they append unique
 * elements to lists in transactions, read at past timestamps, allocate ids, in some runs have
 * {@code Figures} (a bank, registers, a set) or books, and note every invocation and outcome in a
 * {@link dev.kindstead.simulation.History}. {@code Faults} happen at any event, until all heals and
 * the clients must come to an end. Then the history is judged: {@link
 * dev.kindstead.simulation.StrictSerializability}, {@code Snapshots} (every read by its timestamp),
 * {@code CommitTimes}, {@code ReplicaAgreement} (same entries, same bytes), {@code FinalState}
 * (indexes agree with entities, by {@code IndexAgreement}).
 *
 * <p><b>Invariants.</b> The same seed gives the same trace, event for event. An operation whose
 * outcome is unknown may have happened, may not have, but not twice. A run that committed too
 * little is invalid, not passed. Disks lose nothing that was synced. A {@link
 * dev.kindstead.simulation.Plant} is found.
 */
@NullMarked
package dev.kindstead.simulation;

import org.jspecify.annotations.NullMarked;
