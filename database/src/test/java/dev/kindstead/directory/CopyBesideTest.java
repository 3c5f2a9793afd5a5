package dev.kindstead.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A copy of a running node's disk counts one start more, as the node itself does after a restart.
 * Two with one identity would both vote.
 */
final class CopyBesideTest {
  private static final List<String> THREE = List.of("a:1", "b:1", "c:1");

  private final Village village = new Village();

  @BeforeEach
  void found() {
    village.found(THREE);
  }

  @Test
  void theCopyOfANodeThatRunsIsRefused() {
    village.startCopy("a:1", "x:1", THREE);
    village.rounds(2);
    refused("x:1", "runs already, with start 1");
    village.stop("a:1");
    village.restart("x:1", THREE);
    refused("x:1", "runs already, with start 1");
    village.start("a:1", THREE);
    village.rounds(2);
    assertThat(village.isReady("a:1")).isTrue();
  }

  @Test
  void theNodeItselfIsTakenAfterARestartWhoeverHasHeardOfIt() {
    village.restart("a:1", THREE);
    assertThat(village.isReady("a:1")).isTrue();
    village.stop("b:1");
    village.restart("a:1", THREE);
    village.start("b:1", THREE);
    village.rounds(2);
    greetAll("a:1");
    village.restart("a:1", THREE);
    assertThat(village.isReady("a:1")).isTrue();
    assertThat(village.refusals("a:1")).isEmpty();
  }

  /** As after its machine has died without a word. */
  @Test
  void aNodeThatIsSilentIsReplacedAndStopsWhenItIsHeardAgain() {
    village.silence("a:1");
    village.startCopy("a:1", "x:1", THREE);
    village.rounds(2);
    assertThat(village.isReady("x:1")).isTrue();
    greetAll("x:1");
    village.letSpeak("a:1");
    greetAll("a:1");
    assertThat(village.refusals("a:1")).isNotEmpty();
    assertThat(village.refusalKept("a:1")).contains("older copy");
    assertThat(village.refusals("x:1")).isEmpty();
  }

  /** Each has met another node first, which took it. */
  @Test
  void ofTwoCopiesThatBothTakePartOneHearsOfTheOther() {
    village.stop("a:1");
    village.silence("c:1");
    village.startCopy("a:1", "x:1", THREE);
    village.rounds(2);
    assertThat(village.isReady("x:1")).isTrue();
    village.letSpeak("c:1");
    village.silence("b:1");
    village.start("a:1", THREE);
    village.rounds(2);
    assertThat(village.isReady("a:1")).isTrue();
    village.letSpeak("b:1");
    greetAll("x:1");
    assertThat(village.refusals("x:1")).isNotEmpty();
  }

  private void greetAll(String address) {
    village.greet(address);
    village.greet(address);
  }

  private void refused(String address, String why) {
    assertThatThrownBy(() -> village.identity(address))
        .hasCauseInstanceOf(Formation.JoinRefused.class)
        .hasMessageContaining(why);
  }
}
