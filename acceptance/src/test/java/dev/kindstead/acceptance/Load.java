package dev.kindstead.acceptance;

import com.google.cloud.ServiceOptions;
import com.google.cloud.datastore.Datastore;
import com.google.cloud.datastore.Entity;
import com.google.cloud.datastore.Key;
import com.google.cloud.datastore.PathElement;
import com.google.cloud.datastore.Query;
import com.google.cloud.datastore.StructuredQuery.PropertyFilter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Clients that write, read back, query and transact until told to end: Google's client for Java,
 * over HTTP/1.1, and bare gRPC. They try nothing again, but for transactions, which a client may
 * find aborted; so every failure of a request is seen, and every answer that is not as what was
 * acknowledged before.
 */
final class Load implements AutoCloseable {
  private static final int CLIENTS_EACH = 2;
  private static final int KEYS = 10;
  private static final Duration PAUSE = Duration.ofMillis(50);

  private final Queue<String> failures = new ConcurrentLinkedQueue<>();
  private final AtomicInteger done = new AtomicInteger();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final String project = Projects.fresh();
  private final RawGrpc grpc;
  private final List<Future<?>> running;
  private volatile boolean ending;

  /** What was done, and each failure. */
  record Result(int done, List<String> failures) {}

  /** The two are one where a port takes both. */
  Load(Endpoint http, Endpoint overGrpc) {
    grpc = new RawGrpc(overGrpc, project);
    running =
        IntStream.range(0, CLIENTS_EACH)
            .boxed()
            .flatMap(client ->
                Stream.<Future<?>>of(
                    threads.submit(() -> overHttp(http, client)),
                    threads.submit(() -> overGrpc(client))))
            .toList();
  }

  private Void overHttp(Endpoint server, int client) throws Exception {
    Datastore patient = JavaClient.of(server, project);
    Datastore datastore =
        patient.getOptions().toBuilder()
            .setRetrySettings(ServiceOptions.getNoRetrySettings())
            .build()
            .getService();
    PathElement parent = PathElement.of("Client", "http-" + client);
    Key counter = datastore.newKeyFactory().setKind("Counter").newKey("http-" + client);
    Key ancestor = datastore.newKeyFactory().setKind("Client").newKey("http-" + client);
    var rows =
        Query.newKeyQueryBuilder()
            .setKind("Row")
            .setFilter(PropertyFilter.hasAncestor(ancestor))
            .build();
    long transactions = 0;
    for (long i = 0; !ending; i++) {
      long number = i;
      Key key = datastore.newKeyFactory().addAncestor(parent).setKind("Row").newKey("r" + i % KEYS);
      attempt("put", () -> datastore.put(Entity.newBuilder(key).set("number", number).build()));
      attempt("get", () -> same(number, datastore.get(key).getLong("number")));
      attempt(
          "query",
          () -> {
            int[] count = {0};
            datastore.run(rows).forEachRemaining(row -> count[0]++);
            return same(Math.min(number + 1, KEYS), count[0]);
          });
      boolean transacted =
          attempt(
              "transaction",
              () ->
                  patient.runInTransaction(transaction -> {
                    Entity now = transaction.get(counter);
                    long next = now == null ? 1 : now.getLong("count") + 1;
                    return transaction.put(Entity.newBuilder(counter).set("count", next).build());
                  }));
      transactions += transacted ? 1 : 0;
      Thread.sleep(PAUSE);
    }
    long expected = transactions;
    attempt("count", () -> same(expected, datastore.get(counter).getLong("count")));
    return null;
  }

  private Void overGrpc(int client) throws Exception {
    for (long i = 0; !ending; i++) {
      long number = i;
      var key = Raw.key("Row", "grpc-%d-%d".formatted(client, i % KEYS));
      attempt(
          "gRPC commit",
          () -> grpc.commit(Raw.upsert(Raw.entity(key, "number", Raw.value(number)))));
      attempt(
          "gRPC lookup",
          () ->
              same(
                  number,
                  grpc.lookup(key)
                      .getFound(0)
                      .getEntity()
                      .getPropertiesOrThrow("number")
                      .getIntegerValue()));
      Thread.sleep(PAUSE);
    }
    return null;
  }

  private static boolean same(long acknowledged, long found) {
    if (acknowledged != found) {
      throw new AssertionError(found + " where " + acknowledged + " was acknowledged");
    }
    return true;
  }

  private boolean attempt(String what, Callable<?> work) {
    long begun = System.nanoTime();
    try {
      work.call();
      done.incrementAndGet();
      return true;
    } catch (Exception | AssertionError e) {
      Duration after = Duration.ofNanos(System.nanoTime() - begun);
      failures.add("%s %s after %s: %s".formatted(Instant.now(), what, after, e));
      return false;
    }
  }

  /** Lets every client end what it does. */
  Result end() throws Exception {
    ending = true;
    for (Future<?> each : running) {
      each.get();
    }
    return new Result(done.get(), List.copyOf(failures));
  }

  @Override
  public void close() {
    ending = true;
    threads.shutdownNow();
    grpc.close();
  }
}
