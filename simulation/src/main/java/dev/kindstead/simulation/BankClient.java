package dev.kindstead.simulation;

import dev.kindstead.model.Key;
import dev.kindstead.model.Mutation;
import dev.kindstead.simulation.FigureReading.Figure;
import dev.kindstead.simulation.check.BankTotals.Balances;
import dev.kindstead.simulation.check.Outcome;
import dev.kindstead.transaction.CommitRequest;
import dev.kindstead.transaction.ReadMode;
import dev.kindstead.transaction.TransactionId;
import dev.kindstead.transaction.TransactionOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** Moves money between accounts, and adds it all up. Confined to the scheduler's thread. */
final class BankClient extends FigureClient {
  private static final int ACCOUNTS = 8;
  private static final long EACH = 100;
  private static final int AMOUNT_MAX = 20;
  private static final List<Key> ALL =
      IntStream.range(0, ACCOUNTS)
          .mapToObj(account -> Figures.key(Figures.ACCOUNT, "a" + account))
          .toList();

  BankClient(World world, FigureNotes notes, RandomGenerator random) {
    super(world, notes, random, "who moves money");
  }

  /** Of each account before the first transfer. */
  static Map<String, Long> opening() {
    Map<String, Long> balances = new TreeMap<>();
    ALL.forEach(key -> balances.put(Figures.name(key), EACH));
    return balances;
  }

  @Override
  void work(Errand errand) {
    if (notes.lastCommit() == 0) {
      open(errand);
    } else if (random.nextInt(3) == 0) {
      audit(errand);
    } else {
      transfer(errand);
    }
  }

  /** All at once: whatever was moved before, all accounts hold as much together afterwards. */
  private void open(Errand errand) {
    List<Mutation> all =
        ALL.stream().map(key -> Figures.write(Mutation.Operation.UPSERT, key, EACH)).toList();
    errand.commit(
        new CommitRequest(Figures.DATABASE, null, true, all),
        result -> notes.moved(result.commitTime()));
  }

  private void transfer(Errand errand) {
    int from = random.nextInt(ACCOUNTS);
    int to = (from + 1 + random.nextInt(ACCOUNTS - 1)) % ACCOUNTS;
    List<Key> both = List.of(ALL.get(from), ALL.get(to));
    var mode = new ReadMode.InNewTransaction(new TransactionOptions.ReadWrite(null));
    errand.ask(
        new FigureReading(world.shardMap(), mode, both), answer -> move(errand, both, answer));
  }

  private void move(Errand errand, List<Key> both, FigureReading.Answer answer) {
    TransactionId transaction = answer.begun();
    if (transaction == null || answer.found().size() != both.size()) {
      world.report("a transfer between " + both + " read " + answer);
      errand.end(Outcome.NOT_DONE);
      return;
    }
    long amount = 1 + random.nextInt(AMOUNT_MAX);
    List<Mutation> mutations = new ArrayList<>();
    answer
        .found()
        .forEach((key, figure) -> {
          long balance = figure.value() + (key.equals(both.getFirst()) ? -amount : amount);
          mutations.add(Figures.write(Mutation.Operation.UPDATE, key, balance));
        });
    errand.commit(
        new CommitRequest(Figures.DATABASE, transaction, true, mutations),
        result -> {
          world.hit("money moved");
          notes.moved(result.commitTime());
          world
              .commitTimes()
              .committed("transfer " + both, errand.invoked(), now(), result.commitTime());
        });
  }

  private void audit(Errand errand) {
    ReadMode mode =
        switch (random.nextInt(3)) {
          case 0 -> new ReadMode.Strong();
          case 1 -> new ReadMode.InNewTransaction(new TransactionOptions.ReadOnly(null));
          default -> new ReadMode.AtTime(notes.lastCommit());
        };
    errand.ask(
        new FigureReading(world.shardMap(), mode, ALL),
        answer -> {
          world.hit("money counted");
          notes.audited(new Balances(mode + " at " + errand.node(), balances(answer.found())));
          errand.end(Outcome.DONE);
        });
  }

  private static Map<String, Long> balances(Map<Key, Figure> found) {
    Map<String, Long> balances = new TreeMap<>();
    found.forEach((key, figure) -> balances.put(Figures.name(key), figure.value()));
    return balances;
  }
}
