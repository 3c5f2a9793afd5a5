package dev.kindstead.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.environment.HandTime;
import dev.kindstead.replication.Command;
import dev.kindstead.replication.Members;
import dev.kindstead.replication.NodePlace;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Of two voters the loss of either stops everything: a cluster grows from one to three at once, and
 * a voter goes only where another comes.
 */
final class TwoVotersTest {
  private static final Duration REPLACE_AFTER = Duration.ofMinutes(10);
  private static final Members ALONE = Members.of(List.of("a"));
  private static final Members THREE = Members.of(List.of("a", "b", "c"));

  private final FakeLog system = new FakeLog("a", ALONE);
  private final FakeLog shard = new FakeLog("a", ALONE);

  @BeforeEach
  void leadTheShard() {
    shard.answer("a");
  }

  private final HandTime time = new HandTime();
  private final Set<String> removed = new HashSet<>();
  private final Set<String> admitted = new HashSet<>();
  private final Map<String, Duration> silent = new HashMap<>();
  private boolean serving = true;
  private int warnings;
  private final MemberChanges.Office office =
      new MemberChanges.Office() {
        @Override
        public boolean isServing() {
          return serving;
        }

        @Override
        public void expectOthers() {
          warnings++;
        }

        @Override
        public Set<String> removed() {
          return removed;
        }

        /** Whoever is there is written down already. */
        @Override
        public Map<String, Command.PutNode> nodes() {
          var nodes = new TreeMap<String, Command.PutNode>();
          for (String each : List.of("a", "b", "c", "d", "e", "f", "g")) {
            if (admitted.contains(each) || system.answering().contains(each)) {
              nodes.put(each, new Command.PutNode(each, NodePlace.ANYWHERE, false));
            }
          }
          return nodes;
        }

        @Override
        public CompletableFuture<Void> put(Command.PutNode node) {
          return CompletableFuture.failedFuture(new AssertionError("written down: " + node));
        }

        @Override
        public Map<String, NodePlace> places() {
          return Map.of();
        }

        @Override
        public Map<String, Duration> silent() {
          return silent;
        }
      };

  /** No more nodes than voters. */
  private final ReplicaPlacement placement =
      new ReplicaPlacement(
          1, () -> Optional.of(new Roster(system.members().voters(), new TreeMap<>())));

  private final MemberChanges changes =
      new MemberChanges(system, List.of(shard), placement, "a", office, REPLACE_AFTER, time, time);

  @BeforeEach
  void start() {
    changes.start();
  }

  private void look() {
    time.ring();
  }

  private void admit(String nodeId) {
    admitted.add(nodeId);
    assertThat(changes.admit(nodeId, NodePlace.ANYWHERE)).isEmpty();
  }

  private void bothChangeTo(Members next) {
    look();
    assertThat(system.asked()).containsExactly(next);
    system.end("");
    look();
    assertThat(shard.asked()).containsExactly(next);
    shard.end("");
  }

  private void isThree() {
    for (FakeLog log : List.of(system, shard)) {
      log.changeMembers(THREE, failure -> {});
      log.end("");
    }
    system.answer("a", "b", "c");
  }

  @Test
  void oneNodeMoreChangesNothing() {
    admit("b");
    look();
    look();
    assertThat(system.asked()).isEmpty();
    assertThat(warnings).isZero();
  }

  @Test
  void twoNodesMoreGetTheirVotesTogetherTheSystemGroupFirst() {
    admit("c");
    admit("b");
    admit("b");
    look();
    assertThat(system.asked()).containsExactly(THREE);
    assertThat(warnings).as("told that another node may become the oracle").isOne();
    look();
    assertThat(shard.asked()).as("one change at a time").isEmpty();
    system.end("");
    look();
    assertThat(shard.asked()).containsExactly(THREE);
    shard.end("");
    look();
    assertThat(system.asked()).isEmpty();
    assertThat(shard.asked()).isEmpty();
  }

  @Test
  void aChangeThatFailedIsTriedAgain() {
    admit("b");
    admit("c");
    look();
    system.end("node b failed to catch up");
    look();
    assertThat(system.asked()).containsExactly(THREE);
  }

  @Test
  void whoServesNextBringsTheShardsToTheSystemGroupsMembers() {
    system.changeMembers(THREE, failure -> {});
    system.end("");
    look();
    assertThat(shard.asked()).containsExactly(THREE);
  }

  @Test
  void shardsThatAnotherNodeLeadsAreLeftToIt() {
    system.changeMembers(THREE, failure -> {});
    system.end("");
    shard.lead("b");
    shard.answer();
    look();
    assertThat(shard.asked()).isEmpty();
  }

  @Test
  void aFourthNodeGetsNoVoteWhileAllThreeAnswer() {
    isThree();
    admit("d");
    time.pass(REPLACE_AFTER);
    admit("d");
    look();
    assertThat(system.asked()).isEmpty();
  }

  @Test
  void aSpareTakesThePlaceOfAVoterThatDoesNotAnswerForLong() {
    isThree();
    look();
    system.answer("a", "b");
    time.pass(REPLACE_AFTER.minusSeconds(1));
    admit("d");
    look();
    assertThat(system.asked()).isEmpty();
    time.pass(Duration.ofSeconds(1));
    bothChangeTo(Members.of(List.of("a", "b", "d")));
    look();
    assertThat(changes.move()).isEmpty();
  }

  @Test
  void withoutASpareALostVoterKeepsItsVote() {
    isThree();
    look();
    system.answer("a", "b");
    time.pass(REPLACE_AFTER);
    look();
    assertThat(system.asked()).isEmpty();
  }

