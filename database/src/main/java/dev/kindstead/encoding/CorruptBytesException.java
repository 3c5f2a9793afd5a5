package dev.kindstead.encoding;

/** Stored bytes that cannot be what they should be; the message names what was being read. */
public final class CorruptBytesException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public CorruptBytesException(String what) {
    super("corrupt bytes: " + what);
  }

  public CorruptBytesException(String what, Throwable cause) {
    super("corrupt bytes: " + what, cause);
  }
}
