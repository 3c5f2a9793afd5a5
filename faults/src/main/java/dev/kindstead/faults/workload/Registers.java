package dev.kindstead.faults.workload;

import com.google.datastore.v1.EntityResult;
import com.google.datastore.v1.Key;
import com.google.datastore.v1.LookupResponse;
import com.google.datastore.v1.ReadOptions;
import dev.kindstead.simulation.check.RegisterTransaction.Held;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What all registers of all epochs of a round hold: those of epochs long past, too, which no client
 * asks for any more. Immutable.
 *
 * @param alone those that are operated on one at a time, by name; absent ones are among them
 * @param together those of transactions, likewise
 * @param epochs how many epochs were read
 */
record Registers(Map<String, Held> alone, Map<String, Held> together, long epochs) {
  /** Keys in one lookup: less than a server takes at a time. */
  static final int KEYS_MAX = 500;

  /** Of one batch: what a server has no time for it leaves to the next lookup. */
  private static final int LOOKUPS_MAX = 100;

  Registers {
    alone = new TreeMap<>(alone);
    together = new TreeMap<>(together);
  }

  /** Reads them all through one node. Nobody may be writing. */
  static Registers read(Calls calls, ReadOptions options, long epochs) throws Failed {
    return new Registers(
        read(calls, options, RegisterClient.KIND, names(epochs, RegisterClient.REGISTERS)),
        read(calls, options, RegistersTogether.KIND, names(epochs, RegistersTogether.REGISTERS)),
        epochs);
  }

  static String name(long epoch, int register) {
    return epoch + "-" + register;
  }

  private static List<String> names(long epochs, int registers) {
    List<String> names = new ArrayList<>();
    for (long epoch = 0; epoch < epochs; epoch++) {
      for (int register = 0; register < registers; register++) {
        names.add(name(epoch, register));
      }
    }
    return names;
  }

  private static Map<String, Held> read(
      Calls calls, ReadOptions options, String kind, List<String> names) throws Failed {
    Map<String, Held> held = new TreeMap<>();
    for (int from = 0; from < names.size(); from += KEYS_MAX) {
      List<String> some = names.subList(from, Math.min(names.size(), from + KEYS_MAX));
      some.forEach(name -> held.put(name, Held.ABSENT));
      List<Key> left = some.stream().map(name -> Rows.key(kind, name)).toList();
      for (int lookups = 0; !left.isEmpty(); lookups++) {
        if (lookups == LOOKUPS_MAX) {
          throw new IllegalStateException("registers still deferred after so many lookups");
        }
        LookupResponse answer = calls.lookup(options, left);
        answer.getFoundList().forEach(each -> held.put(Rows.name(each.getEntity()), held(each)));
        left = answer.getDeferredList();
      }
    }
    return held;
  }

  private static Held held(EntityResult found) {
    return new Held(Rows.number(found.getEntity(), RegisterClient.VALUE), found.getVersion());
  }
}
