package dev.kindstead.simulation;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The kinds of faults by name, and which clusters they befall. Pure. */
final class FaultKinds {
  private static final WorldOptions THREE_NODES = WorldOptions.planted(1, Plant.NOTHING, Set.of());

  private static final List<String> OF_THREE = Faults.kinds(THREE_NODES);

  private static final List<String> ALL =
      Faults.kinds(THREE_NODES.withSubjects(Subjects.LISTS.withSpread(Subjects.COPIES + 1)));

  private FaultKinds() {}

  static List<String> all() {
    return ALL;
  }

  /** Which clusters a kind befalls. */
  static String whom(String kind) {
    if (Faults.kinds(THREE_NODES.withNodes(1)).contains(kind)) {
      return "any cluster";
    }
    return OF_THREE.contains(kind)
        ? "three nodes or more: four seeds in five, and all with --intense or --spread"
        : "replicas that are spread: one seed in five, and all with --spread";
  }

  /** Why some of these names are none; empty where all are. */
  static Optional<String> whyUnknown(Set<String> names) {
    Set<String> unknown = new TreeSet<>(names);
    ALL.forEach(unknown::remove);
    return unknown.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "no kind of fault: %s; there are %s"
                .formatted(String.join(", ", unknown), String.join(", ", ALL)));
  }

  /** Whether faults are asked for of which none befalls such a cluster. */
  static boolean areNone(WorldOptions options) {
    return !options.faults().isEmpty()
        && Collections.disjoint(options.faults(), Faults.kinds(options));
  }
}
