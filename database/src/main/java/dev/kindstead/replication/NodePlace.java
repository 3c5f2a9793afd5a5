package dev.kindstead.replication;

import dev.kindstead.model.Invariant;

/**
 * Where a node stands among the others of its cluster. Immutable.
 *
 * @param zone the node's failure domain, empty for none
 * @param weight its share of replicas and leaders beside the others', 1 to {@link #WEIGHT_MAX}
 */
public record NodePlace(String zone, int weight) {
  /** More would make the ring of {@code placement.Ring} long, whose points are in proportion. */
  public static final int WEIGHT_MAX = 16;

  /** Of a node that has told nothing. */
  public static final NodePlace ANYWHERE = new NodePlace("", 1);

  /** Between zone and weight; no zone has it in its name. */
  private static final char TIMES = '*';

  public NodePlace {
    Invariant.check(weight >= 1 && weight <= WEIGHT_MAX, "a node weighs 1 to 16");
  }

  /** The zone, and the weight where it is not one: "rack-a", "rack-a*3", "*3", "". */
  public String toText() {
    return weight == 1 ? zone : zone + TIMES + weight;
  }

  /** The inverse of {@link #toText}; IllegalArgumentException when it is none. */
  public static NodePlace parse(String text) {
    int times = text.indexOf(TIMES);
    if (times < 0) {
      return new NodePlace(text, 1);
    }
    int weight = Integer.parseInt(text.substring(times + 1));
    if (weight < 1 || weight > WEIGHT_MAX) {
      throw new IllegalArgumentException("no weight of a node: " + weight);
    }
    return new NodePlace(text.substring(0, times), weight);
  }
}
