package dev.kindstead.faults.workload;

import com.google.datastore.v1.Mutation;
import dev.kindstead.faults.workload.Notes.Work;
import dev.kindstead.simulation.check.Outcome;
import dev.kindstead.simulation.check.SetMembers.Insert;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Inserts elements that no other insert has: some alone, some in a transaction over shards. */
final class SetClient extends Client {
  static final String KIND = "Element";
  static final String VALUE = "value";
  private static final int AT_ONCE_MAX = 3;

  SetClient(Notes notes, List<Calls> nodes, Random random, int number) {
    super(Work.SET, notes, nodes, random, number);
  }

  @Override
  Optional<Probe> work(Calls calls) throws Failed {
    List<Long> elements = new ArrayList<>();
    for (int i = random.nextInt(AT_ONCE_MAX); i >= 0; i--) {
      elements.add((long) notes.number());
    }
    List<Mutation> mutations =
        elements.stream()
            .map(element ->
                Rows.insert(Rows.entity(Rows.key(KIND, "e" + element), VALUE, Rows.value(element))))
            .toList();
    if (random.nextBoolean()) {
      var transaction = calls.begin(false);
      Committed committed = commit(calls, calls.commitOf(transaction, mutations));
      note(elements, committed.outcome());
      return committed.as(Probe.INSERTS);
    }
    try {
      calls.commit(calls.commitOf(mutations));
      note(elements, Outcome.DONE);
      return Optional.of(Probe.INSERTS);
    } catch (Failed failure) {
      note(elements, failure.outcome());
      throw failure;
    }
  }

  private void note(List<Long> elements, Outcome outcome) {
    elements.forEach(element -> notes.insert(new Insert(element, outcome)));
  }
}
