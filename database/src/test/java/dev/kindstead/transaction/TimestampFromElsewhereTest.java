package dev.kindstead.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindstead.environment.Network;
import dev.kindstead.environment.Network.AnswerLost;
import dev.kindstead.environment.Network.Handler;
import dev.kindstead.environment.Network.Service;
import dev.kindstead.model.NotServedException;
import dev.kindstead.transaction.TimestampMessages.Take;
import dev.kindstead.transaction.TimestampMessages.Taken;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Timestamps of another node's oracle: one question serves many, and none is answered twice. */
final class TimestampFromElsewhereTest implements Network {
  private record Question(String node, Take take, CompletableFuture<byte[]> answer) {}

  private final List<Question> questions = new ArrayList<>();
  private Optional<String> oracle = Optional.of("n2");
  private final AskedTimestamps timestamps = new AskedTimestamps(() -> oracle, this);

  @Override
  public CompletableFuture<byte[]> call(
      String nodeId, Service service, byte[] request, Duration timeout) {
    var answer = new CompletableFuture<byte[]>();
    questions.add(new Question(nodeId, (Take) TimestampMessages.decode(request), answer));
    return answer;
  }

  @Override
  public void serve(Service service, Handler handler) {}

  private void answer(int question, long first, long readAt) {
    var taken = new Taken(first, new ReadTime(readAt, ShardTerms.of(Map.of(1, 7L)), 5));
    questions.get(question).answer().complete(TimestampMessages.encode(taken));
  }

  @Test
  void whoComesWhileAQuestionIsOnItsWayIsAnsweredByTheNext() {
    var first = timestamps.next(2);
    var second = timestamps.next(3);
    var read = timestamps.read();
    var third = timestamps.next(1);
    assertThat(questions).hasSize(1);
    answer(0, 100, 101);
    assertThat(first.join()).isEqualTo(100);
    assertThat(second).as("asked after the question was sent").isNotDone();
    assertThat(questions.get(1).take()).isEqualTo(new Take(4));
    answer(1, 200, 203);
    assertThat(second.join()).isEqualTo(200);
    assertThat(third.join()).isEqualTo(203);
    assertThat(read.join().micros()).isEqualTo(203);
    assertThat(read.join().terms().of(1)).isEqualTo(7);
    assertThat(questions).hasSize(2);
  }

  @Test
  void aLostAnswerFailsAllWhoWaitedForItAndNobodyElse() {
    var first = timestamps.read();
    var second = timestamps.read();
    questions.getFirst().answer().completeExceptionally(new AnswerLost("gone"));
    assertThatThrownBy(first::join).hasCauseInstanceOf(NotServedException.class);
    answer(1, 0, 50);
    assertThat(second.join().micros()).isEqualTo(50);
  }

  @Test
  void whereNobodyHandsOutTimestampsNobodyWaits() {
    oracle = Optional.empty();
    assertThatThrownBy(timestamps.read()::join).hasCauseInstanceOf(NotServedException.class);
    oracle = Optional.of("n3");
    var later = timestamps.read();
    assertThat(questions.getFirst().node()).isEqualTo("n3");
    answer(0, 0, 9);
    assertThat(later.join().micros()).isEqualTo(9);
  }
}
