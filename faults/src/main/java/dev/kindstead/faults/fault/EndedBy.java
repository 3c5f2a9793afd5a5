package dev.kindstead.faults.fault;

import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * With what exit codes a node may end by itself when something has befallen it, by {@code
 * docs/operations/exit-codes.md}: all else is a fault of its own, as a failure that nobody foresaw
 * (1) or a crash of its runtime (134, 139).
 */
@SuppressWarnings("ImmutableEnumChecker") // a set of Set.of
enum EndedBy {
  /** Or the system kills it. */
  MEMORY(3, Fault.KILLED),
  /** Its data directory can't be read or written. */
  DISK(5),
  /** The others may have taken its place meanwhile, and refuse it. */
  DAMAGE(5, 6, 7);

  private final Set<Integer> allowed;

  EndedBy(Integer... allowed) {
    this.allowed = Set.of(allowed);
  }

  /**
   * @param exitCode empty where it did not end by itself
   */
  List<String> anomalies(int node, OptionalInt exitCode) {
    return exitCode.isEmpty() || allowed.contains(exitCode.getAsInt())
        ? List.of()
        : List.of(
            "node %d ended with exit code %d, which nothing explains (%s)"
                .formatted(node, exitCode.getAsInt(), name()));
  }
}
