package dev.kindstead.replication;

import static dev.kindstead.replication.RecordingReader.await;

import dev.kindstead.model.Bytes;
import dev.kindstead.replication.RaftLogOptions.Durability;
import dev.kindstead.replication.ReplicatedLog.Outcome;
import dev.kindstead.storage.Change;
import dev.kindstead.storage.EntityRow;
import dev.kindstead.storage.RocksResources;
import dev.kindstead.storage.RocksStore;
import dev.kindstead.storage.StorageSizes;
import dev.kindstead.storage.VersionedStore;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Three real replicas in one process: {@link RaftLog}s over {@link RaftNetwork}, and RocksDB. For
 * one test thread.
 */
final class ReplicaGroup implements AutoCloseable {
  static final List<String> IDS = List.of("alpha", "beta", "gamma");

  private static final StorageSizes TINY = new StorageSizes(1 << 20, 256 << 10, 1);

  private final Path directory;
  private final RocksResources resources = new RocksResources(TINY);
  final Map<String, Member> running = new TreeMap<>();
  private long timestamp;

  ReplicaGroup(Path directory) {
    this.directory = directory;
  }

  /** One of them, from its start to its stop. */
  final class Member implements ReplicaListener {
    final RocksStore store;
    final Replica replica;
    final RaftLog log;
    volatile long term;
    volatile @Nullable Throwable failure;
    private long sequence;

    Member(String id) {
      store = RocksStore.open(home(id).resolve("store"), resources);
      replica = new Replica(new VersionedStore(store), this);
      log =
          new RaftLog(
              new RaftLogOptions(
                  "group",
                  id,
                  IDS,
                  true,
                  home(id),
                  Durability.SYNC,
                  1L << 30,
                  1_000_000,
                  1L << 30));
    }

    @Override
    public void leaderStarted(long newTerm, List<Command.Prepare> prepared) {
      sequence = 0;
      term = newTerm;
    }

    @Override
    public void leaderStopped(long endedTerm) {
      term = 0;
    }

    @Override
    public void termBegan(long term) {}

    @Override
    public void failed(Throwable cause) {
      failure = cause;
    }

    private boolean commits(List<Command> commands) {
      long leads = term;
      if (leads == 0) {
        return false;
      }
      var ended = new CompletableFuture<Outcome>();
      log.propose(EntryEncoding.encode(new Entry(leads, sequence + 1, commands)), ended::complete);
      boolean applied = ended.join() == Outcome.APPLIED && replica.isApplied(leads, sequence + 1);
      sequence += applied ? 1 : 0;
      return applied;
    }
  }

  Path home(String id) {
    return directory.resolve(id);
  }

  Member start(String id) {
    var member = new Member(id);
    running.put(id, member);
    member.log.start(member.replica);
    return member;
  }

  void stop(String id) {
    Member member = running.remove(id);
    if (member != null) {
      member.log.close();
      member.store.close();
    }
  }

  String follower() {
    await("a leader", () -> running.values().stream().anyMatch(member -> member.term > 0));
    return IDS.stream()
        .filter(id -> running.containsKey(id) && member(id).term == 0)
        .findFirst()
        .orElseThrow();
  }

  Member member(String id) {
    return java.util.Objects.requireNonNull(running.get(id));
  }

  /** Writes an entity and an intent; what is repeated in doubt is another entry. */
  void commit(int number) {
    await(
        "commit of " + number,
        () -> {
          timestamp++;
          byte[] key = ByteBuffer.allocate(4).putInt(number % 20).array();
          byte[] once = ByteBuffer.allocate(8).putLong(timestamp).array();
          var commit =
              new Command.ApplyCommit(
                  timestamp,
                  Bytes.of(once),
                  new byte[20],
                  List.of(
                      new Change.PutEntity(key, new EntityRow(new byte[500], 1, 0, 0)),
                      new Change.PutIndexEntry(once, 1, false)));
          var intent =
              new Command.Prepare(Bytes.of(once), 1, timestamp, List.of(), List.of(), List.of());
          return running.values().stream()
              .anyMatch(member -> member.commits(List.of(commit, intent)));
        });
  }

  /** Twice, for the engine cuts its log below the checkpoint before the last. */
  void commitAndCutLogs(int from, int until) {
    for (int number = from; number < until; number++) {
      commit(number);
      if (number == (from + until) / 2 || number == until - 1) {
        running.values().forEach(member -> ReplicatedLogContract.checkpoint(member.log));
      }
    }
  }

  void awaitSameEverywhere() {
    await(
        "the same log index",
        () ->
            running.values().stream()
                    .map(member -> member.replica.appliedLogIndex())
                    .distinct()
                    .count()
                == 1);
    List<List<String>> states =
        running.values().stream().map(member -> StoredRows.of(member.store)).distinct().toList();
    if (states.size() > 1) {
      throw new AssertionError("members differ: " + states);
    }
  }

  @Override
  public void close() {
    List.copyOf(running.keySet()).forEach(this::stop);
    resources.close();
  }
}
