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

  /** The last answer, which is asked for again and again. */
  private volatile @Nullable Placed placed;

  /**
   * Where replicas belong by one roster.
   *
   * @param byShard nothing while this node does not know
   * @param weights of the nodes of the roster
   */
  record Placed(Roster roster, List<Members> byShard, Map<String, Integer> weights) {}

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
    return now().map(Placed::byShard).orElse(List.of());
  }

  /** The same with what nodes weigh; empty while this node does not know the roster. */
  Optional<Placed> now() {
    return roster.get().map(this::place);
  }

  private Placed place(Roster nodes) {
    Placed last = placed;
    if (last == null || !last.roster().equals(nodes)) {
      List<Members> byShard = nodes.voters().isEmpty() ? List.of() : place(nodes, shards);
      last = new Placed(nodes, byShard, weights(nodes));
      placed = last;
    }
    return last;
  }

  private static Map<String, Integer> weights(Roster nodes) {
    Map<String, Integer> weights = new HashMap<>();
    nodes.places().forEach((node, place) -> weights.put(node, place.weight()));
    return Map.copyOf(weights);
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
    Map<String, String> zones = new HashMap<>();
    nodes.places().forEach((node, place) -> zones.put(node, place.zone()));
    List<String> names = IntStream.range(0, shards).mapToObj(ReplicaPlacement::name).toList();
    Map<String, List<String>> all = new Ring(weights(nodes)).place(names, copies, zones);
    return names.stream().map(name -> Members.of(all.getOrDefault(name, List.of()))).toList();
  }

  private static String name(int shard) {
    return "replicas of shard " + shard;
  }
}
