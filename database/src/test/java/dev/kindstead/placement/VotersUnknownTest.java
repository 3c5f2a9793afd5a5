package dev.kindstead.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.replication.Members;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/**
 * A node that was just given a vote in the system group hears of its leader before it knows any
 * voter. That broke an invariant, and ended the placement of leaders and replicas on that node for
 * good. Simulation with {@code --spread 4}, seed 101.
 */
final class VotersUnknownTest {
  @Test
  void nothingIsPlacedUntilTheyAreKnown() {
    var known = new AtomicReference<>(new Roster(new TreeSet<>(), new TreeMap<>()));
    var placement = new ReplicaPlacement(2, () -> Optional.ofNullable(known.get()));
    assertThat(placement.all()).isEmpty();
    var voters = Members.of(List.of("n1", "n2", "n3")).voters();
    known.set(new Roster(voters, new TreeMap<>()));
    assertThat(placement.all()).hasSize(2).allMatch(members -> members.voters().equals(voters));
  }
}
