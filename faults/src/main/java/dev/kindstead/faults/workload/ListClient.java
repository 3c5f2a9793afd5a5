package dev.kindstead.faults.workload;

import com.google.datastore.v1.Entity;
import com.google.datastore.v1.EntityResult;
import com.google.datastore.v1.Key;
import com.google.datastore.v1.Mutation;
import com.google.datastore.v1.ReadOptions;
import com.google.datastore.v1.RunQueryRequest;
import com.google.datastore.v1.RunQueryResponse;
import com.google.protobuf.ByteString;
import dev.kindstead.faults.workload.Notes.Work;
import dev.kindstead.simulation.History;
import dev.kindstead.simulation.History.Ending;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/**
 * Transactions that read some lists and append to some of them, and strong reads without a
 * transaction. New lists every few seconds, since all of a list is read each time.
 */
final class ListClient extends Client {
  static final String KIND = "List";
  static final String ELEMENTS = "elements";
  private static final int LISTS = 6;
  private static final int READ_MAX = 3;

  private final Epochs epochs;

  ListClient(Notes notes, List<Calls> nodes, Random random, int number, Epochs epochs) {
    super(Work.LISTS, notes, nodes, random, number);
    this.epochs = epochs;
  }

  static String object(String kind, String name) {
    return kind + "/" + name;
  }

  @Override
  Optional<Probe> work(Calls calls) throws Failed {
    String kind = KIND + epochs.now();
    return switch (random.nextInt(8)) {
      case 0 -> readAll(calls, kind);
      case 1 -> readSome(calls, kind);
      default -> append(calls, kind);
    };
  }

  private List<String> someNames() {
    return random
        .ints(0, LISTS)
        .distinct()
        .limit(1 + random.nextInt(READ_MAX))
        .mapToObj(Integer::toString)
        .toList();
  }

  private Optional<Probe> append(Calls calls, String kind) throws Failed {
    long invoked = System.nanoTime();
    ByteString transaction = calls.begin(false);
    Map<String, List<Integer>> read = read(calls, Rows.in(transaction), kind, someNames());
    Map<String, List<Integer>> appends = new TreeMap<>();
    List<Mutation> mutations = new ArrayList<>();
    for (var each : read.entrySet()) {
      if (appends.isEmpty() || random.nextBoolean()) {
        // Sometimes twice, each by a mutation: nobody may ever see what is there between the two.
        List<Integer> elements = new ArrayList<>();
        List<Integer> longer = new ArrayList<>(each.getValue());
        Key key = Rows.key(kind, each.getKey());
        for (int more = random.nextInt(6) == 0 ? 2 : 1; more > 0; more--) {
          int element = notes.number();
          elements.add(element);
          longer.add(element);
          mutations.add(Rows.upsert(Rows.entity(key, ELEMENTS, Rows.value(longer))));
        }
        appends.put(object(kind, each.getKey()), elements);
      }
    }
    Calls at = random.nextInt(8) == 0 ? someNode() : calls;
    Committed committed = commit(at, at.commitOf(transaction, mutations));
    note(
        invoked,
        switch (committed.outcome()) {
          case DONE -> Ending.COMMITTED;
          case NOT_DONE -> Ending.ABORTED;
          case UNKNOWN -> Ending.UNKNOWN;
        },
        objects(kind, read),
        appends);
    return committed.as(Probe.LIST_APPENDS);
  }

  private Optional<Probe> readSome(Calls calls, String kind) throws Failed {
    long invoked = System.nanoTime();
    Map<String, List<Integer>> read = read(calls, Rows.strong(), kind, someNames());
    note(invoked, Ending.COMMITTED, objects(kind, read), Map.of());
    return Optional.of(Probe.LIST_READS);
  }

  private Optional<Probe> readAll(Calls calls, String kind) throws Failed {
    long invoked = System.nanoTime();
    var request = RunQueryRequest.newBuilder();
    request.getQueryBuilder().addKindBuilder().setName(kind);
    RunQueryResponse answer = calls.query(request);
    Map<String, List<Integer>> read = new TreeMap<>();
    for (int i = 0; i < LISTS; i++) {
      read.put(Integer.toString(i), List.of());
    }
    for (EntityResult each : answer.getBatch().getEntityResultsList()) {
      read.put(Rows.name(each.getEntity()), Rows.numbers(each.getEntity(), ELEMENTS));
    }
    note(invoked, Ending.COMMITTED, objects(kind, read), Map.of());
    return Optional.of(Probe.LIST_READS);
  }

  private static Map<String, List<Integer>> read(
      Calls calls, ReadOptions options, String kind, List<String> names) throws Failed {
    Map<String, List<Integer>> read = new TreeMap<>();
    names.forEach(name -> read.put(name, List.of()));
    List<Key> keys = names.stream().map(name -> Rows.key(kind, name)).toList();
    for (EntityResult each : calls.lookup(options, keys).getFoundList()) {
      Entity entity = each.getEntity();
      read.put(Rows.name(entity), Rows.numbers(entity, ELEMENTS));
    }
    return read;
  }

  private static Map<String, List<Integer>> objects(
      String kind, Map<String, List<Integer>> byName) {
    Map<String, List<Integer>> objects = new TreeMap<>();
    byName.forEach((name, list) -> objects.put(object(kind, name), list));
    return objects;
  }

  private void note(
      long invoked,
      Ending ending,
      Map<String, List<Integer>> reads,
      Map<String, List<Integer>> appends) {
    long ended = ending == Ending.UNKNOWN ? Long.MAX_VALUE : System.nanoTime();
    notes.list(new History.Transaction(notes.number(), invoked, ended, ending, reads, appends));
  }
}
