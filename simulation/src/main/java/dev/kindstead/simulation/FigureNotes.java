package dev.kindstead.simulation;

import dev.kindstead.model.Entity;
import dev.kindstead.model.Key;
import dev.kindstead.simulation.check.BankTotals;
import dev.kindstead.simulation.check.BankTotals.Balances;
import dev.kindstead.simulation.check.Outcome;
import dev.kindstead.simulation.check.RegisterLinearizability;
import dev.kindstead.simulation.check.RegisterOperation;
import dev.kindstead.simulation.check.Sessions;
import dev.kindstead.simulation.check.Sessions.Seen;
import dev.kindstead.simulation.check.SetMembers;
import dev.kindstead.simulation.check.SetMembers.Insert;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What clients of {@link Figures} did and saw, and what is wrong with it. Confined to one thread.
 */
final class FigureNotes {
  /** Who reads everything once all is quiet. */
  private static final int LAST_READER = -1;

  private final List<Balances> audits = new ArrayList<>();
  private final List<Insert> inserts = new ArrayList<>();
  private final List<RegisterOperation> operations = new ArrayList<>();
  private final List<Seen> seen = new ArrayList<>();
  private final List<Long> elements = new ArrayList<>();
  private long lastCommit;
  private long numbers;

  /** Another one each time. */
  long number() {
    return numbers++;
  }

  /** The latest time of a commit that moved money. */
  long lastCommit() {
    return lastCommit;
  }

  void moved(long commitTime) {
    lastCommit = Math.max(lastCommit, commitTime);
  }

  void audited(Balances balances) {
    audits.add(balances);
  }

  void inserted(Insert insert) {
    inserts.add(insert);
  }

  void operated(RegisterOperation operation) {
    operations.add(operation);
  }

  void saw(Seen one) {
    seen.add(one);
  }

  /**
   * What a strong read of everything has shown once all is quiet.
   *
   * @param nanos when that was
   */
  void found(long nanos, List<Entity> entities) {
    Map<String, Long> balances = new TreeMap<>();
    Map<String, Long> registers = new TreeMap<>();
    for (Entity entity : entities) {
      Key key = entity.key();
      if (key == null) {
        continue;
      }
      if (Figures.isOf(Figures.ACCOUNT, entity)) {
        balances.put(Figures.name(key), Figures.value(entity));
      } else if (Figures.isOf(Figures.REGISTER, entity)) {
        registers.put(Figures.name(key), Figures.value(entity));
      } else if (Figures.isOf(Figures.ELEMENT, entity)) {
        elements.add(Figures.value(entity));
      }
    }
    if (lastCommit > 0) {
      audits.add(new Balances("the last read", balances));
    }
    var names = new TreeSet<>(registers.keySet());
    operations.forEach(each -> names.add(each.key()));
    for (String name : names) {
      operations.add(
          new RegisterOperation(
              name,
              LAST_READER,
              nanos,
              nanos,
              Outcome.DONE,
              new RegisterOperation.Read(registers.get(name))));
    }
  }

  /**
   * @param opening what accounts held before the first transfer
   * @param isComplete whether {@link #found} was told all
   */
  List<String> anomalies(Map<String, Long> opening, boolean isComplete) {
    List<String> anomalies = new ArrayList<>(BankTotals.anomalies(opening, audits));
    if (isComplete) {
      anomalies.addAll(SetMembers.anomalies(inserts, elements));
    }
    anomalies.addAll(RegisterLinearizability.anomalies(operations));
    anomalies.addAll(Sessions.anomalies(seen));
    return anomalies;
  }
}
