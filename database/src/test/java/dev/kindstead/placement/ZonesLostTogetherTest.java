package dev.kindstead.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.placement.VoterChoice.Move;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What fails together must not hold a majority where that can be avoided. */
final class ZonesLostTogetherTest {
  private static final Map<String, String> ZONES =
      Map.of("a", "z1", "b", "z2", "c", "z3", "d", "z1", "e", "z3", "f", "z4");

  private static VoterChoice choice(Set<String> voters, Set<String> lost, Set<String> candidates) {
    return new VoterChoice(
        new TreeSet<>(voters),
        ZONES,
        Set.of(),
        lost,
        new TreeSet<>(candidates),
        Set.of(),
        List.of());
  }

  @Test
  void theSubstituteComesFromAZoneWithoutAVoter() {
    assertThat(choice(Set.of("a", "b", "c"), Set.of("c"), Set.of("d", "e")).next())
        .contains(new Move(List.of("e"), List.of("c")));
    assertThat(choice(Set.of("a", "b", "c"), Set.of("c"), Set.of("d", "f")).next())
        .contains(new Move(List.of("f"), List.of("c")));
  }

  @Test
  void anotherOneIsBetterThanNone() {
    assertThat(choice(Set.of("a", "b", "c"), Set.of("c"), Set.of("d")).next())
        .contains(new Move(List.of("d"), List.of("c")));
  }

  @Test
  void aLoneVoterGrowsOverZones() {
    assertThat(choice(Set.of("a"), Set.of(), Set.of("b", "c", "d")).next())
        .contains(new Move(List.of("b", "c"), List.of()));
    assertThat(choice(Set.of("c"), Set.of(), Set.of("d", "e", "f")).next())
        .contains(new Move(List.of("d", "f"), List.of()));
  }

  /** Property: whatever is lost, removed or wished, votes stay odd in number and never fewer. */
  @Test
  void noChoiceLeavesFewerOrAnEvenNumberOfVoters() {
    var random = new Random(7);
    for (int round = 0; round < 20_000; round++) {
      List<String> all = IntStream.range(0, 9).mapToObj(i -> "n" + i).toList();
      int size = List.of(1, 3, 5).get(random.nextInt(3));
      SortedSet<String> voters = new TreeSet<>(all.subList(0, size));
      var zones = new TreeMap<String, String>();
      all.forEach(each -> zones.put(each, random.nextBoolean() ? "" : "z" + random.nextInt(3)));
      var choice =
          new VoterChoice(
              voters,
              zones,
              some(all, random),
              some(List.copyOf(voters), random),
              some(all.subList(size, 9), random),
              some(all.subList(size, 9), random),
              List.copyOf(some(all, random)));
      choice
          .next()
          .ifPresent(move -> {
            var after = new TreeSet<>(voters);
            assertThat(after.removeAll(move.out()) || move.out().isEmpty()).isTrue();
            move.in().forEach(each -> assertThat(after.add(each)).isTrue());
            assertThat(after.size()).isIn(3, 5).isGreaterThanOrEqualTo(voters.size());
            assertThat(move.in()).isSubsetOf(choice.candidates());
            assertThat(move.in()).noneMatch(choice.removed()::contains);
            assertThat(move.out().size()).isLessThanOrEqualTo(1);
          });
    }
  }

  private static Set<String> some(List<String> of, Random random) {
    var chosen = new TreeSet<String>();
    of.forEach(each -> {
      if (random.nextInt(3) == 0) {
        chosen.add(each);
      }
    });
    return chosen;
  }
}
