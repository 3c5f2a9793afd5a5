package dev.kindstead.replication;

import static dev.kindstead.replication.RecordingReader.await;
import static dev.kindstead.replication.ReplicatedLogContract.propose;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.replication.RaftLogOptions.Durability;
import dev.kindstead.replication.ReplicatedLog.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three members in one process, over {@link RaftNetwork}. */
@org.junit.jupiter.api.Timeout(90)
class RaftGroupTest {
  private static final List<String> IDS = List.of("alpha", "beta", "gamma");

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path directory;

  private final Map<String, RaftLog> logs = new HashMap<>();
  private final Map<String, RecordingReader> readers = new HashMap<>();

  @AfterEach
  void closeAll() {
    logs.values().forEach(RaftLog::close);
  }

  private void start(String id, RecordingReader reader) {
    start(id, IDS, reader);
  }

  private void start(String id, List<String> members, RecordingReader reader) {
    var log =
        new RaftLog(
            new RaftLogOptions(
                "group",
                id,
                members,
                true,
                directory.resolve(id),
                Durability.SYNC,
                1L << 30,
                1_000_000,
                1L << 30));
    logs.put(id, log);
    readers.put(id, reader);
    log.start(reader);
  }

  private void stop(String id) {
    RaftLog log = logs.remove(id);
    if (log != null) {
      log.close();
    }
  }

  private RecordingReader reader(String id) {
    return java.util.Objects.requireNonNull(readers.get(id));
  }

  /** Proposes to everyone until someone applies it; an UNKNOWN may have been applied too. */
  private void commit(long number) {
    await(
        "commit of " + number,
        () ->
            logs.values().stream().anyMatch(log -> propose(log, number).join() == Outcome.APPLIED));
  }

  private void awaitEverywhere(Set<Long> numbers) {
    for (String id : logs.keySet()) {
      await(id + " has all", () -> new TreeSet<>(reader(id).numbers()).containsAll(numbers));
    }
    var histories = new ArrayList<List<LogEntry>>();
    for (String id : logs.keySet()) {
      assertThat(reader(id).complaints).isEmpty();
      histories.add(List.copyOf(reader(id).applied));
    }
    List<LogEntry> shortest =
        histories.stream().min((a, b) -> Integer.compare(a.size(), b.size())).orElseThrow();
    for (List<LogEntry> history : histories) {
      assertThat(history.subList(0, shortest.size()))
          .usingRecursiveComparison()
          .isEqualTo(shortest);
    }
  }

  private String leader() {
    await("a leader", () -> logs.keySet().stream().anyMatch(id -> reader(id).isLeading()));
    return logs.keySet().stream().filter(id -> reader(id).isLeading()).findFirst().orElseThrow();
  }

  @Test
  void electsReplicatesAndSurvivesTheLossOfItsLeader() {
    IDS.forEach(id -> start(id, new RecordingReader()));
    var acknowledged = new TreeSet<Long>();
    for (long n = 0; n < 50; n++) {
      commit(n);
      acknowledged.add(n);
    }
    awaitEverywhere(acknowledged);

    String lost = leader();
    RecordingReader before = reader(lost);
    stop(lost);
    for (long n = 50; n < 100; n++) {
      commit(n);
      acknowledged.add(n);
    }
    awaitEverywhere(acknowledged);

    start(lost, before.afterCrash(10));
    awaitEverywhere(acknowledged);
  }

  @Test
  void growsFromOneVoterToThreeAndSurvivesTheLossOfTheFirst() {
    start("alpha", List.of("alpha"), new RecordingReader());
    commit(0);
    RaftLog alpha = java.util.Objects.requireNonNull(logs.get("alpha"));
    assertThat(alpha.isAlone()).isTrue();
    start("beta", List.of(), new RecordingReader());
    start("gamma", List.of(), new RecordingReader());
    commit(1);
    alpha.expectMembers();
    assertThat(alpha.isAlone()).isFalse();
    change(alpha, alpha.members().with(List.of("beta", "gamma")));
    assertThat(alpha.members()).isEqualTo(Members.of(IDS));

    stop("alpha");
    commit(2);
    awaitEverywhere(Set.of(0L, 1L, 2L));
    assertThat(logs.values()).noneMatch(RaftLog::isAlone);
  }

