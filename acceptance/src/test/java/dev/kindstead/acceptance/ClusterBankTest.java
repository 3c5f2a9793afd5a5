package dev.kindstead.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.datastore.v1.EntityResult;
import com.google.datastore.v1.Key;
import com.google.datastore.v1.LookupResponse;
import com.google.datastore.v1.Mutation;
import com.google.datastore.v1.ReadOptions;
import com.google.datastore.v1.RunQueryRequest;
import com.google.datastore.v1.RunQueryResponse;
import com.google.datastore.v1.TransactionOptions;
import com.google.protobuf.ByteString;
import com.google.rpc.Code;
import dev.kindstead.acceptance.HttpCalls.Failed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Money moves between accounts on several shards, in databases of both concurrency modes, while
 * nodes are killed or stand still: no snapshot ever shows more or less than there is.
 */
@ExtendWith(ClusterOf3.class)
class ClusterBankTest {
  private static final Duration LENGTH =
      Duration.ofSeconds(Integer.getInteger("cluster.seconds", 18));
  private static final long SEED = Long.getLong("cluster.seed", System.nanoTime());
  private static final List<String> MODES = List.of("OPTIMISTIC", "PESSIMISTIC");
  private static final String KIND = "Account";
  private static final String BALANCE = "balance";
  private static final int ACCOUNTS = 10;
  private static final long EACH = 100;
  private static final int TELLERS_EACH = 3;
  private static final Duration BETWEEN = Duration.ofMillis(15);
  private static final Duration AFTER_FAILURE = Duration.ofMillis(100);

  private final AtomicInteger transfers = new AtomicInteger();
  private final AtomicInteger audits = new AtomicInteger();
  private final Map<String, AtomicInteger> failures = new ConcurrentHashMap<>();
  private volatile boolean stopped;

  /** A call through some node. */
  private interface Visit {
    void run(HttpCalls calls, Random random) throws Failed;
  }

