package dev.kindstead.placement;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;

/**
 * Who shall get a vote, and who lose it. An odd number of nodes votes, and no choice makes it
 * smaller: a lone voter becomes three, three become five only when somebody wishes it, and a voter
 * leaves only when another node takes its place. Zones without a voter come first. Immutable.
 *
 * @param voters who votes now
 * @param zones of nodes, as far as they are known
 * @param removed nodes that somebody has removed from the cluster
 * @param lost voters that have not answered for so long that they are given up
 * @param candidates nodes that could vote
 * @param wished candidates that somebody wants to vote now
 * @param failed candidates that could not be given a vote lately, the last one last: they take
 *     turns, for one that can't be reached may ask to vote all the same
 */
record VoterChoice(
    SortedSet<String> voters,
    Map<String, String> zones,
    Set<String> removed,
    Set<String> lost,
    Collection<String> candidates,
    Set<String> wished,
    List<String> failed) {
  /** Voters that a cluster grows to by itself. */
  static final int VOTERS = 3;

  static final int VOTERS_MAX = 5;

  /** A change of voters. */
  record Move(List<String> in, List<String> out) {}

  /** What is to be done first, if anything. */
  Optional<Move> next() {
    List<String> out = voters.stream().filter(this::hasToGo).limit(1).toList();
    if (voters.size() == 1) {
      return out.isEmpty() ? move(VOTERS - 1, out) : Optional.empty();
    }
    if (!out.isEmpty()) {
      return move(1, out);
    }
    long ready = wished.stream().filter(candidates::contains).count();
    return ready >= 2 && voters.size() + 2 <= VOTERS_MAX ? move(2, out) : Optional.empty();
  }

  private boolean hasToGo(String voter) {
    return removed.contains(voter) || lost.contains(voter);
  }

  private Optional<Move> move(int count, List<String> out) {
    Set<String> taken = new HashSet<>();
    voters.stream().filter(voter -> !out.contains(voter)).forEach(voter -> taken.add(zone(voter)));
    List<String> left = new ArrayList<>(candidates);
    left.removeIf(each -> removed.contains(each) || voters.contains(each));
    List<String> in = new ArrayList<>();
    while (in.size() < count && !left.isEmpty()) {
      String best =
          left.stream()
              .min(
                  Comparator.<String>comparingInt(each -> wished.contains(each) ? 0 : 1)
                      .thenComparingInt(failed::indexOf)
                      .thenComparingInt(each -> taken.contains(zone(each)) ? 1 : 0)
                      .thenComparing(Comparator.naturalOrder()))
              .orElseThrow();
      left.remove(best);
      in.add(best);
      taken.add(zone(best));
    }
    return in.size() == count ? Optional.of(new Move(List.copyOf(in), out)) : Optional.empty();
  }

  /** Nodes that name no zone are each in one of their own. */
  private String zone(String nodeId) {
    String named = zones.getOrDefault(nodeId, "");
    return named.isEmpty() ? nodeId : "zone " + named;
  }
}