  @Test
  void anotherNodeTakesThePlaceOfADeadOne() {
    IDS.forEach(id -> start(id, new RecordingReader()));
    commit(0);
    String dead = IDS.stream().filter(id -> !id.equals(leader())).findFirst().orElseThrow();
    stop(dead);
    commit(1);
    start("delta", List.of(), new RecordingReader());
    RaftLog leads = java.util.Objects.requireNonNull(logs.get(leader()));
    await("the dead one to be missed", () -> !leads.answering().contains(dead));
    assertThat(leads.answering()).hasSize(2);
    Members next = leads.members().with(List.of("delta")).without(List.of(dead));
    change(leads, next);
    commit(2);
    awaitEverywhere(Set.of(0L, 1L, 2L));

    // With the newcomer's vote one more may die.
    stop(leader());
    commit(3);
    awaitEverywhere(Set.of(0L, 1L, 2L, 3L));
  }

  /** As {@code MemberChanges} does: again until it has come about. */
  private static void change(RaftLog log, Members next) {
    await(
        "members " + next,
        () -> {
          if (log.members().equals(next)) {
            return true;
          }
          var done = new CompletableFuture<String>();
          log.changeMembers(next, done::complete);
          return done.join().isEmpty() && log.members().equals(next);
        });
  }

  @Test
  void aMemberThatLostItsDiskGetsACheckpoint() throws IOException {
    IDS.forEach(id -> start(id, new RecordingReader()));
    var acknowledged = new TreeSet<Long>();
    commit(0);
    String lost = IDS.stream().filter(id -> !id.equals(leader())).findFirst().orElseThrow();
    stop(lost);
    for (long n = 1; n < 60; n++) {
      commit(n);
      acknowledged.add(n);
      if (n % 20 == 0) {
        logs.values().forEach(ReplicatedLogContract::checkpoint);
      }
    }
    delete(directory.resolve(lost));
    start(lost, new RecordingReader());
    awaitEverywhere(acknowledged);
    assertThat(reader(lost).checkpointsLoaded).isPositive();
  }

  /** With the leader gone both others are needed, and one can't vote: nobody may lead. */
  @Test
  void aVoteThatCantBeSavedHaltsTheReplica() throws Exception {
    IDS.forEach(id -> start(id, new RecordingReader()));
    commit(0);
    String lost = leader();
    List<String> left = IDS.stream().filter(id -> !id.equals(lost)).toList();
    Files.createDirectories(directory.resolve(left.getFirst()).resolve("vote.new"));
    stop(lost);
    await("the failure", () -> reader(left.getFirst()).failure != null);
    Thread.sleep(2_500);
    for (String id : left) {
      assertThat(reader(id).isLeading()).isFalse();
      assertThat(propose(java.util.Objects.requireNonNull(logs.get(id)), 1).join())
          .isEqualTo(Outcome.NOT_APPLIED);
    }
  }

  @Test
  void everyReplicaSaysHowItStands() {
    IDS.forEach(id -> start(id, new RecordingReader()));
    var acknowledged = new TreeSet<Long>();
    for (long n = 0; n < 5; n++) {
      commit(n);
      acknowledged.add(n);
    }
    awaitEverywhere(acknowledged);
    String leader = leader();
    for (String id : IDS) {
      var log = java.util.Objects.requireNonNull(logs.get(id));
      await(id + " follows", () -> log.leader().equals(java.util.Optional.of(leader)));
      ReplicaStatus status = log.status();
      assertThat(status.role())
          .isEqualTo(id.equals(leader) ? ReplicaStatus.Role.LEADS : ReplicaStatus.Role.FOLLOWS);
      assertThat(status.leader()).isEqualTo(leader);
      assertThat(status.term()).isEqualTo(reader(leader).leaderTerm);
      assertThat(status.appliedLogIndex()).isGreaterThanOrEqualTo(reader(id).appliedLogIndex());
      assertThat(status.lastLogIndex()).isGreaterThanOrEqualTo(status.committedLogIndex());
      assertThat(status.voters()).isEqualTo(IDS);
    }
    IDS.stream().filter(id -> !id.equals(leader)).toList().forEach(this::stop);
    RaftLog left = java.util.Objects.requireNonNull(logs.get(leader));
    await("it knows of no leader", () -> left.status().role() == ReplicaStatus.Role.LEADERLESS);
    stop(leader);
    assertThat(left.status().role()).isEqualTo(ReplicaStatus.Role.STOPPED);
  }

  private static void delete(Path tree) throws IOException {
    try (var files = Files.walk(tree)) {
      files.sorted(java.util.Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    }
  }
}
