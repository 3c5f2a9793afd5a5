package dev.kindstead.protocol;

import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** What a call comes to: an answer to encode or a failure to report. */
sealed interface Reply permits Answer, Failure {
  /** From how a future has ended: with an answer, or with why there is none. */
  static Reply of(@Nullable Answer answer, @Nullable Throwable failure) {
    if (answer != null) {
      return answer;
    }
    return Failure.of(failure == null ? new CancellationException() : failure);
  }
}
