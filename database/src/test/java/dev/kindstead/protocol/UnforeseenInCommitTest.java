package dev.kindstead.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.datastore.v1.CommitRequest;
import dev.kindstead.model.Code;
import dev.kindstead.model.DatastoreException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A fault of our own in the midst of a commit: it may have been made. */
final class UnforeseenInCommitTest {
  private final FakeOperations operations = new FakeOperations();
  private final Handlers handlers = new Handlers(operations, Limits.DEFAULT);

  private Failure outcome(Throwable fault) {
    return outcome(CompletableFuture.failedFuture(fault));
  }

  private Failure outcome(CompletableFuture<?> ended) {
    operations.outcome = ended;
    CommitRequest request = Requests.writeValue(Requests.integer(1));
    return Failure.of(handlers.handle(Rpc.COMMIT, request, null, Long.MAX_VALUE).exceptionNow());
  }

  @Test
  void isNamedUnknown() {
    Failure unknown = outcome(new IllegalStateException("a fault"));
    assertThat(unknown.code()).isEqualTo(Code.INTERNAL);
    assertThat(unknown.message())
        .startsWith("commit outcome unknown: internal error")
        .doesNotContain("a fault");
  }

  /** It is made, and can't be told. */
  @Test
  void soIsOneInItsAnswer() {
    Failure unknown = outcome(CompletableFuture.completedFuture(null));
    assertThat(unknown.message()).startsWith("commit outcome unknown");
  }

  @Test
  void whatIsForeseenStaysAsItIs() {
    var refusal = DatastoreException.aborted("contention");
    assertThat(outcome(refusal)).isEqualTo(new Failure(Code.ABORTED, "contention"));
  }
}
