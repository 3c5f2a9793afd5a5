package dev.kindstead.cli;

/** How the process ends. Documented in docs/operations/exit-codes.md; numbers never change. */
public final class ExitCode {
  /** Ended as asked: the command is done, or the server was stopped in order. */
  public static final int OK = 0;

  /** A failure nobody foresaw: a stack trace is in the log. */
  public static final int UNEXPECTED = 1;

  /** The command line, the environment or the file makes no sense. */
  public static final int USAGE = 2;

  /** The listen address is in use or can't be had. */
  public static final int ADDRESS = 3;

  /** The data directory is in use by another process. */
  public static final int DATA_IN_USE = 4;

  /** The data directory can't be created, read or written. */
  public static final int DATA_NOT_ACCESSIBLE = 5;

  /** The data directory holds something else, a newer format, or damaged files. */
  public static final int DATA_NOT_OURS = 6;

  /** The other nodes of the cluster do not take this one, and say why. */
  public static final int CLUSTER_REFUSED = 7;

  /** A change was asked for, and nobody knows whether it was made. */
  public static final int OUTCOME_UNKNOWN = 8;

  private ExitCode() {}
}
