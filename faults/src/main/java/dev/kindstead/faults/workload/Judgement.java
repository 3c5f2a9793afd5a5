package dev.kindstead.faults.workload;

import dev.kindstead.simulation.StrictSerializability;
import dev.kindstead.simulation.check.BankTotals;
import dev.kindstead.simulation.check.RegisterLinearizability;
import dev.kindstead.simulation.check.RegisterOperation;
import dev.kindstead.simulation.check.RegisterSerializability;
import dev.kindstead.simulation.check.Sessions;
import dev.kindstead.simulation.check.SetMembers;
import dev.kindstead.simulation.check.UniqueIds;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * All judges, over what one round's clients saw and what was there when they had ended.
 *
 * @param anomalies one line each; none when all is well
 * @param notJudged what has too many possibilities to be judged: that is neither passed nor failed
 */
public record Judgement(List<String> anomalies, List<String> notJudged) {
  public Judgement {
    anomalies = List.copyOf(anomalies);
    notJudged = List.copyOf(notJudged);
  }

  static Judgement of(Notes notes, Contents contents) {
    return of(notes, contents, RegisterLinearizability::anomalies);
  }

  /**
   * @param ofRegisters IllegalStateException when it cannot say
   */
  static Judgement of(
      Notes notes, Contents contents, Function<List<RegisterOperation>, List<String>> ofRegisters) {
    List<String> all = new ArrayList<>(notes.anomalies());
    List<String> notJudged = new ArrayList<>();
    var last = new LastRead(notes, contents.registers());
    all.addAll(StrictSerializability.anomalies(notes.lists(), contents.lists()));
    try {
      all.addAll(ofRegisters.apply(last.registers()));
    } catch (IllegalStateException undecided) {
      notJudged.add("registers: " + undecided.getMessage());
    }
    all.addAll(RegisterSerializability.anomalies(last.together()));
    all.addAll(Sessions.anomalies(last.seen()));
    all.addAll(SetMembers.anomalies(notes.inserts(), contents.elements()));
    all.addAll(UniqueIds.anomalies(notes.allocations(), List.of()));
    List<BankTotals.Balances> audits = new ArrayList<>(notes.audits());
    audits.add(new BankTotals.Balances("the last read", contents.balances()));
    all.addAll(BankTotals.anomalies(BankClient.openingBalances(), audits));
    all.addAll(contents.indexed().anomalies("the last read"));
    return new Judgement(all, notJudged);
  }
}
