package dev.kindstead.replication;

import static dev.kindstead.replication.ReplicatedLogContract.propose;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.replication.ReplicaStatus.Role;
import dev.kindstead.replication.ReplicatedLog.Outcome;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the replicas of a group keep together, on every {@link ReplicatedLog} that has groups. It
 * asks for nothing that a leader deposed at any moment would make untrue.
 */
@Timeout(90)
abstract class ReplicatedGroupContract {
  static final List<String> IDS = List.of("alpha", "beta", "gamma");
  private static final List<String> NOBODY = List.of();
  private static final int BURST = 40;
  private static final long LAST = Long.MIN_VALUE;
  private static final long MEANWHILE = -1_000;

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path directory;

  private final Map<String, ReplicatedLog> logs = new TreeMap<>();
  private final Map<String, RecordingReader> readers = new TreeMap<>();

  /**
   * A log over what an earlier one of this node left, not started.
   *
   * @param founders who has a vote at first; nobody for a node that others are to take in
   */
  abstract ReplicatedLog newLog(String id, List<String> founders);

  /** Takes away all that the log of a node has kept, votes too. */
  abstract void loseDisk(String id);

  /** Lets time pass until something holds, and fails when it does not come. */
  abstract void await(String what, BooleanSupplier condition);

  @AfterEach
  final void closeAll() {
    logs.values().forEach(ReplicatedLog::close);
  }

  final void startAll() {
    IDS.forEach(id -> start(id, IDS, new RecordingReader()));
  }

  final void start(String id, List<String> founders, RecordingReader reader) {
    ReplicatedLog log = newLog(id, founders);
    logs.put(id, log);
    readers.put(id, reader);
    log.start(reader);
  }

  /** What is open there has ended when the log has stopped. */
  final ReplicatedLog stop(String id) {
    ReplicatedLog stopped = Objects.requireNonNull(logs.remove(id), id);
    stopped.close();
    return stopped;
  }

  final ReplicatedLog log(String id) {
    return Objects.requireNonNull(logs.get(id), id);
  }

  final RecordingReader reader(String id) {
    return Objects.requireNonNull(readers.get(id), id);
  }

  /** Of those that run and were told to lead the latest one; others may not know of it yet. */
  final String leader() {
    var found = new ArrayList<String>();
    await(
        "a leader",
        () -> {
          leading().ifPresent(found::add);
          return !found.isEmpty();
        });
    return found.getFirst();
  }

  private Optional<String> leading() {
    return logs.keySet().stream()
        .filter(id -> reader(id).isLeading())
        .max(Comparator.comparingLong(id -> reader(id).leaderTerm));
  }

  final String follower() {
    String leader = leader();
    return logs.keySet().stream().filter(id -> !id.equals(leader)).findFirst().orElseThrow();
  }

  final <T> T ended(CompletableFuture<T> future) {
    await("an end", future::isDone);
    return future.join();
  }

  /** Proposes to everyone until someone applies it; an UNKNOWN may have been applied too. */
  final void commit(long number) {
    await(
        "commit of " + number,
        () ->
            logs.values().stream().anyMatch(log -> ended(propose(log, number)) == Outcome.APPLIED));
  }

  final Set<Long> commit(long from, long until) {
    var acknowledged = new TreeSet<Long>();
    for (long number = from; number < until; number++) {
      commit(number);
      acknowledged.add(number);
    }
    return acknowledged;
  }

  private boolean barrier(ReplicatedLog log) {
    var reached = new CompletableFuture<Boolean>();
    log.readBarrier(reached::complete);
    return ended(reached);
  }

  private void checkpoint(ReplicatedLog log) {
    var done = new CompletableFuture<Boolean>();
    log.requestCheckpoint(() -> done.complete(true));
    ended(done);
  }

  private static CompletableFuture<String> change(ReplicatedLog log, Members next) {
    var whyNot = new CompletableFuture<String>();
    log.changeMembers(next, whyNot::complete);
    return whyNot;
  }

  /**
   * Waits with entries going on: a change may need them, for JRaft at times hears only by the next
   * one that a newcomer has caught up.
   */
  private void awaitAmongEntries(CompletableFuture<?> change, Runnable look) {
    var entries = new ArrayList<CompletableFuture<Outcome>>();
    await(
        "the end of a change",
        () -> {
          if (entries.stream().allMatch(CompletableFuture::isDone)) {
            leading().ifPresent(id -> entries.add(propose(log(id), MEANWHILE)));
          }
          look.run();
          return change.isDone();
        });
  }

