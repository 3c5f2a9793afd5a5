package dev.kindstead.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.environment.Network;
import dev.kindstead.environment.Network.Handler;
import dev.kindstead.environment.Network.Service;
import dev.kindstead.environment.SystemClock;
import dev.kindstead.environment.Timers;
import dev.kindstead.environment.Waiting;
import dev.kindstead.model.Bytes;
import dev.kindstead.model.Code;
import dev.kindstead.model.DatastoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A shard's leader did what it was asked, but its answer says nothing: the outcome is unknown. */
final class UnreadableAnswerTest {
  private final Bytes transaction = Bytes.of(new byte[] {1});

  @Test
  void ofAChangeItsOutcomeIsUnknown() {
    var shard = shard(CompletableFuture.completedFuture(new byte[] {99}));
    assertThat(failure(shard.apply(transaction))).isEqualTo(Code.INTERNAL);
    assertThat(failure(shard.prepare(transaction, 0))).isEqualTo(Code.INTERNAL);
    assertThat(failure(shard(CompletableFuture.completedFuture(new byte[0])).apply(transaction)))
        .as("empty")
        .isEqualTo(Code.INTERNAL);
  }

  @Test
  void ofAQuestionNothingWasDone() {
    var shard = shard(CompletableFuture.completedFuture(new byte[] {99}));
    assertThat(failure(shard.outcome(transaction))).isEqualTo(Code.UNAVAILABLE);
  }

  @Test
  void aPartOfUnknownOutcomeIsNotAppliedAgain() {
    var pauses = new ArrayList<Duration>();
    var shard = shard(CompletableFuture.failedFuture(new Network.AnswerLost("cut off")));
    Timers timers =
        (pause, _) -> {
          pauses.add(pause);
          return () -> {};
        };
    CommitPart part = CommitPart.of(0, null, null, 0, 0, List.of(), ReadPart.NOTHING);
    var nothing = new Evaluated(List.of(), List.of(), 0, 0);
    var commit =
        new NonTransactionalCommit(
            List.of(shard),
            List.of(part),
            transaction,
            () -> transaction,
            Duration.ofSeconds(1),
            timers);
    assertThat(failure(commit.run(List.of(nothing)))).isEqualTo(Code.INTERNAL);
    assertThat(pauses).isEmpty();
  }

  private static Code failure(CompletableFuture<?> of) {
    assertThat(of).isCompletedExceptionally();
    Throwable cause = Waiting.causeOf(of.exceptionNow());
    return ((DatastoreException) cause).code();
  }

  private static AskedShard shard(CompletableFuture<byte[]> answer) {
    var network =
        new Network() {
          @Override
          public CompletableFuture<byte[]> call(
              String nodeId, Service service, byte[] request, Duration timeout) {
            return answer;
          }

          @Override
          public void serve(Service service, Handler handler) {}
        };
    var leaders =
        new ShardLeaders(
            _ -> Optional.of("n2"),
            () -> CompletableFuture.completedFuture(Map.of()),
            new SystemClock());
    return new AskedShard(0, leaders, network, new SystemClock(), (_, _) -> () -> {});
  }
}