  @Test
  void theSumIsConstantInEverySnapshot(KindsteadCluster cluster) throws Exception {
    System.out.println("ClusterBankTest: -Dcluster.seed=" + SEED);
    Random random = new Random(SEED);
    List<String> banks = List.of(Projects.fresh(), Projects.fresh());
    for (int i = 0; i < banks.size(); i++) {
      open(cluster.endpoint(i), banks.get(i), MODES.get(i));
    }
    int disturbances;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var working = new ArrayList<Future<?>>();
      for (String bank : banks) {
        for (int i = 0; i < TELLERS_EACH; i++) {
          Random own = new Random(random.nextLong());
          working.add(threads.submit(() -> work(cluster, bank, own, this::transfer)));
        }
        Random own = new Random(random.nextLong());
        working.add(threads.submit(() -> work(cluster, bank, own, this::audit)));
      }
      disturbances = cluster.disturb(LENGTH, random);
      stopped = true;
      for (Future<?> each : working) {
        each.get();
      }
    }
    System.out.println(
        "ClusterBankTest: %d disturbances, %s transfers, %s audits; failures %s"
            .formatted(disturbances, transfers, audits, failures));
    for (Endpoint node : cluster.endpoints()) {
      for (String bank : banks) {
        try (HttpCalls calls = new HttpCalls(node, bank)) {
          assertSum(calls, ReadOptions.getDefaultInstance(), "at the end");
        }
      }
    }
    assertThat(transfers.get()).isGreaterThan(50);
    assertThat(audits.get()).isGreaterThan(20);
  }

  private static void open(Endpoint node, String bank, String mode) throws Failed {
    try (RawHttp http = new RawHttp(node);
        HttpCalls calls = new HttpCalls(node, bank)) {
      String database = "/v1/projects/%s/databases/(default)".formatted(bank);
      String body = "{\"concurrencyMode\": \"%s\"}".formatted(mode);
      var answer = http.patch(database + "?updateMask=concurrencyMode", body);
      assertThat(answer.statusCode()).as(new String(answer.body(), UTF_8)).isEqualTo(200);
      Mutation[] accounts = new Mutation[ACCOUNTS];
      for (int i = 0; i < ACCOUNTS; i++) {
        accounts[i] = Raw.insert(Raw.entity(account(i), BALANCE, Raw.value(EACH)));
      }
      calls.commit(accounts);
    }
  }

  private static Key account(int number) {
    return Raw.key(KIND, "account-" + number);
  }

  private void work(KindsteadCluster cluster, String bank, Random random, Visit visit) {
    List<HttpCalls> nodes =
        cluster.endpoints().stream().map(each -> new HttpCalls(each, bank)).toList();
    try {
      while (!stopped) {
        try {
          visit.run(nodes.get(random.nextInt(nodes.size())), random);
          Pause.of(BETWEEN);
        } catch (Failed failure) {
          boolean expected = failure.isNotApplied() || failure.isUnknown();
          assertThat(expected).as(failure.getMessage()).isTrue();
          failures
              .computeIfAbsent(String.valueOf(failure.getMessage()), _ -> new AtomicInteger())
              .incrementAndGet();
          Pause.of(failure.code() == Code.ABORTED ? BETWEEN : AFTER_FAILURE);
        }
      }
    } finally {
      nodes.forEach(HttpCalls::close);
    }
  }

  private void transfer(HttpCalls calls, Random random) throws Failed {
    int from = random.nextInt(ACCOUNTS);
    int to = (from + 1 + random.nextInt(ACCOUNTS - 1)) % ACCOUNTS;
    long amount = random.nextLong(20);
    ByteString transaction = calls.begin(TransactionOptions.getDefaultInstance());
    LookupResponse both =
        calls.lookup(
            ReadOptions.newBuilder().setTransaction(transaction).build(),
            account(from),
            account(to));
    var mutations = new ArrayList<Mutation>();
    for (EntityResult each : both.getFoundList()) {
      Key key = each.getEntity().getKey().toBuilder().clearPartitionId().build();
      long change = key.equals(account(from)) ? -amount : amount;
      long balance = each.getEntity().getPropertiesOrThrow(BALANCE).getIntegerValue() + change;
      mutations.add(Raw.update(Raw.entity(key, BALANCE, Raw.value(balance))));
    }
    assertThat(mutations).hasSize(2);
    calls.commit(calls.commitRequest(transaction, mutations.toArray(Mutation[]::new)));
    transfers.incrementAndGet();
  }

  private void audit(HttpCalls calls, Random random) throws Failed {
    switch (random.nextInt(4)) {
      case 0 -> assertSum(calls, ReadOptions.getDefaultInstance(), "query");
      case 1 -> {
        var now = calls.lookup(ReadOptions.getDefaultInstance(), account(0)).getReadTime();
        assertSum(calls, ReadOptions.newBuilder().setReadTime(now).build(), "read time");
      }
      case 2 -> assertSum(calls, readOnly(calls), "read-only transaction");
      default -> {
        Key[] all = new Key[ACCOUNTS];
        for (int i = 0; i < ACCOUNTS; i++) {
          all[i] = account(i);
        }
        assertSum(calls.lookup(readOnly(calls), all).getFoundList(), "lookup");
      }
    }
    audits.incrementAndGet();
  }

  private static ReadOptions readOnly(HttpCalls calls) throws Failed {
    var options =
        TransactionOptions.newBuilder()
            .setReadOnly(TransactionOptions.ReadOnly.getDefaultInstance())
            .build();
    return ReadOptions.newBuilder().setTransaction(calls.begin(options)).build();
  }

  private static void assertSum(HttpCalls calls, ReadOptions options, String how) throws Failed {
    var request = RunQueryRequest.newBuilder().setReadOptions(options);
    request.getQueryBuilder().addKindBuilder().setName(KIND);
    RunQueryResponse answer = calls.query(request);
    assertSum(answer.getBatch().getEntityResultsList(), how);
  }

  private static void assertSum(List<EntityResult> accounts, String how) {
    assertThat(accounts).as(how).hasSize(ACCOUNTS);
    long sum =
        accounts.stream()
            .mapToLong(each -> each.getEntity().getPropertiesOrThrow(BALANCE).getIntegerValue())
            .sum();
    assertThat(sum).as("%s: %s", how, accounts).isEqualTo(ACCOUNTS * EACH);
  }
}
