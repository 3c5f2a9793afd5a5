package dev.kindstead.server;

import dev.kindstead.cli.ExitCode;
import dev.kindstead.cli.Refusal;
import dev.kindstead.directory.NodeIdentity;
import dev.kindstead.model.Invariant;
import dev.kindstead.replication.Command;
import dev.kindstead.replication.Command.Prepare;
import dev.kindstead.replication.Entry;
import dev.kindstead.replication.EntryEncoding;
import dev.kindstead.replication.ForeseenDoubts;
import dev.kindstead.replication.Members;
import dev.kindstead.replication.RaftLog;
import dev.kindstead.replication.RaftLogOptions;
import dev.kindstead.replication.RaftLogOptions.Durability;
import dev.kindstead.replication.Replica;
import dev.kindstead.replication.ReplicaListener;
import dev.kindstead.replication.ReplicatedLog.Outcome;
import dev.kindstead.storage.OrderedStore;
import dev.kindstead.storage.RocksResources;
import dev.kindstead.storage.RocksStore;
import dev.kindstead.storage.VersionedStore;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * A group's replica in the data directory of a node that is stopped, opened for {@link Recovery}:
 * it reaches no other one.
 *
 * <p>Thread rule: one thread.
 */
final class StoppedReplica implements AutoCloseable {
  private static final long WAIT_MINUTES = 10;

  private final String group;
  private final OrderedStore store;
  private final RaftLog log;
  private final Replica replica;
  private final Waiting waiting = new Waiting();

  /**
   * How far a replica's log goes. The greater of two has every entry that was agreed on which the
   * other has: no leader can be elected without the latest.
   *
   * @param inDoubt transactions over several shards that its entries prepare and do not end
   * @param voters of the group, as its log has it; nobody when it is empty
   */
  record Reach(long lastTerm, long lastLogIndex, int inDoubt, Members voters)
      implements Comparable<Reach> {
    private static final Comparator<Reach> ORDER =
        Comparator.comparingLong(Reach::lastTerm).thenComparingLong(Reach::lastLogIndex);

    @Override
    public int compareTo(Reach other) {
      return ORDER.compare(this, other);
    }
  }

  private StoppedReplica(String group, OrderedStore store, RaftLog log) {
    this.group = group;
    this.store = store;
    this.log = log;
    replica = new Replica(new VersionedStore(store), waiting);
    log.start(replica);
  }

  /** Opens one that is there, or an empty one: it founds nothing. */
  static <T> T in(
      DataDirectory directory,
      NodeIdentity identity,
      String group,
      RocksResources resources,
      Function<StoppedReplica, T> use) {
    var options =
        RaftLogOptions.of(
                group, identity.nodeId(), List.of(), directory.log(group), Durability.SYNC)
            .joining();
    try (var store = RocksStore.open(directory.store(group), resources);
        var replica = new StoppedReplica(group, store, new RaftLog(options))) {
      return use.apply(replica);
    }
  }

  OrderedStore store() {
    return store;
  }

  Reach reach() {
    var doubts = new ForeseenDoubts(store);
    log.eachEntryAfter(doubts.logIndex(), doubts::see);
    return new Reach(log.lastEntryTerm(), log.lastLogIndex(), doubts.count(), log.configured());
  }

  /**
   * Leads without asking the others, with every entry applied that its log has.
   *
   * @return how many transactions are in doubt
   */
  int leadAlone(String nodeId) {
    if (!log.configured().equals(Members.of(List.of(nodeId)))) {
      log.leadAlone();
    }
    return waiting.await(group).size();
  }

  /** Has its group, which it leads, agree on commands. */
  void agree(List<Command> commands) {
    long term = waiting.term;
    var entry = new Entry(term, replica.nextSequence(term), new ArrayList<>(commands));
    var ended = new CompletableFuture<Outcome>();
    log.propose(EntryEncoding.encode(entry), ended::complete);
    Outcome outcome = ended.orTimeout(WAIT_MINUTES, TimeUnit.MINUTES).join();
    Invariant.check(outcome == Outcome.APPLIED, "who leads alone agrees with itself");
  }

  @Override
  public void close() {
    log.close();
  }

  /** Until the replica leads, with every entry applied. */
  private static final class Waiting implements ReplicaListener {
    private final CompletableFuture<List<Prepare>> leads = new CompletableFuture<>();

    volatile long term;

    @Override
    public void leaderStarted(long began, List<Prepare> prepared) {
      term = began;
      leads.complete(prepared);
    }

    @Override
    public void leaderStopped(long ended) {}

    @Override
    public void termBegan(long began) {}

    @Override
    public void failed(Throwable cause) {
      leads.completeExceptionally(cause);
    }

    List<Prepare> await(String group) {
      try {
        return leads.orTimeout(WAIT_MINUTES, TimeUnit.MINUTES).join();
      } catch (CompletionException e) {
        throw new Refusal(
            ExitCode.UNEXPECTED,
            "%s could not be recovered: %s\nNothing is lost by that: mend it and try again."
                .formatted(group, e.getCause()));
      }
    }
  }
}
