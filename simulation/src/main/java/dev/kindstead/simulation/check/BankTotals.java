package dev.kindstead.simulation.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Transfers between accounts never change what all accounts hold together, in any snapshot, whether
 * a transfer's outcome is known or not: it happens as a whole or not at all.
 */
public final class BankTotals {
  private BankTotals() {}

  /**
   * What one transaction or query read of all accounts.
   *
   * @param of who read it and when, for the anomaly
   */
  public record Balances(String of, Map<String, Long> byAccount) {
    public Balances {
      byAccount = Map.copyOf(byAccount);
    }
  }

  /**
   * @param opening what each account held before the first transfer
   */
  public static List<String> anomalies(Map<String, Long> opening, List<Balances> reads) {
    long total = total(opening);
    List<String> anomalies = new ArrayList<>();
    for (Balances read : reads) {
      if (!read.byAccount.keySet().equals(opening.keySet())) {
        anomalies.add("accounts lost or made: %s read %s".formatted(read.of, read.byAccount));
      } else if (total(read.byAccount) != total) {
        anomalies.add(
            "wrong total: %s read %d instead of %d in %s"
                .formatted(read.of, total(read.byAccount), total, read.byAccount));
      }
    }
    return anomalies;
  }

  private static long total(Map<String, Long> balances) {
    return balances.values().stream().mapToLong(Long::longValue).reduce(0, Math::addExact);
  }
}
