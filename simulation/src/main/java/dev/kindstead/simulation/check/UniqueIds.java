package dev.kindstead.simulation.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * No id is handed out twice, and none that was reserved before it was asked for. What an allocation
 * handed out whose answer nobody got is nobody's; a reservation of unknown outcome forbids nothing.
 */
public final class UniqueIds {
  private UniqueIds() {}

  /** Ids that a client got. Times are of one clock. */
  public record Allocation(int client, long invoked, List<Long> ids) {
    public Allocation {
      ids = List.copyOf(ids);
    }
  }

  /** Ids that a client chose itself, and wants nobody to get. */
  public record Reservation(int client, long ended, Outcome outcome, List<Long> ids) {
    public Reservation {
      ids = List.copyOf(ids);
    }
  }

  public static List<String> anomalies(
      List<Allocation> allocations, List<Reservation> reservations) {
    Map<Long, Reservation> reserved = new HashMap<>();
    for (Reservation each : reservations) {
      if (each.outcome == Outcome.DONE) {
        each.ids.forEach(
            id -> reserved.merge(id, each, (one, other) -> one.ended <= other.ended ? one : other));
      }
    }
    Map<Long, Allocation> owners = new HashMap<>();
    List<String> anomalies = new ArrayList<>();
    for (Allocation each : allocations) {
      for (long id : each.ids) {
        Allocation other = owners.put(id, each);
        if (other != null) {
          anomalies.add(
              "id %d twice: for client %d and client %d".formatted(id, other.client, each.client));
        }
        Reservation before = reserved.get(id);
        if (before != null && before.ended < each.invoked) {
          anomalies.add(
              "id %d for client %d, reserved before by client %d"
                  .formatted(id, each.client, before.client));
        }
      }
    }
    return anomalies;
  }
}
