package dev.kindstead.faults.workload;

import com.google.datastore.v1.Key;
import dev.kindstead.faults.workload.Notes.Work;
import dev.kindstead.simulation.check.UniqueIds.Allocation;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Has ids allocated. */
final class IdClient extends Client {
  private static final String KIND = "Numbered";
  private static final int AT_ONCE_MAX = 5;

  IdClient(Notes notes, List<Calls> nodes, Random random, int number) {
    super(Work.IDS, notes, nodes, random, number);
  }

  @Override
  Optional<Probe> work(Calls calls) throws Failed {
    List<Key> incomplete =
        Collections.nCopies(1 + random.nextInt(AT_ONCE_MAX), Rows.incomplete(KIND));
    long invoked = System.nanoTime();
    List<Key> keys = calls.allocate(incomplete);
    notes.allocation(
        new Allocation(number, invoked, keys.stream().map(key -> key.getPath(0).getId()).toList()));
    return Optional.of(Probe.ALLOCATIONS);
  }
}