  /** As {@code MemberChanges} does: again until it has come about. */
  private void changeTo(Members next) {
    var refusals = new TreeSet<String>();
    try {
      await(
          "members " + next,
          () -> {
            var change = change(log(leader()), next);
            awaitAmongEntries(change, () -> {});
            refusals.add(change.join());
            return change.join().isEmpty() && log(leader()).members().equals(next);
          });
    } catch (AssertionError late) {
      throw new AssertionError("members " + next + " refused because of " + refusals, late);
    }
  }

  private void awaitEverywhere(Set<Long> numbers) {
    for (String id : logs.keySet()) {
      await(id + " has all", () -> new TreeSet<>(reader(id).numbers()).containsAll(numbers));
    }
    var histories = new ArrayList<List<LogEntry>>();
    for (String id : logs.keySet()) {
      synchronized (reader(id)) {
        assertThat(reader(id).complaints).isEmpty();
        histories.add(List.copyOf(reader(id).applied));
      }
    }
    int shortest = histories.stream().mapToInt(List::size).min().orElseThrow();
    for (List<LogEntry> history : histories) {
      assertThat(history.subList(0, shortest))
          .usingRecursiveComparison()
          .isEqualTo(histories.getFirst().subList(0, shortest));
    }
  }

  @Test
  void electsReplicatesAndSurvivesTheLossOfItsLeader() {
    startAll();
    Set<Long> acknowledged = commit(0, 50);
    awaitEverywhere(acknowledged);

    String lost = leader();
    stop(lost);
    acknowledged.addAll(commit(50, 100));
    awaitEverywhere(acknowledged);

    start(lost, IDS, reader(lost).afterCrash(10));
    awaitEverywhere(acknowledged);
  }

  @Test
  void growsFromOneVoterToThreeAndSurvivesTheLossOfTheFirst() {
    start("alpha", List.of("alpha"), new RecordingReader());
    commit(0);
    ReplicatedLog alpha = log("alpha");
    assertThat(alpha.isAlone()).isTrue();
    start("beta", NOBODY, new RecordingReader());
    start("gamma", NOBODY, new RecordingReader());
    commit(1);
    alpha.expectMembers();
    assertThat(alpha.isAlone()).isFalse();
    changeTo(Members.of(IDS));

    stop("alpha");
    commit(2);
    awaitEverywhere(Set.of(0L, 1L, 2L));
    assertThat(logs.values()).noneMatch(ReplicatedLog::isAlone);
  }

  /** A node that goes may be the one that leads; who has the only vote is alone again. */
  @Test
  void membersGoUntilOneIsAlone() {
    start("alpha", List.of("alpha"), new RecordingReader());
    start("beta", NOBODY, new RecordingReader());
    start("gamma", NOBODY, new RecordingReader());
    commit(0);
    for (String only : List.of("alpha", "beta")) {
      log(leader()).expectMembers();
      changeTo(Members.of(IDS));
      assertThat(logs.values()).noneMatch(ReplicatedLog::isAlone);
      changeTo(Members.of(List.of(only)));
      await(only + " to be alone", log(only)::isAlone);
      await(only + " to know", log(only)::isMember);
    }
    assertThat(log("alpha").isAlone()).isFalse();
    assertThat(log("gamma").isAlone()).isFalse();
    await("alpha to lead no more", () -> log("alpha").answering().isEmpty());
    stop("alpha");
    stop("gamma");
    commit(1);
    awaitEverywhere(Set.of(0L, 1L));
  }

  @Test
  void anotherNodeTakesThePlaceOfADeadOne() {
    startAll();
    commit(0);
    String dead = follower();
    stop(dead);
    commit(1);
    start("delta", NOBODY, new RecordingReader());
    var left = new TreeSet<>(IDS);
    left.remove(dead);
    await("the dead one to be missed", () -> log(leader()).answering().equals(left));
    changeTo(Members.of(IDS).with(List.of("delta")).without(List.of(dead)));
    commit(2);
    awaitEverywhere(Set.of(0L, 1L, 2L));
    await("delta to know", log("delta")::isMember);
    assertThat(log(leader()).hasMember("delta")).isTrue();
    assertThat(log(leader()).hasMember(dead)).isFalse();

    // With the newcomer's vote one more may die.
    stop(leader());
    commit(3);
    awaitEverywhere(Set.of(0L, 1L, 2L, 3L));
  }

