package dev.kindstead.directory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.environment.Network.AnswerLost;
import dev.kindstead.environment.Network.NotDelivered;
import dev.kindstead.environment.Network.Refused;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Only what was certainly not done has a reason why not. */
final class VerdictLostTest {
  private static CompletableFuture<String> outcome(RuntimeException failure) {
    return MembershipMessages.outcome(CompletableFuture.failedFuture(failure));
  }

  @Test
  void aVerdictIsWhatTheNodeSaid() {
    byte[] answer = MembershipMessages.verdict("it has no vote", "", "");
    assertThat(MembershipMessages.outcome(CompletableFuture.completedFuture(answer)))
        .isCompletedWithValue("it has no vote");
  }

  @Test
  void whatNeverLeftWasNotDone() {
    assertThat(outcome(new NotDelivered("no connection"))).isCompletedWithValue("no connection");
  }

  @Test
  void ofTheRestNobodyKnows() {
    assertThat(outcome(new AnswerLost("too late"))).isCompletedExceptionally();
    assertThat(outcome(new Refused("the handler failed, perhaps half-way")))
        .isCompletedExceptionally();
  }
}
