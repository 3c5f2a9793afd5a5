/**
 * The replicated log of a shard, and the state machine that follows it.
 *
 * <p>In the order in which a commit meets them: the shard's leader packs evaluated commits, as
 * {@link dev.kindstead.replication.Command}s, into an {@link dev.kindstead.replication.Entry} and
 * proposes its bytes to the {@link dev.kindstead.replication.ReplicatedLog}. The log makes them
 * durable, orders them, and hands them as {@link dev.kindstead.replication.LogEntry}s to the {@link
 * dev.kindstead.replication.LogReader}, which is the {@link dev.kindstead.replication.Replica}: it
 * applies them to its store, alike on every member. Then the proposal's outcome is reported:
 * APPLIED, NOT_APPLIED or UNKNOWN.
 *
 * <p>{@code ReplicatedLog} is a seam with three engines behind it, all held to one contract suite,
 * and those that have groups to a second one:
 *
 * <ul>
 *   <li>{@link dev.kindstead.replication.RaftLog}, durable, one or more members, by SOFAJRaft. All
 *       that knows JRaft is in files named {@code Raft*}: its proposals, its state machine, its
 *       network of logical node ids, and the files below it (segments, vote, checkpoints), whose
 *       bytes are described in {@code docs/formats/}.
 *   <li>{@link dev.kindstead.replication.LocalLog}, in memory, for development.
 *   <li>the model log of the simulation module, which is nastier than any engine.
 * </ul>
 *
 * <p>{@link dev.kindstead.replication.RecordedLog} stands before any of them where tests have what
 * happens at the seam judged.
 *
 * <p><b>Invariants.</b>
 *
 * <ol>
 *   <li>What is acknowledged is on disk and applied. An I/O error after a write makes the outcome
 *       UNKNOWN and stops the replica; nothing is retried on a disk that has failed.
 *   <li>NOT_APPLIED is only said of what never entered the log.
 *   <li>An entry takes effect if and only if its term is the engine's term of that entry and its
 *       sequence is the next of that term.
 *   <li>The log is cut only below a checkpoint that is complete, synced and summed; a store that is
 *       ahead of a checkpoint is never replaced by it.
 *   <li>A term or a vote that could not be saved is never acted on.
 *   <li>Nothing on disk names an address.
 * </ol>
 *
 * <p>Elsewhere: what is proposed, and when, is {@code transaction}'s; rows and their versions are
 * {@code storage}'s. Why this engine: {@code docs/decisions/0003-replicated-log-engine.md}. Raft:
 * Ongaro and Ousterhout, "In Search of an Understandable Consensus Algorithm", 2014.
 */
@NullMarked
package dev.kindstead.replication;

import org.jspecify.annotations.NullMarked;
