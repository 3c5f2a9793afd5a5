package dev.kindstead.faults.workload;

import com.google.datastore.v1.CommitResponse;
import com.google.datastore.v1.EntityResult;
import com.google.datastore.v1.Key;
import com.google.datastore.v1.Mutation;
import com.google.datastore.v1.ReadOptions;
import com.google.protobuf.ByteString;
import dev.kindstead.faults.workload.Client.Committed;
import dev.kindstead.simulation.check.Outcome;
import dev.kindstead.simulation.check.RegisterTransaction;
import dev.kindstead.simulation.check.RegisterTransaction.Held;
import dev.kindstead.simulation.check.RegisterTransaction.Written;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Transactions over a few registers, others than those that are operated on one at a time. They are
 * read in later epochs too, so that a write that is lost shows. Of one client.
 */
final class RegistersTogether {
  static final String KIND = "RegisterTogether";
  static final int REGISTERS = 4;
  private static final int READ_MIN = 2;
  private static final int READ_MAX = 3;

  private final Client client;
  private final Notes notes;
  private final Random random;
  private final Epochs epochs;

  RegistersTogether(Client client, Epochs epochs) {
    this.client = client;
    this.notes = client.notes;
    this.random = client.random;
    this.epochs = epochs;
  }

  /** Reads and single writes are work of registers like any other. */
  Optional<Probe> work(Calls calls) throws Failed {
    long now = epochs.now();
    switch (random.nextInt(8)) {
      case 0 -> readAll(calls, random.nextLong(now + 1), false);
      case 1 -> readAll(calls, now, true);
      case 2 -> write(calls, Registers.name(now, random.nextInt(REGISTERS)));
      default -> {
        return transact(calls, now);
      }
    }
    return Optional.of(Probe.REGISTER_OPERATIONS);
  }

  private void readAll(Calls calls, long epoch, boolean inTransaction) throws Failed {
    long invoked = System.nanoTime();
    ReadOptions options = inTransaction ? Rows.in(calls.begin(true)) : Rows.strong();
    List<String> all =
        IntStream.range(0, REGISTERS).mapToObj(i -> Registers.name(epoch, i)).toList();
    note(invoked, Outcome.DONE, read(calls, options, all), Map.of());
  }

  private void write(Calls calls, String name) throws Failed {
    List<Long> values = List.of((long) notes.number());
    long invoked = System.nanoTime();
    try {
      CommitResponse answer = calls.commit(calls.commitOf(List.of(mutation(name, values.get(0)))));
      long version = answer.getMutationResults(0).getVersion();
      note(invoked, Outcome.DONE, Map.of(), Map.of(name, new Written(values, version)));
    } catch (Failed failure) {
      Written written = new Written(values, RegisterTransaction.NOT_KNOWN);
      note(invoked, failure.outcome(), Map.of(), Map.of(name, written));
      throw failure;
    }
  }

  /** Reads some, and writes to some, perhaps to one that it has not read, or twice to one. */
  private Optional<Probe> transact(Calls calls, long epoch) throws Failed {
    long invoked = System.nanoTime();
    ByteString transaction = calls.begin(false);
    Map<String, Held> held = read(calls, Rows.in(transaction), some(epoch, READ_MIN, READ_MAX));
    Map<String, List<Long>> values = new LinkedHashMap<>(); // in the order of the mutations
    List<Mutation> mutations = new ArrayList<>();
    List<String> written =
        new ArrayList<>(random.nextInt(4) == 0 ? some(epoch, 1, 2) : held.keySet());
    Collections.shuffle(written, random);
    for (String name : written.subList(0, 1 + random.nextInt(written.size()))) {
      List<Long> ofOne = new ArrayList<>();
      for (int more = random.nextInt(6) == 0 ? 2 : 1; more > 0; more--) {
        ofOne.add((long) notes.number());
        mutations.add(mutation(name, ofOne.getLast()));
      }
      values.put(name, ofOne);
    }
    Committed committed = client.commit(calls, calls.commitOf(transaction, mutations));
    note(invoked, committed.outcome(), held, writes(values, committed.response()));
    return committed.as(Probe.REGISTER_TRANSACTIONS);
  }

  private List<String> some(long epoch, int least, int most) {
    return random
        .ints(0, REGISTERS)
        .distinct()
        .limit(random.nextInt(least, most + 1))
        .mapToObj(i -> Registers.name(epoch, i))
        .toList();
  }

  private static Map<String, Written> writes(
      Map<String, List<Long>> values, Optional<CommitResponse> response) {
    Map<String, Written> writes = new TreeMap<>();
    int mutations = 0;
    for (var each : values.entrySet()) {
      mutations += each.getValue().size();
      int last = mutations - 1;
      long version =
          response
              .map(answer -> answer.getMutationResults(last).getVersion())
              .orElse(RegisterTransaction.NOT_KNOWN);
      writes.put(each.getKey(), new Written(each.getValue(), version));
    }
    return writes;
  }

  private static Map<String, Held> read(Calls calls, ReadOptions options, List<String> names)
      throws Failed {
    Map<String, Held> held = new TreeMap<>();
    names.forEach(name -> held.put(name, Held.ABSENT));
    List<Key> keys = names.stream().map(name -> Rows.key(KIND, name)).toList();
    for (EntityResult each : calls.lookup(options, keys).getFoundList()) {
      held.put(
          Rows.name(each.getEntity()),
          new Held(Rows.number(each.getEntity(), RegisterClient.VALUE), each.getVersion()));
    }
    return held;
  }

  private static Mutation mutation(String name, long value) {
    return Rows.upsert(Rows.entity(Rows.key(KIND, name), RegisterClient.VALUE, Rows.value(value)));
  }

  private void note(
      long invoked, Outcome outcome, Map<String, Held> reads, Map<String, Written> writes) {
    notes.together(
        new RegisterTransaction(
            notes.number(), invoked, System.nanoTime(), outcome, reads, writes));
  }
}
