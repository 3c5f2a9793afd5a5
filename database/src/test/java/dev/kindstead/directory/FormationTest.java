package dev.kindstead.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Two clusters from one list, or a member that has forgotten what it acknowledged, lose data. */
final class FormationTest {
  private static final List<String> THREE = List.of("a:1", "b:1", "c:1");

  private final Village village = new Village();

  @Test
  void threeNodesFoundOneCluster() {
    village.start("a:1", THREE);
    village.start("b:1", List.of("c:1", "b:1", "a:1"));
    village.rounds(1);
    assertThat(village.told("a:1")).contains("waiting to meet 3 nodes: met 2 (c:1: nobody there)");
    village.start("c:1", THREE);
    village.rounds(3);
    List<NodeIdentity> identities = THREE.stream().map(village::identity).toList();
    NodeIdentity first = identities.getFirst();
    assertThat(identities)
        .allMatch(each -> each.clusterId().equals(first.clusterId()))
        .allMatch(each -> each.transactionKey().equals(first.transactionKey()))
        .allMatch(each -> each.members().size() == 3);
    assertThat(identities).extracting(NodeIdentity::nodeNumber).containsExactlyInAnyOrder(1, 2, 3);
  }

  @Test
  void differentListsFoundNothing() {
    village.start("a:1", THREE);
    village.start("b:1", List.of("a:1", "b:1", "d:1"));
    village.start("c:1", THREE);
    village.start("d:1", List.of("a:1", "b:1", "d:1"));
    village.rounds(5);
    assertThat(village.isReady("a:1")).isFalse();
    assertThat(village.isReady("d:1")).isFalse();
    assertThat(village.told("a:1")).contains("was started with --join a:1,b:1,d:1");
  }

  @Test
  void listsOfTwoAreRefused() {
    village.start("a:1", List.of("a:1", "b:1"));
    refused("a:1", "3 or 5");
  }

  /** It would serve what it has of its own, as if that were the cluster's. */
  @Test
  void aDiskOfAnotherClusterIsRefused() {
    village.found(THREE);
    village.found(List.of("lone:1"));
    village.restart("lone:1", List.of("a:1", "b:1", "lone:1"));
    refused("lone:1", "this is another cluster");
    village.found(List.of("x:1", "y:1", "z:1"));
    village.restart("x:1", List.of("x:1", "b:1", "c:1"));
    assertThat(village.isReady("x:1")).as("has met its own cluster's members").isTrue();
    village.stop("y:1");
    village.stop("z:1");
    village.restart("x:1", List.of("x:1", "b:1", "c:1"));
    refused("x:1", "start it with the addresses of that cluster");
  }

  @Test
  void memberWaitsForAMajorityAtEachStart() {
    village.found(THREE);
    THREE.forEach(village::stop);
    village.start("b:1", THREE);
    village.rounds(2);
    assertThat(village.isReady("b:1")).isFalse();
    assertThat(village.told("b:1"))
        .contains("waiting for a majority of the cluster's 3 nodes: met 1");
    village.start("c:1", THREE);
    village.rounds(2);
    assertThat(village.isReady("b:1")).isTrue();
    assertThat(village.isReady("c:1")).isTrue();
  }

  @Test
  void oldCopyOfADiskIsRefused() {
    village.found(THREE);
    village.restart("a:1", THREE);
    village.copyDisk("a:1");
    village.restart("a:1", THREE);
    village.restart("a:1", THREE);
    village.stop("a:1");
    village.putBackDisk("a:1");
    village.start("a:1", THREE);
    refused("a:1", "older copy");
  }

  @Test
  void copiedDiskWithTheSameCountIsRefused() {
    village.found(THREE);
    village.copyDisk("a:1");
    village.restart("a:1", THREE);
    village.stop("a:1");
    village.putBackDisk("a:1");
    village.start("a:1", THREE);
    refused("a:1", "older copy");
  }

  /** A service manager starts again what has ended. */
  @Test
  void oldCopyIsRefusedHoweverOftenItStarts() {
    village.found(THREE);
    village.copyDisk("a:1");
    village.restart("a:1", THREE);
    village.stop("a:1");
    village.putBackDisk("a:1");
    for (int start = 0; start < 4; start++) {
      village.restart("a:1", THREE);
      refused("a:1", "older copy");
    }
  }

  /** Its count has passed what the others have heard of before it meets them. */
  @Test
  void oldCopyThatHasStartedAloneIsRefused() {
    village.found(THREE);
    village.copyDisk("a:1");
    village.restart("a:1", THREE);
    village.stop("a:1");
    village.putBackDisk("a:1");
    for (int start = 0; start < 3; start++) {
      village.restart("a:1", List.of("a:1"));
      assertThat(village.isReady("a:1")).isFalse();
    }
    village.restart("a:1", THREE);
    refused("a:1", "older copy");
  }

