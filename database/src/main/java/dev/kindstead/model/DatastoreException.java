package dev.kindstead.model;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The one operating failure: a request that ends in an error the client can read. The message is
 * what the client sees; the context is for logs, which group by message.
 */
public sealed class DatastoreException extends RuntimeException permits NotServedException {
  private static final long serialVersionUID = 1L;

  private final Code code;
  private final transient Map<String, Object> context = new LinkedHashMap<>();

  public DatastoreException(Code code, String message) {
    super(message, null, false, false);
    this.code = code;
  }

  public DatastoreException(Code code, String message, Throwable cause) {
    super(message, cause, false, true);
    this.code = code;
  }

  public static DatastoreException invalidArgument(String message) {
    return new DatastoreException(Code.INVALID_ARGUMENT, message);
  }

  public static DatastoreException failedPrecondition(String message) {
    return new DatastoreException(Code.FAILED_PRECONDITION, message);
  }

  /** Of what was not begun, since nobody waits for it any more. */
  public static DatastoreException deadlinePassed() {
    return new DatastoreException(
        Code.DEADLINE_EXCEEDED, "the deadline passed before the request was served");
  }

  /** Of what was not begun, since its client does not wait for it any more. */
  public static DatastoreException clientGone() {
    return new DatastoreException(Code.CANCELLED, "the client went away");
  }

  public static DatastoreException aborted(String message) {
    return new DatastoreException(Code.ABORTED, message);
  }

  /** For a field or feature that a later release brings; {@code what} names it as the API does. */
  public static DatastoreException unimplemented(String what) {
    return new DatastoreException(Code.UNIMPLEMENTED, what + " is not supported yet");
  }

  /** Adds a fact for the log line of this failure; not shown to the client. */
  public DatastoreException with(String name, Object fact) {
    context.put(name, fact);
    return this;
  }

  public Code code() {
    return code;
  }

  public Map<String, Object> context() {
    return context;
  }
}
