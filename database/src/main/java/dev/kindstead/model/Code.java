package dev.kindstead.model;

/**
 * The gRPC status codes that Kindstead sends, with their HTTP equivalents (google.rpc.Code).
 *
 * <p>The official clients retry ABORTED, UNAVAILABLE and (Java) DEADLINE_EXCEEDED: a commit may end
 * in ABORTED or UNAVAILABLE only when it is certainly not applied. An unknown outcome is INTERNAL.
 */
public enum Code {
  CANCELLED(1, 499),
  INVALID_ARGUMENT(3, 400),
  DEADLINE_EXCEEDED(4, 504),
  NOT_FOUND(5, 404),
  ALREADY_EXISTS(6, 409),
  PERMISSION_DENIED(7, 403),
  RESOURCE_EXHAUSTED(8, 429),
  FAILED_PRECONDITION(9, 400),
  ABORTED(10, 409),
  UNIMPLEMENTED(12, 501),
  INTERNAL(13, 500),
  UNAVAILABLE(14, 503),
  UNAUTHENTICATED(16, 401);

  private final int number;
  private final int httpStatus;

  Code(int number, int httpStatus) {
    this.number = number;
    this.httpStatus = httpStatus;
  }

  public int number() {
    return number;
  }

  public int httpStatus() {
    return httpStatus;
  }
}
