package dev.kindstead.query;

/** What the client wants to hear about a query beside its results, or instead of them. */
public enum Explain {
  NOTHING,
  /** How it would be answered; it is not run. */
  PLAN,
  /** How it was answered, and what that took. */
  ANALYZE
}