  /** Of two that begin at the same time, whichever is first; a replica without a vote has none. */
  @Test
  void aChangeOfMembersIsRefusedWhileAnotherGoesOn() {
    startAll();
    start("delta", NOBODY, new RecordingReader());
    commit(0);
    assertThat(ended(change(log("delta"), Members.of(IDS)))).isNotEmpty();
    await("one of two to be refused", this::oneOfTwoChangesIsRefused);
    Members all = Members.of(IDS).with(List.of("delta"));
    changeTo(all);
    commit(1);
    awaitEverywhere(Set.of(0L, 1L));
    await("all to know", () -> logs.values().stream().allMatch(log -> log.members().equals(all)));
  }

  private boolean oneOfTwoChangesIsRefused() {
    ReplicatedLog leads = log(leader());
    Members before = leads.members();
    Members one = changed(before, "delta");
    Members other = changed(before, follower());
    var first = change(leads, one);
    var second = change(leads, other);
    awaitAmongEntries(
        CompletableFuture.allOf(first, second),
        () -> {
          var voters = new TreeSet<>(leads.members().voters());
          Set<String> answering = leads.answering();
          voters.addAll(leads.members().voters());
          assertThat(voters).as("voters, of which some answer").containsAll(answering);
        });
    await("a leader that knows", () -> !log(leader()).members().voters().isEmpty());
    assertThat(log(leader()).members()).isIn(before, one, other);
    return first.join().isEmpty() != second.join().isEmpty();
  }

  private static Members changed(Members members, String id) {
    List<String> one = List.of(id);
    return members.voters().contains(id) ? members.without(one) : members.with(one);
  }

  @Test
  void aMemberThatLostItsDiskGetsACheckpoint() {
    startAll();
    commit(0);
    String lost = follower();
    stop(lost);
    var acknowledged = new TreeSet<Long>();
    for (long n = 1; n < 60; n += 20) {
      acknowledged.addAll(commit(n, n + 20));
      logs.values().forEach(this::checkpoint);
    }
    loseDisk(lost);
    start(lost, IDS, new RecordingReader());
    awaitEverywhere(acknowledged);
    assertThat(reader(lost).checkpointsLoaded).isPositive();
  }

  @Test
  void everyReplicaSaysHowItStands() {
    ReplicatedLog early = newLog("alpha", IDS);
    assertThat(early.status()).isEqualTo(ReplicaStatus.UNKNOWN);
    assertServesNobody(early);
    early.close();
    startAll();
    awaitEverywhere(commit(0, 5));
    await("all to agree on who leads", () -> IDS.stream().allMatch(this::standsRight));
    for (String id : IDS) {
      await(id + " to have all", () -> barrier(log(id)));
      assertThat(reader(id).numbers()).contains(0L, 1L, 2L, 3L, 4L);
    }

    String last = leader();
    IDS.stream().filter(id -> !id.equals(last)).forEach(id -> assertStopped(stop(id)));
    ReplicatedLog left = log(last);
    assertThat(ended(propose(left, 5))).as("without a majority").isNotEqualTo(Outcome.APPLIED);
    assertThat(barrier(left)).as("without a majority").isFalse();
    await("it knows of no leader", () -> left.status().role() == Role.LEADERLESS);
    assertThat(left.leader()).isEmpty();
    assertThat(left.status().leader()).isEmpty();
    assertThat(left.answering()).isEmpty();
    assertStopped(stop(last));
  }

  private boolean standsRight(String id) {
    String leader = leader();
    boolean leads = id.equals(leader);
    ReplicatedLog log = log(id);
    long applied = reader(id).appliedLogIndex();
    ReplicaStatus status = log.status();
    assertThat(status.appliedLogIndex()).isGreaterThanOrEqualTo(applied);
    assertThat(status.committedLogIndex()).isGreaterThanOrEqualTo(status.appliedLogIndex());
    assertThat(status.lastLogIndex()).isGreaterThanOrEqualTo(status.committedLogIndex());
    assertThat(status.voters()).isEqualTo(IDS);
    assertThat(log.members()).isEqualTo(Members.of(IDS));
    assertThat(log.isMember()).isTrue();
    assertThat(log.isAlone()).isFalse();
    return status.role() == (leads ? Role.LEADS : Role.FOLLOWS)
        && status.leader().equals(leader)
        && log.leader().equals(Optional.of(leader))
        && status.term() == reader(leader).leaderTerm
        && log.answering().equals(leads ? Set.copyOf(IDS) : Set.of());
  }

