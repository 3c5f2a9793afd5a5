/**
 * Reads at one timestamp, and commits that are atomic, strictly serializable and answered once.
 *
 * <p>In the order in which a request meets them: {@link dev.kindstead.transaction.Transactions} is
 * the door. {@code Reads} chooses a read's timestamp and waits for what may yet commit at or below
 * it. {@code OpenTransactions} remembers each transaction's snapshot, {@code ReadSet} and locks
 * ({@code LockTable}). {@code Commits} takes a commit apart by shard ({@code CommitRouting}) and
 * chooses how it commits: {@code CommitStep} on one shard, {@code TwoPhaseCommit} on several,
 * {@code NonTransactionalCommit} where nothing has to be atomic.
 *
 * <p>Each of a commit's shards is a {@code Shard}, led here or by another node ({@code NodeShard}):
 * {@code OwnShard} makes steps of what it is asked, {@code AskedShard} asks over the network, where
 * {@code ShardRequests} answers and {@code Guests} stand for transactions of other nodes. {@code
 * Timestamps}, too, are had from this node's oracle or another's.
 *
 * <p>A node that does not serve answers reads that may be old by its own replicas ({@code
 * ReplicaReads}), at or below a {@code ClosedTimestamp}.
 *
 * <p>A shard's leader is a {@code Participant}: it holds latches and held parts, and does one
 * {@code Step} after the other. {@code Acquisition} latches, validates and evaluates ({@code
 * Evaluation}, {@code MutationEvaluation}); {@code GroupCommit} gathers steps into entries; {@code
 * Proposals} numbers them and finds out what became of each. {@code Resolution} brings the outcome
 * of a two-phase commit to all its participants, whoever died. The {@code TimestampOracle} and the
 * {@code IdAllocator} hand out what the {@code SystemGroup}'s log has reserved.
 *
 * <p><b>Invariants.</b>
 *
 * <ol>
 *   <li>A commit is registered as in flight before the oracle is asked for its timestamp, which is
 *       after its latches are held. So whoever reads at T finds every commit at or below T, either
 *       in the store or in {@code Latches}.
 *   <li>A leader serves a read only at a time that names no later leader than it ({@code
 *       ReadTime}), and nothing before its own term is announced.
 *   <li>On a shard, validation, timestamps and log have one order. What a commit over several
 *       shards has validated stays latched until its outcome is applied.
 *   <li>The decision in the coordinator's log is the commit point. Without one, a transaction is
 *       aborted only by writing that abort there.
 *   <li>ABORTED and UNAVAILABLE are said only of commits that certainly are not applied; of others,
 *       nothing before the log has told, or after a while "commit outcome unknown".
 *   <li>A commit's answer is in the entry that commits it; its shard is a function of the request.
 *   <li>No timestamp and no id is handed out above what the log has reserved.
 *   <li>Every queue and every wait has a limit. Nobody waits for a younger transaction's latch or
 *       lock while that can still be ended.
 * </ol>
 *
 * <p>Elsewhere: entries and how replicas apply them are {@code replication}'s, versions and history
 * {@code storage}'s. Nothing here has a thread, a clock or chance of its own. Formats: {@code
 * docs/formats/log-entries.md}, {@code transaction-ids.md}, {@code transaction-space.md}. Why so:
 * {@code docs/decisions/0006-transactions.md}. Two-phase commit over replicated logs: Corbett et
 * al., "Spanner", 2012; wound-wait: Rosenkrantz et al., 1978.
 */
@NullMarked
package dev.kindstead.transaction;

import org.jspecify.annotations.NullMarked;