  @Test
  void aSpareThatHasNotAskedLatelyDoesNotCount() {
    isThree();
    admit("d");
    system.answer("a", "b");
    look();
    time.pass(REPLACE_AFTER);
    look();
    assertThat(system.asked()).isEmpty();
  }

  /** It asks to take part, so it is a candidate; but nobody can send it a log. */
  @Test
  void aSpareThatCannotBeReachedIsFollowedByTheNextOne() {
    isThree();
    look();
    system.answer("a", "b");
    time.pass(REPLACE_AFTER);
    for (String tried : List.of("d", "e", "f", "d")) {
      List.of("d", "e", "f").forEach(this::admit);
      look();
      assertThat(system.asked()).containsExactly(Members.of(List.of("a", "b", tried)));
      system.end("it could not be reached");
    }
    time.pass(Duration.ofMinutes(1));
    List.of("d", "e", "f").forEach(this::admit);
    look();
    assertThat(system.asked()).as("forgotten").containsExactly(Members.of(List.of("a", "b", "d")));
  }

  @Test
  void whoServesNextDoesNotCountTheAbsenceOfANodeAnewButListensForAWhile() {
    isThree();
    system.answer("a", "b");
    silent.put("c", REPLACE_AFTER.minusSeconds(20));
    for (int seconds = 0; seconds < 20; seconds++) {
      admit("d");
      look();
      assertThat(system.asked()).as("after %d s", seconds).isEmpty();
      time.pass(Duration.ofSeconds(1));
    }
    admit("d");
    bothChangeTo(Members.of(List.of("a", "b", "d")));
    silent.put("b", REPLACE_AFTER.multipliedBy(2));
    serving = false;
    look();
    serving = true;
    system.answer("a", "d");
    admit("e");
    look();
    time.pass(Duration.ofSeconds(9));
    admit("e");
    look();
    assertThat(system.asked()).isEmpty();
    time.pass(Duration.ofSeconds(1));
    look();
    assertThat(system.asked()).containsExactly(Members.of(List.of("a", "d", "e")));
  }

  @Test
  void aNodeIsRemovedOnlyWhereASpareTakesItsPlace() {
    isThree();
    assertThat(changes.whyNotRemove("c")).contains("no other node is there to take the place");
    assertThat(changes.whyNotRemove("x")).isEmpty();
    admit("d");
    assertThat(changes.whyNotRemove("c")).isEmpty();
    removed.add("c");
    assertThat(changes.whyNotRemove("c")).isEmpty();
    assertThat(changes.whyNotRemove("b")).contains("the place of b, besides that of c");
    bothChangeTo(Members.of(List.of("a", "b", "d")));
    assertThat(changes.admit("c", NodePlace.ANYWHERE)).contains("was removed");
    assertThat(changes.wish(Set.of("c"))).contains("was removed");
  }

  @Test
  void aSpareThatWasNotHeardLatelyIsNamedToWhoWouldStartAnother() {
    isThree();
    admitted.add("d");
    assertThat(changes.whyNotRemove("c")).contains("d could, but has not said so for 5 s");
    removed.add("d");
    assertThat(changes.whyNotRemove("c")).contains("Start another node with --join first");
  }

  @Test
  void theOnlyNodeIsNotRemoved() {
    assertThat(changes.whyNotRemove("a")).contains("the only one");
  }

  @Test
  void twoSparesTogetherMakeThreeVotersFive() {
    isThree();
    look();
    admit("d");
    admit("e");
    assertThat(changes.wish(Set.of("d"))).contains("two are added at a time");
    assertThat(changes.wish(Set.of("x"))).contains("has not asked");
    assertThat(changes.wish(Set.of("b"))).contains("has a vote already");
    look();
    assertThat(system.asked()).isEmpty();
    assertThat(changes.wish(Set.of("d", "e"))).isEmpty();
    bothChangeTo(Members.of(List.of("a", "b", "c", "d", "e")));
  }

  @Test
  void aWishReplacesAVoterThatDoesNotAnswerAtOnce() {
    isThree();
    look();
    admit("d");
    admit("e");
    admit("f");
    system.answer("a", "c");
    assertThat(changes.wish(Set.of("d", "e", "f")))
        .startsWith("3 nodes have a vote, and 1 of them does not answer. A node takes");
    assertThat(changes.wish(Set.of("e"))).isEmpty();
    bothChangeTo(Members.of(List.of("a", "c", "e")));
  }

  /** The others may be about to answer again: nobody has wished them away. */
  @Test
  void aWishGivesUpOneVoterTheOneThatIsMissingLongest() {
    for (FakeLog log : List.of(system, shard)) {
      log.changeMembers(Members.of(List.of("a", "b", "c", "d", "e")), failure -> {});
      log.end("");
    }
    system.answer("a", "b", "c", "d", "e");
    look();
    system.answer("a", "b", "d", "e");
    time.pass(Duration.ofSeconds(1));
    look();
    system.answer("a", "d", "e");
    time.pass(Duration.ofSeconds(1));
    look();
    admit("f");
    admit("g");
    assertThat(changes.wish(Set.of("g"))).isEmpty();
    bothChangeTo(Members.of(List.of("a", "b", "d", "e", "g")));
    look();
    assertThat(system.asked()).as("f takes nobody's place").isEmpty();
  }

  @Test
  void onlyTheNodeThatServesChangesAnything() {
    serving = false;
    admit("b");
    admit("c");
    look();
    assertThat(system.asked()).isEmpty();
  }
}
