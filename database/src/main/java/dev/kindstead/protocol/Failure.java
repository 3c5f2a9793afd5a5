package dev.kindstead.protocol;

import com.google.protobuf.InvalidProtocolBufferException;
import com.linecorp.armeria.common.ClosedSessionException;
import com.linecorp.armeria.common.ContentTooLargeException;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.stream.CancelledSubscriptionException;
import com.linecorp.armeria.common.stream.ClosedStreamException;
import com.linecorp.armeria.server.HttpStatusException;
import dev.kindstead.model.Code;
import dev.kindstead.model.DatastoreException;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An error as a client sees it. {@link #of} is the one place where exceptions become statuses.
 *
 * @param message never tells of Kindstead's inside
 */
record Failure(Code code, String message) implements Reply {
  private static final Logger LOG = LoggerFactory.getLogger(Failure.class);

  /** The service's text for a body that is not the request's message. */
  static final String MALFORMED = "Payload isn't valid for request.";

  /** A request's own text may be in it. */
  private static final int MESSAGE_CHARS_MAX = 4_000;

  private static final Failure GONE = new Failure(Code.CANCELLED, "the client went away");

  Failure {
    if (message.length() > MESSAGE_CHARS_MAX) {
      boolean splits = Character.isHighSurrogate(message.charAt(MESSAGE_CHARS_MAX - 1));
      message = message.substring(0, splits ? MESSAGE_CHARS_MAX - 1 : MESSAGE_CHARS_MAX) + "...";
    }
  }

  static Failure of(Throwable thrown) {
    Throwable cause = cause(thrown);
    return switch (cause) {
      case DatastoreException failure -> ofDatastore(failure);
      case InvalidProtocolBufferException e -> new Failure(Code.INVALID_ARGUMENT, MALFORMED);
      case ContentTooLargeException e -> tooLarge(e.maxContentLength());
      case ClosedSessionException e -> GONE;
      case ClosedStreamException e -> GONE;
      case CancelledSubscriptionException e -> GONE;
      case HttpStatusException e -> ofStatus(e.httpStatus());
      default -> internal(cause);
    };
  }

  /** What is behind the wrappings of futures and of the transport. */
  static Throwable cause(Throwable thrown) {
    Throwable cause = thrown;
    while ((cause instanceof CompletionException
            || cause instanceof ExecutionException
            || cause instanceof HttpStatusException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  /** For what the transport refuses before a service sees it. */
  static Failure ofStatus(HttpStatus status) {
    String message = status.code() + " " + status.reasonPhrase();
    return switch (status.code()) {
      case 404, 405 -> new Failure(Code.NOT_FOUND, message);
      case 503 -> new Failure(Code.UNAVAILABLE, message);
      default ->
          status.isClientError()
              ? new Failure(Code.INVALID_ARGUMENT, message)
              : new Failure(Code.INTERNAL, message);
    };
  }

  static Failure tooLarge(long bytesMax) {
    return new Failure(
        Code.INVALID_ARGUMENT, "Request payload size exceeds the limit: " + bytesMax + " bytes.");
  }

  private static Failure ofDatastore(DatastoreException failure) {
    if (failure.code() == Code.INTERNAL) {
      LOG.warn("{} {}", failure.getMessage(), failure.context(), failure);
    } else if (!failure.context().isEmpty()) {
      LOG.debug("{} {} {}", failure.code(), failure.getMessage(), failure.context());
    }
    return new Failure(failure.code(), String.valueOf(failure.getMessage()));
  }

  private static Failure internal(Throwable cause) {
    String reference = UUID.randomUUID().toString();
    LOG.error("internal error {}", reference, cause);
    return new Failure(Code.INTERNAL, "internal error, see the server's log: " + reference);
  }
}
