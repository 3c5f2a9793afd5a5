package dev.kindstead.faults.workload;

import dev.kindstead.simulation.check.Outcome;
import dev.kindstead.simulation.check.RegisterOperation;
import dev.kindstead.simulation.check.RegisterOperation.Read;
import dev.kindstead.simulation.check.RegisterTransaction;
import dev.kindstead.simulation.check.Sessions.Seen;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * What clients saw of registers, and behind it all the read of them that was made when the clients
 * had ended: as an operation of each register, as a transaction, and as what each client reads of
 * the registers that it knows. So an acknowledged write that is gone by then shows. Pure.
 */
final class LastRead {
  /** Tells it apart from clients, whose numbers are positive. */
  private static final int CLIENT = 0;

  private final Notes notes;
  private final Registers registers;

  /** Behind the end of every operation. */
  private final long nanos;

  LastRead(Notes notes, Registers registers) {
    this.notes = notes;
    this.registers = registers;
    // What has no end may happen later still, as judges know. Not by the clock: the same notes are
    // judged alike.
    nanos =
        1
            + LongStream.concat(
                    notes.registers().stream().mapToLong(RegisterOperation::ended),
                    notes.together().stream().mapToLong(RegisterTransaction::ended))
                .max()
                .orElse(0);
  }

  List<RegisterOperation> registers() {
    List<RegisterOperation> all = new ArrayList<>(notes.registers());
    registers
        .alone()
        .forEach((name, held) ->
            all.add(
                new RegisterOperation(
                    name, CLIENT, nanos, nanos, Outcome.DONE, new Read(held.value()))));
    return all;
  }

  List<RegisterTransaction> together() {
    List<RegisterTransaction> all = new ArrayList<>(notes.together());
    all.add(
        new RegisterTransaction(
            notes.number(), nanos, nanos, Outcome.DONE, registers.together(), Map.of()));
    return all;
  }

  List<Seen> seen() {
    List<Seen> all = new ArrayList<>(notes.seen());
    Set<Seen> last = new HashSet<>();
    for (Seen each : notes.seen()) {
      var held = registers.alone().get(each.key());
      if (held != null) {
        last.add(Seen.read(each.client(), each.key(), held.version()));
      }
    }
    all.addAll(last);
    return all;
  }
}
