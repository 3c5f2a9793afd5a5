package dev.kindstead.faults.workload;

import com.google.datastore.v1.EntityResult;
import com.google.datastore.v1.Key;
import com.google.datastore.v1.Mutation;
import com.google.datastore.v1.ReadOptions;
import com.google.datastore.v1.RunQueryRequest;
import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import dev.kindstead.faults.workload.Notes.Work;
import dev.kindstead.simulation.check.BankTotals.Balances;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Moves money between accounts on several shards, and adds it all up in snapshots of all kinds. */
final class BankClient extends Client {
  static final String KIND = "Account";
  private static final String BALANCE = "balance";
  private static final int ACCOUNTS = 8;
  private static final long EACH = 100;
  private static final int AMOUNT_MAX = 20;

  BankClient(Notes notes, List<Calls> nodes, Random random, int number) {
    super(Work.BANK, notes, nodes, random, number);
  }

  /** Of the accounts, before the first transfer. */
  static List<Mutation> opening() {
    return IntStream.range(0, ACCOUNTS)
        .mapToObj(i -> Rows.upsert(Rows.entity(key(i), BALANCE, Rows.value(EACH))))
        .toList();
  }

  static Map<String, Long> openingBalances() {
    Map<String, Long> all = new TreeMap<>();
    IntStream.range(0, ACCOUNTS).forEach(i -> all.put(name(i), EACH));
    return all;
  }

  private static String name(int account) {
    return "account-" + account;
  }

  private static Key key(int account) {
    return Rows.key(KIND, name(account));
  }

  @Override
  Optional<Probe> work(Calls calls) throws Failed {
    if (random.nextInt(3) == 0) {
      audit(calls);
      return Optional.of(Probe.AUDITS);
    }
    return transfer(calls);
  }

  private Optional<Probe> transfer(Calls calls) throws Failed {
    int from = random.nextInt(ACCOUNTS);
    int to = (from + 1 + random.nextInt(ACCOUNTS - 1)) % ACCOUNTS;
    long amount = 1 + random.nextLong(AMOUNT_MAX);
    ByteString transaction = calls.begin(false);
    boolean isDone = false;
    try {
      Optional<Probe> moved = move(calls, transaction, from, to, amount);
      isDone = moved.isPresent();
      return moved;
    } finally {
      if (!isDone) {
        rollBack(transaction); // the accounts stay the same, so others want what it holds
      }
    }
  }

  private Optional<Probe> move(Calls calls, ByteString transaction, int from, int to, long amount)
      throws Failed {
    var both = calls.lookup(Rows.in(transaction), List.of(key(from), key(to)));
    List<Mutation> mutations = new ArrayList<>();
    for (EntityResult each : both.getFoundList()) {
      boolean gives = Rows.name(each.getEntity()).equals(name(from));
      long balance = Rows.number(each.getEntity(), BALANCE) + (gives ? -amount : amount);
      mutations.add(Rows.update(Rows.entity(key(gives ? from : to), BALANCE, Rows.value(balance))));
    }
    if (mutations.size() != 2) {
      notes.anomaly("accounts %d and %d are not both there: %s".formatted(from, to, both));
      return Optional.empty();
    }
    return commit(calls, calls.commitOf(transaction, mutations)).as(Probe.TRANSFERS);
  }

  private void audit(Calls calls) throws Failed {
    switch (random.nextInt(4)) {
      case 0 -> notes.audit(new Balances("a query", balances(calls, Rows.strong())));
      case 1 -> {
        Timestamp now = calls.lookup(Rows.strong(), List.of(key(0))).getReadTime();
        Map<String, Long> here = balances(calls, Rows.at(now));
        notes.audit(new Balances("a query at a read time", here));
        Map<String, Long> elsewhere = balances(someNode(), Rows.at(now));
        if (!here.equals(elsewhere)) {
          notes.anomaly("one read time, two answers: %s and %s".formatted(here, elsewhere));
        }
      }
      case 2 -> {
        ReadOptions options = Rows.in(calls.begin(true));
        notes.audit(new Balances("a read-only transaction", balances(calls, options)));
      }
      default -> {
        List<Key> all = IntStream.range(0, ACCOUNTS).mapToObj(BankClient::key).toList();
        var found = calls.lookup(Rows.strong(), all).getFoundList();
        notes.audit(new Balances("a lookup", balances(found)));
      }
    }
  }

  private static Map<String, Long> balances(Calls calls, ReadOptions options) throws Failed {
    var request = RunQueryRequest.newBuilder().setReadOptions(options);
    request.getQueryBuilder().addKindBuilder().setName(KIND);
    return balances(calls.query(request).getBatch().getEntityResultsList());
  }

  static Map<String, Long> balances(List<EntityResult> accounts) {
    Map<String, Long> all = new TreeMap<>();
    for (EntityResult each : accounts) {
      all.put(Rows.name(each.getEntity()), Rows.number(each.getEntity(), BALANCE));
    }
    return all;
  }
}
