package dev.kindstead.simulation.check;

/** What a client knows of an operation. */
public enum Outcome {
  /** It happened, between its invocation and its end. */
  DONE,
  /** It did not happen, and never will. */
  NOT_DONE,
  /** Perhaps it happened, perhaps it still will. */
  UNKNOWN
}
