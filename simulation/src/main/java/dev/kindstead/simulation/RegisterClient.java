package dev.kindstead.simulation;

import dev.kindstead.model.Key;
import dev.kindstead.model.Mutation;
import dev.kindstead.simulation.FigureReading.Figure;
import dev.kindstead.simulation.check.Outcome;
import dev.kindstead.simulation.check.RegisterOperation;
import dev.kindstead.simulation.check.RegisterOperation.Call;
import dev.kindstead.simulation.check.RegisterOperation.CompareAndSet;
import dev.kindstead.simulation.check.RegisterOperation.Read;
import dev.kindstead.simulation.check.RegisterOperation.Write;
import dev.kindstead.simulation.check.Sessions.Seen;
import dev.kindstead.transaction.CommitRequest;
import dev.kindstead.transaction.ReadMode;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Reads, writes and compares single entities, none of it in a transaction: base versions compare.
 * Other registers every few seconds, so that each has a history that can be searched. Confined to
 * the scheduler's thread.
 */
final class RegisterClient extends FigureClient {
  private static final int REGISTERS = 3;
  private static final Duration EPOCH = Duration.ofSeconds(3);

  private final int number;

  /** What it has read last of a register. */
  private final Map<Key, Figure> known = new HashMap<>();

  private Key key = Figures.key(Figures.REGISTER, "r");

  /** As it counts when nobody knows what came of it. */
  private Call call = new Read(null);

  RegisterClient(World world, FigureNotes notes, RandomGenerator random, int number) {
    super(world, notes, random, "who has registers");
    this.number = number;
  }

  @Override
  void work(Errand errand) {
    long epoch = now() / EPOCH.toNanos();
    key = Figures.key(Figures.REGISTER, "r" + epoch + "." + random.nextInt(REGISTERS));
    Figure last = known.get(key);
    int choice = random.nextInt(8);
    if (choice < 4) {
      read(errand);
    } else if (choice < 6 && last != null) {
      compareAndSet(errand, last);
    } else {
      write(errand);
    }
  }

  private void read(Errand errand) {
    call = new Read(null);
    errand.ask(
        new FigureReading(world.shardMap(), new ReadMode.Strong(), List.of(key)),
        answer -> {
          Figure found = answer.found().get(key);
          if (found != null) {
            known.put(key, found);
          }
          call = new Read(found == null ? null : found.value());
          notes.saw(Seen.read(number, Figures.name(key), found == null ? 0 : found.version()));
          errand.end(Outcome.DONE);
        });
  }

  private void write(Errand errand) {
    long value = notes.number();
    call = new Write(value);
    errand.commit(
        one(Figures.write(Mutation.Operation.UPSERT, key, value)),
        result -> saw(result.results().getFirst().version()));
  }

  private void compareAndSet(Errand errand, Figure expected) {
    long value = notes.number();
    call = new CompareAndSet(expected.value(), value, true);
    errand.commit(
        one(Figures.writeIf(key, value, expected.version())),
        result -> {
          boolean applied = !result.results().getFirst().conflictDetected();
          call = new CompareAndSet(expected.value(), value, applied);
          saw(result.results().getFirst().version());
          world.hit(applied ? "register compared and set" : "register was another one");
        });
  }

  private static CommitRequest one(Mutation mutation) {
    return new CommitRequest(Figures.DATABASE, null, false, List.of(mutation));
  }

  private void saw(long version) {
    notes.saw(Seen.write(number, Figures.name(key), version, Outcome.DONE));
  }

  @Override
  void ended(Errand errand, Outcome outcome) {
    notes.operated(
        new RegisterOperation(Figures.name(key), number, errand.invoked(), now(), outcome, call));
  }
}
