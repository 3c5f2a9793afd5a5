package dev.kindstead.faults.fault;

import dev.kindstead.faults.machine.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Packets between nodes vanish, in chosen directions. Clients reach all nodes all the time, those
 * on the wrong side too. May be begun and ended again and again.
 */
final class Cut implements Fault {
  private record Direction(int from, int to) {}

  private final Network network;
  private final List<Direction> directions;

  /** How often something was kept from each node that does not hear another. */
  private final Map<Integer, Long> before = new TreeMap<>();

  private final Map<Integer, Long> dropped = new TreeMap<>();

  private Cut(Target target, List<Direction> directions) {
    network = target.cluster().network();
    this.directions = directions;
  }

  /** Between the victim and all others. */
  static Cut isolation(Target target) {
    List<Direction> all = new ArrayList<>();
    for (int other = 0; other < target.cluster().nodes().size(); other++) {
      if (other != target.victim()) {
        all.add(new Direction(target.victim(), other));
        all.add(new Direction(other, target.victim()));
      }
    }
    return new Cut(target, all);
  }

  /** The victim is not heard, or hears nobody. */
  static Cut oneWay(Target target) {
    boolean unheard = target.random().nextBoolean();
    return new Cut(
        target,
        isolation(target).directions.stream()
            .filter(each -> (each.from == target.victim()) == unheard)
            .toList());
  }

  /** Between two nodes: both still reach the third. */
  static Cut link(Target target) {
    int other = target.other();
    return new Cut(
        target,
        List.of(new Direction(target.victim(), other), new Direction(other, target.victim())));
  }

  /** Nobody reaches anybody. */
  static Cut all(Target target) {
    List<Direction> all = new ArrayList<>();
    int nodes = target.cluster().nodes().size();
    for (int from = 0; from < nodes; from++) {
      for (int to = 0; to < nodes; to++) {
        if (from != to) {
          all.add(new Direction(from, to));
        }
      }
    }
    return new Cut(target, all);
  }

  @Override
  public void begin() {
    for (Direction each : directions) {
      before.put(each.to, network.dropped(each.to));
    }
    directions.forEach(each -> network.cut(each.from, each.to));
  }

  @Override
  public void end() {
    before.forEach((node, count) -> dropped.merge(node, network.dropped(node) - count, Long::sum));
    directions.forEach(each -> network.mend(each.from, each.to));
  }

  /** None when somebody heard all that was meant for it. */
  @Override
  public String effect() {
    return dropped.isEmpty() || dropped.containsValue(0L)
        ? ""
        : dropped.values().stream().mapToLong(Long::longValue).sum() + " times not delivered";
  }
}
