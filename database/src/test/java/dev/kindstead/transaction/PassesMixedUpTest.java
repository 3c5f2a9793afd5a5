package dev.kindstead.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.model.Bytes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Readers that share a question each get an answer that is good for their own time and keys. */
final class PassesMixedUpTest {
  private final List<ShardQuestion.Pass> asked = new ArrayList<>();
  private final List<CompletableFuture<Long>> answers = new ArrayList<>();
  private final World time = new World();
  private final Passes passes = new Passes(this::ask, time, time);

  private CompletableFuture<Long> ask(ShardQuestion.Pass pass) {
    asked.add(pass);
    answers.add(new CompletableFuture<>());
    return answers.getLast();
  }

  private CompletableFuture<Long> pass(long micros, long term, long applied, int key) {
    return passes.pass(
        new ShardQuestion.Pass(micros, term, applied, List.of(Bytes.of(new byte[] {(byte) key}))));
  }

  @Test
  void whoComesMeanwhileSharesTheNextQuestion() {
    var first = pass(10, 3, 50, 1);
    var second = pass(12, 3, 40, 2);
    var third = pass(11, 4, 60, 3);
    assertThat(asked).hasSize(1);
    answers.getFirst().complete(70L);
    assertThat(first.join()).isEqualTo(70);
    assertThat(second).as("its question was not the one that was answered").isNotDone();
    ShardQuestion.Pass both = asked.get(1);
    assertThat(both.micros()).isEqualTo(12);
    assertThat(both.term()).isEqualTo(4);
    assertThat(both.applied()).isEqualTo(40);
    assertThat(both.keys()).hasSize(2);
    answers.get(1).complete(80L);
    assertThat(second.join()).isEqualTo(80);
    assertThat(third.join()).isEqualTo(80);
    assertThat(asked).hasSize(2);
  }

  @Test
  void aKeyThatIsInDoubtIsNotInTheWayOfOthers() {
    var doubtful = pass(10, 3, 50, 1);
    var other = pass(12, 3, 40, 2);
    time.pass(Duration.ofMillis(49));
    assertThat(asked).hasSize(1);
    time.pass(Duration.ofMillis(1));
    assertThat(asked).hasSize(2);
    answers.get(1).complete(80L);
    assertThat(other.join()).isEqualTo(80);
    assertThat(doubtful).isNotDone();
    answers.getFirst().complete(90L);
    assertThat(doubtful.join()).isEqualTo(90);
  }

  /** Or every question would carry less than it could from then on. */
  @Test
  void afterASlowAnswerOneIsOnItsWayAgain() {
    var slow = pass(10, 3, 50, 1);
    var beside = pass(10, 3, 50, 2);
    time.pass(Duration.ofMillis(60));
    assertThat(asked).hasSize(2);
    var next = pass(10, 3, 50, 3);
    answers.getFirst().complete(70L);
    assertThat(slow).isCompleted();
    assertThat(asked).as("the second is still on its way").hasSize(2);
    answers.get(1).complete(70L);
    assertThat(beside).isCompleted();
    assertThat(asked).hasSize(3);
    answers.get(2).complete(70L);
    assertThat(next).isCompleted();
  }

  @Test
  void whileAnswersComeNobodyAsksTwice() {
    for (int i = 0; i < 100; i++) {
      var unused = pass(10, 3, 50, i);
      var alsoUnused = pass(10, 3, 50, i);
      time.pass(Duration.ofMillis(10));
      answers.getLast().complete(70L);
    }
    assertThat(asked).hasSizeLessThanOrEqualTo(101);
  }

  @Test
  void aFailureIsOfThoseWhoSharedTheQuestion() {
    var first = pass(10, 3, 50, 1);
    var second = pass(12, 3, 40, 2);
    answers.getFirst().completeExceptionally(TransactionErrors.notLed());
    assertThat(first).isCompletedExceptionally();
    answers.get(1).complete(80L);
    assertThat(second.join()).isEqualTo(80);
  }
}
