package dev.kindstead.cli;

/**
 * A command that ends with a sentence for its user instead of a stack trace: what is wrong, and
 * what to do.
 */
public final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int exitCode;

  public Refusal(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  /** One of {@link ExitCode}. */
  public int exitCode() {
    return exitCode;
  }
}
