package dev.kindstead.faults.workload;

import dev.kindstead.simulation.StrictSerializability;
import dev.kindstead.simulation.check.BankTotals;
import dev.kindstead.simulation.check.RegisterLinearizability;
import dev.kindstead.simulation.check.RegisterSerializability;
import dev.kindstead.simulation.check.Sessions;
import dev.kindstead.simulation.check.SetMembers;
import dev.kindstead.simulation.check.UniqueIds;
import java.util.ArrayList;
import java.util.List;

/** All judges, over what one round's clients saw and what was there when they had ended. */
final class Judgement {
  private Judgement() {}

  /** One line for each anomaly; none when all is well. */
  static List<String> anomalies(Notes notes, Contents contents) {
    List<String> all = new ArrayList<>(notes.anomalies());
    var last = new LastRead(notes, contents.registers());
    all.addAll(StrictSerializability.anomalies(notes.lists(), contents.lists()));
    try {
      all.addAll(RegisterLinearizability.anomalies(last.registers()));
    } catch (IllegalStateException undecided) {
      // Not judged is not passed.
      all.add("registers: " + undecided.getMessage());
    }
    all.addAll(RegisterSerializability.anomalies(last.together()));
    all.addAll(Sessions.anomalies(last.seen()));
    all.addAll(SetMembers.anomalies(notes.inserts(), contents.elements()));
    all.addAll(UniqueIds.anomalies(notes.allocations(), List.of()));
    List<BankTotals.Balances> audits = new ArrayList<>(notes.audits());
    audits.add(new BankTotals.Balances("the last read", contents.balances()));
    all.addAll(BankTotals.anomalies(BankClient.openingBalances(), audits));
    all.addAll(contents.indexed().anomalies("the last read"));
    return all;
  }
}
