package dev.kindstead.placement;

import dev.kindstead.replication.Members;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Which nodes shall have a replica of each shard: as many as vote in the system group, spread over
 * all nodes of the cluster by a {@link Ring}, zones first. Every node works it out of the same
 * roster, so nobody has to tell anybody.
 *
 * <p>Thread-safe.
 */
public final class ReplicaPlacement {
  private final int shards;
  private final Supplier<Optional<Roster>> roster;
  private volatile @Nullable Placed placed;

  /** The last answer, which is asked for again and again. */
  private record Placed(Roster roster, List<Members> byShard) {}

  /**
   * @param roster the nodes of the cluster, empty while this node does not know them
   */
  public ReplicaPlacement(int shards, Supplier<Optional<Roster>> roster) {
    this.shards = shards;
    this.roster = roster;
  }

  /**
   * Of each shard; nothing while this node does not know: one that has just been given a vote hears
   * of the leader before it knows who votes.
   */
  public List<Members> all() {
    return roster
        .get()
        .filter(known -> !known.voters().isEmpty())
        .map(this::place)
        .orElse(List.of());
  }

  /** What each node of the roster weighs; nothing while this node does not know it. */
  public Map<String, Integer> weights() {
    Map<String, Integer> weights = new HashMap<>();
    roster
        .get()
        .ifPresent(
            known -> known.places().forEach((node, place) -> weights.put(node, place.weight())));
    return weights;
  }

  private List<Members> place(Roster nodes) {
    Placed last = placed;
    if (last == null || !last.roster().equals(nodes)) {
      last = new Placed(nodes, place(nodes, shards));
      placed = last;
    }
    return last.byShard();
  }

  /**
   * Of each shard. A lone node has all replicas; so have the voters while no more nodes than they
   * are there.
   */
  public static List<Members> place(Roster nodes, int shards) {
    int copies = nodes.voters().size();
    if (copies == 1 || nodes.places().size() < copies) {
      return IntStream.range(0, shards).mapToObj(_ -> Members.of(nodes.voters())).toList();
    }
    Map<String, Integer> weights = new HashMap<>();
    Map<String, String> zones = new HashMap<>();
    nodes
        .places()
        .forEach((node, place) -> {
          weights.put(node, place.weight());
          zones.put(node, place.zone());
        });
    List<String> names = IntStream.range(0, shards).mapToObj(ReplicaPlacement::name).toList();
    Map<String, List<String>> all = new Ring(weights).place(names, copies, zones);
    return names.stream().map(name -> Members.of(all.getOrDefault(name, List.of()))).toList();
  }

  private static String name(int shard) {
    return "replicas of shard " + shard;
  }
}
