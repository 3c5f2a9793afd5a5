package dev.kindstead.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What the clients saw: one {@link Transaction} for each attempt, with the instants of its
 * invocation and of its end. Confined to one thread.
 *
 * <p>The objects are lists of integers; every appended element is unique in a history, so a list
 * read tells which appends came before it and in which order (Kingsbury and Alvaro, "Elle", VLDB
 * 2020, section 4).
 */
public final class History {
  private final List<Transaction> transactions = new ArrayList<>();

  /** How an attempt ended, as far as its client can know. */
  public enum Ending {
    COMMITTED,
    /** Certainly not applied. */
    ABORTED,
    /** May have been applied, may yet be, or never. */
    UNKNOWN
  }

  /**
   * An attempt.
   *
   * @param invoked when the client began, in scheduler nanoseconds
   * @param ended when it learned the outcome; for UNKNOWN, never: {@link Long#MAX_VALUE}
   * @param reads the whole list read of each object, before this transaction's own appends
   * @param appends the elements appended to each object, in this order, each by a write of its own
   */
  public record Transaction(
      int id,
      long invoked,
      long ended,
      Ending ending,
      Map<String, List<Integer>> reads,
      Map<String, List<Integer>> appends) {}

  public void add(Transaction transaction) {
    transactions.add(transaction);
  }

  public List<Transaction> transactions() {
    return transactions;
  }

  public long count(Ending ending) {
    return transactions.stream().filter(t -> t.ending() == ending).count();
  }

  /** How many were acknowledged that appended something. */
  public long written() {
    return transactions.stream()
        .filter(t -> t.ending() == Ending.COMMITTED && !t.appends().isEmpty())
        .count();
  }
}
