package dev.kindstead.simulation.check;

import dev.kindstead.simulation.check.DependencyGraph.Kind;
import dev.kindstead.simulation.check.RegisterTransaction.Held;
import dev.kindstead.simulation.check.RegisterTransaction.Written;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Whether transactions over registers are strictly serializable, or why not.
 *
 * <p>Method (as Elle's for registers): what tells the order of a register's values is their
 * versions, as far as an acknowledged commit or a read has told them, and that a transaction's
 * write follows what it has read. From it come the dependencies of a {@link DependencyGraph}. Where
 * the order is not known some anomalies go unseen; what is found is one. A transaction of unknown
 * outcome counts as done once something that it wrote was read by one that counts; else it says
 * nothing.
 */
public final class RegisterSerializability {
  private final List<RegisterTransaction> history;
  private final Map<Place, RegisterTransaction> writerOf = new HashMap<>();
  private final Map<Integer, RegisterTransaction> happened = new LinkedHashMap<>();
  private final Map<Place, List<RegisterTransaction>> readers = new HashMap<>();
  private final Map<Place, Long> versions = new HashMap<>();
  private final Map<String, TreeMap<Long, Long>> byVersion = new TreeMap<>();
  private final List<String> anomalies = new ArrayList<>();

  /** One state of a register. */
  private record Place(String key, @Nullable Long value) {}

  private RegisterSerializability(List<RegisterTransaction> history) {
    this.history = history;
  }

  /** One line each; of cycles the worst. Registers begin absent and are never deleted. */
  public static List<String> anomalies(List<RegisterTransaction> history) {
    var judge = new RegisterSerializability(history);
    judge.findWriters();
    judge.findHappened();
    judge.happened.values().forEach(judge::checkReads);
    judge.happened.values().forEach(judge::findVersions);
    judge.checkNoUpdateLost();
    if (judge.anomalies.isEmpty()) {
      judge.graph().anomaly().ifPresent(judge.anomalies::add);
    }
    return judge.anomalies;
  }

  private void findWriters() {
    for (RegisterTransaction each : history) {
      each.writes()
          .forEach((key, written) -> {
            for (long value : written.values()) {
              if (writerOf.put(new Place(key, value), each) != null) {
                throw new IllegalArgumentException(key + " is given " + value + " twice");
              }
            }
          });
    }
  }

  private void findHappened() {
    Deque<RegisterTransaction> found = new ArrayDeque<>();
    history.stream().filter(each -> each.outcome() == Outcome.DONE).forEach(found::addLast);
    while (!found.isEmpty()) {
      RegisterTransaction each = found.removeFirst();
      if (happened.putIfAbsent(each.id(), each) != null) {
        continue;
      }
      each.reads()
          .forEach((key, held) -> {
            Place place = new Place(key, held.value());
            readers.computeIfAbsent(place, _ -> new ArrayList<>()).add(each);
            RegisterTransaction writer = writerOf.get(place);
            if (writer != null && writer.outcome() == Outcome.UNKNOWN) {
              found.addLast(writer);
            }
          });
    }
  }

  private void checkReads(RegisterTransaction reader) {
    reader
        .reads()
        .forEach((key, held) -> {
          Long value = held.value();
          if (value == null) {
            return;
          }
          Place place = new Place(key, value);
          RegisterTransaction writer = writerOf.get(place);
          if (writer == null) {
            anomalies.add("garbage: %s was never written, and read by %s".formatted(place, reader));
          } else if (writer.id() == reader.id()) {
            anomalies.add("read of its own write, before it: %s by %s".formatted(place, reader));
          } else if (writer.outcome() == Outcome.NOT_DONE) {
            anomalies.add("G1a (aborted read): %s of %s, by %s".formatted(place, writer, reader));
          } else if (isIntermediate(writer, key, value)) {
            anomalies.add(
                "G1b (intermediate read): %s of %s, by %s".formatted(place, writer, reader));
          }
        });
  }

  private static boolean isIntermediate(RegisterTransaction writer, String key, long value) {
    Written written = writer.writes().get(key);
    return written != null && written.last() != value;
  }

  private void findVersions(RegisterTransaction each) {
    each.writes().forEach((key, written) -> note(key, written.last(), written.version()));
    each.reads()
        .forEach((key, held) -> {
          Long value = held.value();
          if (value != null) {
            note(key, value, held.version());
          }
        });
  }

  private void note(String key, long value, long version) {
    if (version == RegisterTransaction.NOT_KNOWN) {
      return;
    }
    Long other = byVersion.computeIfAbsent(key, _ -> new TreeMap<>()).put(version, value);
    long told = versions.computeIfAbsent(new Place(key, value), _ -> version);
    if (told != version) {
      anomalies.add(
          "two versions of one value: %s %d is %d and %d".formatted(key, value, told, version));
    }
    if (other != null && other != value) {
      anomalies.add(
          "one version of two values: %s %d is %d and %d".formatted(key, version, other, value));
    }
  }

  /** In whatever order two go on from the same value, the later one has overlooked the other. */
  private void checkNoUpdateLost() {
    Map<Place, RegisterTransaction> updates = new HashMap<>();
    for (RegisterTransaction each : happened.values()) {
      each.reads()
          .forEach((key, held) -> {
            Place place = new Place(key, held.value());
            RegisterTransaction other =
                each.writes().containsKey(key) ? updates.putIfAbsent(place, each) : null;
            if (other != null) {
              anomalies.add(
                  "G-single (lost update): %s is what both %s and %s went on from"
                      .formatted(place, other, each));
            }
          });
    }
  }

  private DependencyGraph graph() {
    var graph = new DependencyGraph();
    for (RegisterTransaction each : happened.values()) {
      graph.add(each.id(), each, each.invoked(), each.latest());
    }
    byVersion.forEach((key, values) -> {
      Long before = null;
      for (Long value : values.values()) {
        addOrder(graph, new Place(key, before), writer(new Place(key, value)));
        before = value;
      }
    });
    for (RegisterTransaction each : happened.values()) {
      each.reads().forEach((key, held) -> addRead(graph, new Place(key, held.value()), each));
      each.writes()
          .forEach((key, written) -> {
            Held held = each.reads().get(key);
            // Whoever has seen no write at all comes before every one.
            addOrder(graph, new Place(key, held == null ? null : held.value()), each);
          });
    }
    graph.addRealTimeOrder();
    return graph;
  }

  private void addRead(DependencyGraph graph, Place place, RegisterTransaction reader) {
    if (place.value != null) {
      graph.edge(writer(place).id(), reader.id(), Kind.WRITE_READ, place.key);
    }
  }

  /** After a state comes the next writer of the register, and so it does after who has seen it. */
  private void addOrder(DependencyGraph graph, Place before, RegisterTransaction next) {
    if (before.value != null) {
      graph.edge(writer(before).id(), next.id(), Kind.WRITE_WRITE, before.key);
    }
    for (RegisterTransaction reader : readers.getOrDefault(before, List.of())) {
      graph.edge(reader.id(), next.id(), Kind.READ_WRITE, before.key);
    }
  }

  private RegisterTransaction writer(Place place) {
    RegisterTransaction writer = writerOf.get(place);
    if (writer == null) {
      throw new IllegalStateException("checked before: every value has a writer");
    }
    return writer;
  }
}
