package dev.kindstead.faults.workload;

import com.google.datastore.v1.CommitResponse;
import com.google.datastore.v1.EntityResult;
import com.google.datastore.v1.Key;
import com.google.datastore.v1.LookupResponse;
import com.google.datastore.v1.Mutation;
import com.google.datastore.v1.MutationResult;
import dev.kindstead.faults.workload.Notes.Work;
import dev.kindstead.simulation.check.Outcome;
import dev.kindstead.simulation.check.RegisterOperation;
import dev.kindstead.simulation.check.RegisterOperation.Call;
import dev.kindstead.simulation.check.RegisterOperation.CompareAndSet;
import dev.kindstead.simulation.check.RegisterOperation.Read;
import dev.kindstead.simulation.check.RegisterOperation.Write;
import dev.kindstead.simulation.check.Sessions.Seen;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * Reads, writes and compares single entities, none of it in a transaction: base versions compare.
 * Other registers every few seconds, so that each has a history that can be searched. Between, it
 * has transactions over {@link RegistersTogether}.
 */
final class RegisterClient extends Client {
  static final String KIND = "Register";
  static final String VALUE = "value";
  static final int REGISTERS = 3;

  private final Epochs epochs;
  private final RegistersTogether together;

  /** What this client has read last of a register. */
  private record Known(long value, long version) {}

  private final Map<String, Known> known = new HashMap<>();

  RegisterClient(Notes notes, List<Calls> nodes, Random random, int number, Epochs epochs) {
    super(Work.REGISTERS, notes, nodes, random, number);
    this.epochs = epochs;
    this.together = new RegistersTogether(this, epochs);
  }

  @Override
  Optional<Probe> work(Calls calls) throws Failed {
    if (random.nextInt(3) == 0) {
      return together.work(calls);
    }
    workOnOne(calls);
    return Optional.of(Probe.REGISTER_OPERATIONS);
  }

  private void workOnOne(Calls calls) throws Failed {
    String name = Registers.name(epochs.now(), random.nextInt(REGISTERS));
    Known last = known.get(name);
    int choice = random.nextInt(8);
    if (choice < 4) {
      read(calls, name);
    } else if (choice < 6 && last != null) {
      compareAndSet(calls, name, last);
    } else {
      write(calls, name);
    }
  }

  private static Key key(String name) {
    return Rows.key(KIND, name);
  }

  private void read(Calls calls, String name) throws Failed {
    long invoked = System.nanoTime();
    LookupResponse answer = calls.lookup(Rows.strong(), List.of(key(name)));
    if (answer.getFoundCount() == 0) {
      note(name, invoked, Outcome.DONE, new Read(null));
      notes.seen(Seen.read(number, name, 0));
      return;
    }
    EntityResult found = answer.getFound(0);
    long value = Rows.number(found.getEntity(), VALUE);
    note(name, invoked, Outcome.DONE, new Read(value));
    notes.seen(Seen.read(number, name, found.getVersion()));
    known.put(name, new Known(value, found.getVersion()));
  }

  private void write(Calls calls, String name) throws Failed {
    long value = notes.number();
    long invoked = System.nanoTime();
    try {
      CommitResponse answer = calls.commit(calls.commitOf(List.of(mutation(name, value).build())));
      note(name, invoked, Outcome.DONE, new Write(value));
      notes.seen(Seen.write(number, name, answer.getMutationResults(0).getVersion(), Outcome.DONE));
    } catch (Failed failure) {
      note(name, invoked, failure.outcome(), new Write(value));
      throw failure;
    }
  }

  private void compareAndSet(Calls calls, String name, Known expected) throws Failed {
    long value = notes.number();
    Mutation mutation = mutation(name, value).setBaseVersion(expected.version).build();
    long invoked = System.nanoTime();
    try {
      MutationResult result = calls.commit(calls.commitOf(List.of(mutation))).getMutationResults(0);
      boolean applied = !result.getConflictDetected();
      note(name, invoked, Outcome.DONE, new CompareAndSet(expected.value, value, applied));
      notes.seen(Seen.write(number, name, result.getVersion(), Outcome.DONE));
    } catch (Failed failure) {
      note(name, invoked, failure.outcome(), new CompareAndSet(expected.value, value, true));
      throw failure;
    }
  }

  private static Mutation.Builder mutation(String name, long value) {
    return Rows.upsert(Rows.entity(key(name), VALUE, Rows.value(value))).toBuilder();
  }

  private void note(String name, long invoked, Outcome outcome, Call call) {
    notes.register(new RegisterOperation(name, number, invoked, System.nanoTime(), outcome, call));
  }
}
