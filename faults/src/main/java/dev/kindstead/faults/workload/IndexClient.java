package dev.kindstead.faults.workload;

import com.google.datastore.v1.Entity;
import com.google.datastore.v1.Key;
import com.google.datastore.v1.Mutation;
import com.google.datastore.v1.ReadOptions;
import com.google.protobuf.Timestamp;
import dev.kindstead.faults.workload.IndexCalls.Known;
import dev.kindstead.faults.workload.IndexedRows.Question;
import dev.kindstead.faults.workload.Notes.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Writes entities that move within composite indexes, has what these answer compared with the
 * entities at the same time through any node, and creates and deletes one of them meanwhile.
 */
final class IndexClient extends Client {
  private static final int ENTITIES = 40;
  private static final int AT_ONCE_MAX = 4;

  IndexClient(Notes notes, List<Calls> nodes, Random random, int number) {
    super(Work.INDEXES, notes, nodes, random, number);
  }

  @Override
  Optional<Probe> work(Calls calls) throws Failed {
    return switch (random.nextInt(8)) {
      case 0 -> change(new IndexCalls(calls));
      case 1, 2, 3 -> compare(calls);
      default -> write(calls);
    };
  }

  private Optional<Probe> write(Calls calls) throws Failed {
    List<Mutation> mutations = new ArrayList<>();
    random
        .ints(0, ENTITIES)
        .distinct()
        .limit(1 + random.nextInt(AT_ONCE_MAX))
        .forEach(i -> mutations.add(mutation(Rows.key(IndexedRows.KIND, "i" + i))));
    if (random.nextBoolean()) {
      return commit(calls, calls.commitOf(calls.begin(false), mutations)).as(Probe.INDEXED_WRITES);
    }
    calls.commit(calls.commitOf(mutations));
    return Optional.of(Probe.INDEXED_WRITES);
  }

  private Mutation mutation(Key key) {
    if (random.nextInt(6) == 0) {
      return Mutation.newBuilder().setDelete(key).build();
    }
    return Rows.upsert(
        Entity.newBuilder()
            .setKey(key)
            .putProperties(IndexedRows.PART, Rows.value(random.nextInt(IndexedRows.PARTS)))
            .putProperties(IndexedRows.VALUE, Rows.value(notes.number()))
            .build());
  }

  private Optional<Probe> compare(Calls calls) throws Failed {
    Timestamp now =
        calls.lookup(Rows.strong(), List.of(Rows.key(IndexedRows.KIND, "i0"))).getReadTime();
    ReadOptions then = Rows.at(now);
    List<Question> all = IndexedRows.questions();
    Question one = all.get(random.nextInt(all.size()));
    IndexedRows.read(someNode(), then, List.of(one))
        .anomalies("during the round")
        .forEach(notes::anomaly);
    return Optional.of(Probe.INDEX_COMPARISONS);
  }

  /** Nobody waits for a build: the next time it may be ready, then it is deleted. */
  private static Optional<Probe> change(IndexCalls indexes) throws Failed {
    Optional<Known> known = indexes.find(IndexedRows.PASSING);
    if (known.isEmpty()) {
      indexes.create(IndexedRows.KIND, IndexedRows.PASSING);
    } else if (known.get().state().equals("READY")) {
      indexes.delete(known.get());
    }
    return Optional.empty();
  }
}
