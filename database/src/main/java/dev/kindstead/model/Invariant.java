package dev.kindstead.model;

/**
 * Checks that hold unless Kindstead itself is wrong. A broken invariant is never a client's fault:
 * the replica that meets one stops and says why, and the cluster carries on.
 */
public final class Invariant {
  private Invariant() {}

  /** Throws {@link Broken} with {@code claim} unless it holds. */
  public static void check(boolean holds, String claim) {
    if (!holds) {
      throw new Broken(claim);
    }
  }

  /** Always throws: for code that must not be reached. */
  public static Broken broken(String claim) {
    throw new Broken(claim);
  }

  /** A claim about Kindstead's own state that turned out false. */
  public static final class Broken extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Broken(String claim) {
      super("broken invariant: " + claim);
    }
  }
}
