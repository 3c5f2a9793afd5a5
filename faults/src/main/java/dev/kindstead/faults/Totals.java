package dev.kindstead.faults;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The sum of several runs, by the JSON that each has left. Confined to one thread. */
final class Totals {
  private final Map<String, Integer> happened = new TreeMap<>();
  private final Map<String, Integer> withoutEffect = new TreeMap<>();
  private final Map<String, String> missing = new TreeMap<>();

  /** Kinds that could happen in some run, and shall have. */
  private final Set<String> possible = new TreeSet<>();

  private final Map<String, Long> counts = new TreeMap<>();
  private final List<String> anomalies = new ArrayList<>();
  private final List<String> invalid = new ArrayList<>();
  private final List<Segment> segments = new ArrayList<>();

  /** Lines of its table; none when it was not measured. */
  private List<String> overload = List.of();

  /** One run among them. */
  private record Segment(long seed, String commit, String verdict, int faults, long seconds) {
    Map<String, Object> tree() {
      Map<String, Object> tree = new LinkedHashMap<>();
      tree.put("seed", seed);
      tree.put("commit", commit);
      tree.put("verdict", verdict);
      tree.put("faults", faults);
      tree.put("seconds", seconds);
      return tree;
    }
  }

  /** As {@link Report#json} writes it, and {@code Json} reads it. */
  void add(Map<String, Object> run) {
    long seed = number(run.get("seed"));
    segments.add(
        new Segment(
            seed,
            commit(run),
            String.valueOf(run.get("verdict")),
            (int) number(run.get("faults")),
            number(run.get("seconds"))));
    if (commits().size() > 1) {
      invalid.add(
          "seed %d ran at commit %s, the others at %s: what different commits did is not added up; choose another --directory"
              .formatted(seed, commit(run), segments.getFirst().commit));
    }
    map(run.get("by_kind"))
        .forEach((word, one) -> {
          Map<?, ?> kind = map(one);
          happened.merge(word, (int) number(kind.get("happened")), Integer::sum);
          withoutEffect.merge(word, (int) number(kind.get("no_effect")), Integer::sum);
          if (Boolean.TRUE.equals(kind.get("possible"))) {
            possible.add(word);
          }
          if (kind.get("why") instanceof String why) {
            missing.put(word, why);
          }
        });
    map(run.get("counts")).forEach((name, count) -> counts.merge(name, number(count), Long::sum));
    texts(run.get("anomalies")).forEach(each -> anomalies.add("seed %d: %s".formatted(seed, each)));
    texts(run.get("invalid")).forEach(each -> invalid.add("seed %d: %s".formatted(seed, each)));
  }

  private static String commit(Map<String, Object> run) {
    return run.get("commit") instanceof String some ? some : Commit.NOT_KNOWN;
  }

  /** Of the segments; more than one is invalid. */
  List<String> commits() {
    return segments.stream().map(Segment::commit).distinct().toList();
  }

  /**
   * As {@link OverloadMeasurement#json} writes it: a goal that was missed fails the night, unless
   * the measurement says nothing.
   */
  void addOverload(Map<String, Object> measured) {
    List<String> reasons = texts(measured.get("invalid"));
    reasons.forEach(each -> invalid.add("overload: " + each));
    if (reasons.isEmpty()) {
      texts(measured.get("missed")).forEach(each -> anomalies.add("overload: " + each));
    }
    if (!commits().isEmpty() && !commits().equals(List.of(commit(measured)))) {
      invalid.add("overload was measured at commit " + commit(measured));
    }
    overload = texts(measured.get("lines"));
  }

  private static Map<String, Object> map(@Nullable Object value) {
    Map<String, Object> map = new LinkedHashMap<>();
    if (value instanceof Map<?, ?> some) {
      some.forEach((name, each) -> map.put(String.valueOf(name), each));
    }
    return map;
  }

  private static List<String> texts(@Nullable Object value) {
    return value instanceof List<?> some ? some.stream().map(String::valueOf).toList() : List.of();
  }

  private static long number(@Nullable Object value) {
    return value instanceof Number some ? some.longValue() : 0;
  }

  /** Kinds that could happen somewhere, and were never known to have: why not, a line each. */
  List<String> neverHappened() {
    return possible.stream()
        .filter(kind -> happened.getOrDefault(kind, 0) == 0)
        .map(kind ->
            "never happened: %s, though it could; begun without effect %d times"
                .formatted(kind, withoutEffect.getOrDefault(kind, 0)))
        .toList();
  }

  /** Kinds that could happen in no run. */
  private Map<String, String> missing() {
    Map<String, String> everywhere = new TreeMap<>(missing);
    everywhere.keySet().removeAll(possible);
    return everywhere;
  }

  int runs() {
    return segments.size();
  }

  int faults() {
    return happened.values().stream().mapToInt(Integer::intValue).sum();
  }

  int kinds() {
    return (int) happened.values().stream().filter(each -> each > 0).count();
  }

  long seconds() {
    return segments.stream().mapToLong(Segment::seconds).sum();
  }

  void invalid(String why) {
    invalid.add(why);
  }

  Report.Verdict verdict() {
    if (!anomalies.isEmpty()) {
      return Report.Verdict.FAILED;
    }
    return invalid.isEmpty() ? Report.Verdict.PASSED : Report.Verdict.INVALID;
  }

  /** For {@code Json}. */
  Map<String, Object> tree() {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("verdict", verdict().name());
    tree.put("faults", faults());
    tree.put("kinds", kinds());
    tree.put("commits", commits());
    tree.put("seconds", seconds());
    tree.put("faults_per_minute", perMinute());
    tree.put("segments", segments.stream().map(Segment::tree).toList());
    tree.put("happened", happened);
    tree.put("missing", missing());
    tree.put("counts", counts);
    tree.put("overload", overload);
    tree.put("anomalies", List.copyOf(anomalies));
    tree.put("invalid", List.copyOf(invalid));
    return tree;
  }

  private double perMinute() {
    return seconds() == 0 ? 0 : faults() * 60.0 / seconds();
  }

  /** The same for eyes. */
  String text() {
    StringBuilder text = new StringBuilder();
    for (Segment each : segments) {
      text.append(
          "seed %-10d at %-18s %-8s %5d faults in %6.1f min%n"
              .formatted(each.seed, each.commit, each.verdict, each.faults, each.seconds / 60.0));
    }
    Map<String, String> nowhere = missing();
    happened.forEach((kind, times) ->
        text.append(
            "%-18s %8d  %s%n"
                .formatted(
                    kind,
                    times,
                    nowhere.containsKey(kind) ? "missing: " + nowhere.get(kind) : "")));
    text.append(
        "%s: %d faults of %d kinds in %.1f min, %.1f faults/min, at %s; %s%n"
            .formatted(
                verdict(),
                faults(),
                kinds(),
                seconds() / 60.0,
                perMinute(),
                String.join(", ", commits()),
                counts));
    overload.forEach(each -> text.append(each).append('\n'));
    anomalies.forEach(each -> text.append("anomaly: ").append(each).append('\n'));
    invalid.forEach(each -> text.append("invalid: ").append(each).append('\n'));
    return text.toString();
  }
}