  @Test
  void aNodeIsKnownWhoseStartsOthersMissed() {
    village.found(THREE);
    village.stop("b:1");
    for (int start = 0; start < 5; start++) {
      village.restart("a:1", THREE);
    }
    village.start("b:1", THREE);
    village.restart("a:1", THREE);
    assertThat(village.isReady("a:1")).isTrue();
    assertThat(village.isReady("b:1")).isTrue();
  }

  @Test
  void aNodeThatKnowsNoneOfItsRunsIsBelievedByItsCount() {
    village.found(THREE);
    village.restart("a:1", THREE);
    village.forgetPast("a:1");
    village.restart("a:1", THREE);
    assertThat(village.isReady("a:1")).isTrue();
  }

  @Test
  void nodesOfAnotherClusterAreNotCounted() {
    village.found(THREE);
    village.found(List.of("d:1", "e:1", "f:1"));
    village.stop("a:1");
    village.start("a:1", List.of("a:1", "d:1", "e:1"));
    refused("a:1", "this is another cluster");
  }

  @Test
  void aNodeThatComesLaterAsksUntilItIsTaken() {
    village.found(THREE);
    village.answerJoins("b:1", "no node of the cluster serves now");
    village.start("x:1", List.of("b:1"));
    village.rounds(2);
    assertThat(village.isReady("x:1")).isFalse();
    assertThat(village.told("x:1")).contains("no node of the cluster serves now");
    village.answerJoins("b:1", "");
    village.rounds(2);
    NodeIdentity follower = village.identity("x:1");
    assertThat(village.asked()).contains(follower.nodeId());
    assertThat(follower.clusterId()).isEqualTo(village.identity("b:1").clusterId());
    assertThat(follower.transactionKey()).isEqualTo(village.identity("b:1").transactionKey());
    assertThat(follower.members()).isEmpty();
    assertThat(follower.isAlone()).isFalse();
  }

  /** Its own disk says that it takes part, and it would wait for a leader without a word. */
  @Test
  void aNodeThatWasRemovedHearsItWhenItComesBack() {
    village.found(THREE);
    village.answerJoins("b:1", "");
    village.answerJoins("c:1", "");
    village.restart("a:1", THREE);
    assertThat(village.isReady("a:1")).isTrue();
    village.askAgain("a:1");
    assertThat(village.allTold("a:1")).isEmpty();
    village.answerJoins("b:1", "node a was removed");
    village.answerJoins("c:1", "node a was removed");
    village.askAgain("a:1");
    village.askAgain("a:1");
    assertThat(village.allTold("a:1"))
        .containsExactly("this node is not taken into the cluster: node a was removed");
  }

  /** It knows no member by itself, and nobody would tell it that its disk is an old copy. */
  @Test
  void aNodeWithoutAVoteWaitsForAMajorityToo() {
    village.found(THREE);
    village.answerJoins("b:1", "");
    village.start("x:1", List.of("b:1"));
    village.rounds(3);
    assertThat(village.isReady("x:1")).isTrue();
    village.stop("x:1");
    village.stop("a:1");
    village.stop("c:1");
    village.start("x:1", List.of("b:1"));
    village.rounds(3);
    assertThat(village.isReady("x:1")).isFalse();
    assertThat(village.told("x:1"))
        .contains("waiting for a majority of the cluster's 3 nodes: met 1");
    village.start("c:1", THREE);
    village.rounds(3);
    assertThat(village.isReady("x:1")).isTrue();
  }

  /** All that it knew are gone: those that have the votes now will do. */
  @Test
  void aFormerMemberMeetsTheMembersOfToday() {
    village.found(THREE);
    village.answerJoins("b:1", "");
    List<String> later = List.of("d:1", "e:1", "f:1");
    later.forEach(each -> village.start(each, List.of("b:1")));
    village.rounds(3);
    List<String> members = later.stream().map(each -> village.identity(each).nodeId()).toList();
    later.forEach(each -> village.setMembers(each, members));
    THREE.forEach(village::stop);
    village.start("a:1", later);
    village.rounds(2);
    assertThat(village.isReady("a:1")).isTrue();
  }

  private void refused(String address, String why) {
    assertThatThrownBy(() -> village.identity(address))
        .hasCauseInstanceOf(Formation.JoinRefused.class)
        .hasMessageContaining(why);
  }
}