  private void assertStopped(ReplicatedLog stopped) {
    assertThat(stopped.status().role()).isEqualTo(Role.STOPPED);
    assertThat(stopped.status().leader()).isEmpty();
    assertServesNobody(stopped);
  }

  private void assertServesNobody(ReplicatedLog log) {
    assertThat(log.leader()).isEmpty();
    assertThat(log.answering()).isEmpty();
    assertThat(ended(propose(log, 99))).isEqualTo(Outcome.NOT_APPLIED);
    assertThat(barrier(log)).isFalse();
    assertThat(ended(change(log, Members.of(IDS)))).isNotEmpty();
    checkpoint(log);
    assertThat(log.quietNanos()).isNotNegative();
  }

  /** To all replicas, while leaders are asked to go or stopped. */
  @Test
  void outcomesAreHonestWhileLeadersGo() {
    startAll();
    var outcomes = new HashMap<Long, CompletableFuture<Outcome>>();
    for (int round = 0; round < 4 || applied(outcomes).size() < BURST; round++) {
      burst(outcomes);
      outcomes.values().forEach(this::ended);
      burst(outcomes);
      log(leader()).resignLeadership();
      burst(outcomes);
      String lost = leader();
      burst(outcomes);
      var told = new CompletableFuture<Boolean>();
      log(lost).readBarrier(told::complete);
      var over = new CompletableFuture<Boolean>();
      log(lost).requestCheckpoint(() -> over.complete(true));
      stop(lost);
      ended(told);
      ended(over);
      commit(-1 - round);
      RecordingReader before = reader(lost);
      start(lost, IDS, before.afterCrash(before.numbers().size()));
    }
    commit(LAST);
    var applied = applied(outcomes);
    applied.add(LAST);
    awaitEverywhere(applied);
    for (String id : IDS) {
      for (long n : reader(id).numbers()) {
        assertThat(n >= 0 && Objects.requireNonNull(outcomes.get(n)).join() == Outcome.NOT_APPLIED)
            .as("%s has applied %d, of which was said that it never would be", id, n)
            .isFalse();
      }
    }
  }

  private Set<Long> applied(Map<Long, CompletableFuture<Outcome>> outcomes) {
    var applied = new TreeSet<Long>();
    outcomes.forEach((n, outcome) -> {
      if (ended(outcome) == Outcome.APPLIED) {
        applied.add(n);
      }
    });
    return applied;
  }

  private void burst(Map<Long, CompletableFuture<Outcome>> outcomes) {
    for (int i = 0; i < BURST; i++) {
      logs.forEach((id, log) -> {
        long n = outcomes.size();
        RecordingReader there = reader(id);
        var checked =
            propose(log, n)
                .thenApply(outcome -> {
                  if (outcome == Outcome.APPLIED && !there.numbers().contains(n)) {
                    throw new AssertionError(n + " is reported before it is applied");
                  }
                  return outcome;
                });
        outcomes.put(n, checked);
      });
    }
  }

  @Test
  void leadershipGoesWhereItIsAskedTo() {
    startAll();
    commit(0);
    for (String next : IDS) {
      await(
          next + " to lead",
          () -> {
            String leads = leader();
            log(leads).transferLeadership(next);
            return leads.equals(next);
          });
    }
    await(
        "another one than gamma to lead",
        () -> {
          log("gamma").resignLeadership();
          return !leader().equals("gamma");
        });
    commit(1);

    // To a node that is not there it does not go: the same one leads on, or another does.
    String away = follower();
    stop(away);
    log(leader()).transferLeadership(away);
    commit(2);
    awaitEverywhere(Set.of(0L, 1L, 2L));
  }

  @Test
  void aReplicaOfWhichWhatStandsAboveHasFailedTakesNoPart() {
    startAll();
    commit(0);
    String failed = leader();
    var cause = new IllegalStateException("planned");
    log(failed).fail(cause);
    await("the failure", () -> reader(failed).failure == cause);
    log(failed).fail(new IllegalStateException("another"));
    await("another leader", () -> !leader().equals(failed));
    commit(1);
    assertThat(reader(failed).isLeading()).isFalse();
    assertStopped(log(failed));
    assertThat(reader(failed).complaints).isEmpty();
    assertThat(reader(failed).failure).isSameAs(cause);
  }
}
