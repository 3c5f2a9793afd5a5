package dev.kindstead.simulation.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a client that does one thing after the other may expect: it reads nothing older than what it
 * has read before (monotonic reads) or written itself (read your writes). A write of unknown
 * outcome promises nothing, until it is read. Reads that ask for the past are not for this judge.
 */
public final class Sessions {
  private Sessions() {}

  /**
   * What a client learned of a key's version: by a read (zero: absent) or by a write of its own.
   */
  public record Seen(int client, String key, long version, boolean written, Outcome outcome) {
    public static Seen read(int client, String key, long version) {
      return new Seen(client, key, version, false, Outcome.DONE);
    }

    public static Seen write(int client, String key, long version, Outcome outcome) {
      return new Seen(client, key, version, true, outcome);
    }
  }

  private record Place(int client, String key) {}

  /**
   * @param history each client's operations in the order in which it made them; an absent key that
   *     was deleted counts with the version of its deletion
   */
  public static List<String> anomalies(List<Seen> history) {
    Map<Place, Seen> newest = new HashMap<>();
    List<String> anomalies = new ArrayList<>();
    for (Seen seen : history) {
      if (seen.outcome != Outcome.DONE) {
        continue;
      }
      Place place = new Place(seen.client, seen.key);
      Seen before = newest.get(place);
      if (before != null && seen.version < before.version) {
        anomalies.add(
            "%s: client %d %s version %d of %s after it had %s version %d"
                .formatted(
                    before.written ? "own write unseen" : "reads go back",
                    seen.client,
                    verb(seen),
                    seen.version,
                    seen.key,
                    verb(before),
                    before.version));
      }
      if (before == null || seen.version > before.version) {
        newest.put(place, seen);
      }
    }
    return anomalies;
  }

  private static String verb(Seen seen) {
    return seen.written ? "written" : "read";
  }
}
