package dev.kindstead.replication;

import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The seam: an ordered log of opaque entries that every replica of a group applies alike. The real
 * engine is Raft; a local log serves memory-mode development, a model log simulation. No engine's
 * type appears here.
 *
 * <p>Contract, tested on every engine by one suite:
 *
 * <ul>
 *   <li>An entry reported APPLIED is durable as the engine's {@code Durability} says, and {@link
 *       LogReader#apply} has returned for it on this replica before the report.
 *   <li>A replica applies an entry only once its own log has it as durably as that, though a
 *       majority may have agreed on it before: no store ever has more than the log beside it.
 *   <li>NOT_APPLIED is certain: the entry will never be applied, on any replica. UNKNOWN is not: it
 *       may have been, may yet be, or never.
 *   <li>Entries are applied in one order, each at most once for each logIndex, on one thread at a
 *       time.
 *   <li>After a restart, entries above the store's own applied index are applied again, in order.
 *   <li>No call of a listener or of {@link LogReader} may block for long or call {@link #close}: it
 *       runs on the engine's thread. Calling {@link #propose} from one is fine.
 * </ul>
 *
 * <p>Thread-safe.
 */
public interface ReplicatedLog extends AutoCloseable {
  /** Starts replaying and serving. Called once. */
  void start(LogReader reader);

  /**
   * Appends an entry. Exactly one outcome is reported, on a thread of the engine, or on the
   * caller's before returning; what is still open at {@link #close} ends before that returns.
   *
   * @param entry shared with the engine, not to be written to afterwards; at most {@link
   *     #ENTRY_BYTES_MAX}
   * @throws IllegalArgumentException if the entry is larger; nothing is reported then
   */
  void propose(byte[] entry, OutcomeListener listener);

  /**
   * Runs {@code done} with true when this replica has applied all that was committed before the
   * call, by agreement with a majority; with false when that can't be had now.
   */
  void readBarrier(BarrierListener done);

  /** Saves a checkpoint soon and then cuts the log below it; {@code done} runs when it is over. */
  void requestCheckpoint(Runnable done);

  /**
   * Whether no other node has a vote: nobody else can ever lead. This and what follows is by
   * default that of a log without other nodes.
   */
  default boolean isAlone() {
    return true;
  }

  /** The node that leads the group, as far as this replica knows; empty when it knows of none. */
  default Optional<String> leader() {
    return Optional.empty();
  }

  /**
   * Asks that another node lead, if this one does now. It takes a moment, or doesn't come about;
   * proposals meanwhile may end NOT_APPLIED.
   */
  default void transferLeadership(String nodeId) {}

  /** The same, whichever other node is furthest. */
  default void resignLeadership() {}

  /**
   * What stands above the log has failed: this replica takes part no more, as after a failed write,
   * and another one leads in its place where there is one. The reader is told, too.
   */
  default void fail(Throwable cause) {}

  /**
   * If this replica leads: has the others hear at once what is committed. Otherwise they hear of it
   * with the next entry, or some tenths of a second later.
   */
  default void tellCommitted() {}

  /** Whether this replica is one of the {@link #members}, as far as it knows. */
  default boolean isMember() {
    return true;
  }

  /** Whether a node is one of the members, or was before a change that goes on. */
  default boolean hasMember(String nodeId) {
    return members().voters().contains(nodeId);
  }

  /** Who has a replica of the group, as far as this one knows. */
  default Members members() {
    return Members.NOBODY;
  }

  /**
   * The voters that have answered this replica lately, itself among them; nobody when it does not
   * lead.
   */
  default Set<String> answering() {
    return Set.of();
  }

  /**
   * Others may get a vote from now on, so this replica is not {@link #isAlone} any more: to be
   * called before the first {@link #changeMembers} that gives one.
   */
  default void expectMembers() {}

  /**
   * Changes who has a replica, in one step through a joint majority; new voters have to catch up
   * first, or nothing changes.
   *
   * @param done told why nothing changed, as far as is known, or empty; within seconds
   */
  default void changeMembers(Members next, Consumer<String> done) {
    done.accept("this log has no other nodes");
  }

  /**
   * How long ago this replica last took an entry into its log, or began to listen for any, in
   * nanoseconds: whoever led before can't have had an entry of its own agreed on since.
   */
  default long quietNanos() {
    return 0;
  }

  /** How this replica stands now; asks nobody and does not wait. A model's may say nothing. */
  default ReplicaStatus status() {
    return ReplicaStatus.UNKNOWN;
  }

  /** Stops. Proposals without an outcome end UNKNOWN before this returns. */
  @Override
  void close();

  /** Bytes of one entry: an API request of 10 MiB, its index entries and headers fit. */
  int ENTRY_BYTES_MAX = 32 << 20;

  /** Refuses an entry over {@link #ENTRY_BYTES_MAX}; every engine asks it first. */
  static void checkSize(byte[] entry) {
    if (entry.length > ENTRY_BYTES_MAX) {
      throw new IllegalArgumentException(
          "log entry of " + entry.length + " bytes is over the limit of " + ENTRY_BYTES_MAX);
    }
  }

  /** Receives the outcome of a proposal. */
  @FunctionalInterface
  interface OutcomeListener {
    void ended(Outcome outcome);
  }

  /** Receives the end of a read barrier. */
  @FunctionalInterface
  interface BarrierListener {
    void ended(boolean reached);
  }

  /** How a proposal ended. */
  enum Outcome {
    /** Durable, and applied on this replica. */
    APPLIED,
    /** Certainly never to be applied, on any replica. */
    NOT_APPLIED,
    /** Applied, or yet to be, or never: only the log can tell. */
    UNKNOWN
  }
}
