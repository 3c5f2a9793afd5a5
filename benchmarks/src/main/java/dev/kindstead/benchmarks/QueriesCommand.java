package dev.kindstead.benchmarks;

import com.google.datastore.v1.AggregationQuery;
import com.google.datastore.v1.CompositeFilter;
import com.google.datastore.v1.PropertyFilter;
import com.google.datastore.v1.Query;
import com.google.datastore.v1.QueryResultBatch;
import com.google.datastore.v1.RunAggregationQueryRequest;
import com.google.datastore.v1.RunQueryRequest;
import com.google.datastore.v1.RunQueryResponse;
import com.google.datastore.v1.Value;
import com.google.protobuf.ByteString;
import com.google.protobuf.Int32Value;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.kindstead.benchmarks.Workload.Outcome;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Queries over many entities: by a composite index, by zigzag, whole scans, counts. */
@Command(name = "queries", description = "Queries and counts over a million entities.")
final class QueriesCommand implements Runnable {
  private static final String PROJECT = "queries";
  private static final String MANY = "Many";
  private static final String FEW = "Few";
  private static final int FEW_ENTITIES = 20_000;
  private static final int CLIENTS = 64;
  private static final int LIMIT = 20;
  private static final int COUNTS = 5;
  private static final long POLL_MILLIS = 500;

  @Option(names = "--entities", defaultValue = "1000000")
  private int entities;

  @Option(names = "--seconds", defaultValue = "15")
  private int seconds;

  @Override
  public void run() {
    Path scratch = Repository.scratch();
    double single = run("1", scratch);
    double eight = run("8", scratch);
    System.out.printf(
        Locale.ROOT,
        "Eight shards answer the ordered query at %.2f of one's rate.%n",
        eight / single);
    Repository.delete(scratch);
  }

  /** The rate of the ordered query. */
  private double run(String shards, Path scratch) {
    System.out.printf("%s shards%n", shards);
    try (ServerProcess server =
            ServerProcess.kindstead("kindstead-" + shards, scratch, "--shards", shards);
        Load load = new Load(server)) {
      load(load, new QueryDataset(PROJECT, FEW, FEW_ENTITIES));
      load(load, new QueryDataset(PROJECT, MANY, entities));
      createIndex(server);
      server.awaitIdle();
      System.out.println(Measurement.header());
      double rate = measure(server, load, "category, order by rank, limit 20", ordered());
      measure(server, load, "five numbers, limit 20", zigzag());
      firstBatch(server, load, FEW);
      firstBatch(server, load, MANY);
      count(load);
      scan(server, load);
      return rate;
    }
  }

  private static void load(Load load, QueryDataset data) {
    Preload.run(load, data.entities(), data::upserts);
  }

  private static void createIndex(ServerProcess server) {
    String indexes = "http://localhost:%d/v1/projects/%s/indexes".formatted(server.port(), PROJECT);
    String body =
        "{\"kind\":\"%s\",\"properties\":[{\"name\":\"%s\"},{\"name\":\"%s\"}]}"
            .formatted(MANY, QueryDataset.CATEGORY, QueryDataset.RANK);
    try (HttpClient http = HttpClient.newHttpClient()) {
      long begun = System.nanoTime();
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create(indexes)).header("content-type", "application/json");
      http.send(
          request.copy().POST(HttpRequest.BodyPublishers.ofString(body)).build(),
          BodyHandlers.ofString());
      String state = "";
      while (!state.contains("READY")) {
        Thread.sleep(POLL_MILLIS);
        state = http.send(request.copy().GET().build(), BodyHandlers.ofString()).body();
        if (state.contains("ERROR") || state.contains("error")) {
          throw new IllegalStateException("the index cannot be built: " + state);
        }
      }
      System.out.printf(
          Locale.ROOT, "The index was built in %.1f s.%n", (System.nanoTime() - begun) / 1e9);
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Query.Builder query(String kind) {
    Query.Builder query = Query.newBuilder();
    query.addKindBuilder().setName(kind);
    return query;
  }

  private static PropertyFilter.Builder equal(String property, Value value) {
    PropertyFilter.Builder filter = PropertyFilter.newBuilder();
    filter.getPropertyBuilder().setName(property);
    return filter.setOp(PropertyFilter.Operator.EQUAL).setValue(value);
  }

  private static byte[] request(Query.Builder query) {
    return RunQueryRequest.newBuilder().setProjectId(PROJECT).setQuery(query).build().toByteArray();
  }

  private double measure(ServerProcess server, Load load, String name, Workload workload) {
    load.closed(workload, CLIENTS, Duration.ofSeconds(seconds));
    Measurement measured = load.closed(workload, CLIENTS, Duration.ofSeconds(seconds));
    System.out.println(measured.row(server.name(), name, "%d clients".formatted(CLIENTS)));
    return measured.throughput();
  }

  private static Workload ordered() {
    return (connection, random, end) -> {
      Query.Builder query = query(MANY).setLimit(Int32Value.of(LIMIT));
      query
          .getFilterBuilder()
          .setPropertyFilter(
              equal(
                  QueryDataset.CATEGORY,
                  QueryDataset.category(random.nextInt(QueryDataset.CATEGORIES))));
      query.addOrderBuilder().getPropertyBuilder().setName(QueryDataset.RANK);
      call(connection, request(query), LIMIT, end);
    };
  }

  private static Workload zigzag() {
    Query.Builder query = query(MANY).setLimit(Int32Value.of(LIMIT));
    CompositeFilter.Builder all =
        query.getFilterBuilder().getCompositeFilterBuilder().setOp(CompositeFilter.Operator.AND);
    for (int i = 0; i < QueryDataset.NUMBERS; i++) {
      all.addFiltersBuilder()
          .setPropertyFilter(
              equal(QueryDataset.number(i), Value.newBuilder().setIntegerValue(0).build()));
    }
    byte[] request = request(query);
    return (connection, random, end) -> call(connection, request, LIMIT, end);
  }

  private static void call(
      GrpcConnection connection, byte[] request, int results, Workload.End end) {
    connection.call(
        Rpc.RUN_QUERY,
        request,
        (status, answer) ->
            end.ended(status == 0 && countOf(answer) == results ? Outcome.DONE : Outcome.FAILED));
  }

  private static int countOf(byte[] answer) {
    try {
      return RunQueryResponse.parseFrom(answer).getBatch().getEntityResultsCount();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }

  /** One client, a query for everything: how soon its first batch comes. */
  private void firstBatch(ServerProcess server, Load load, String kind) {
    Query.Builder query = query(kind);
    query.addOrderBuilder().getPropertyBuilder().setName(QueryDataset.RANK);
    byte[] request = request(query);
    Measurement measured =
        load.closed(
            (connection, random, end) ->
                connection.call(
                    Rpc.RUN_QUERY,
                    request,
                    (status, answer) -> end.ended(status == 0 ? Outcome.DONE : Outcome.FAILED)),
            1,
            Duration.ofSeconds(seconds));
    System.out.println(measured.row(server.name(), "first batch of all of " + kind, "1 client"));
  }

  private void count(Load load) {
    AggregationQuery.Builder aggregation =
        AggregationQuery.newBuilder().setNestedQuery(query(MANY));
    aggregation.addAggregationsBuilder().getCountBuilder();
    byte[] request =
        RunAggregationQueryRequest.newBuilder()
            .setProjectId(PROJECT)
            .setAggregationQuery(aggregation)
            .build()
            .toByteArray();
    double best = Double.MAX_VALUE;
    for (int i = 0; i < COUNTS; i++) {
      long begun = System.nanoTime();
      load.answer(Rpc.RUN_AGGREGATION_QUERY, request);
      best = Math.min(best, (System.nanoTime() - begun) / 1e6);
    }
    System.out.printf(
        Locale.ROOT, "COUNT over %,d entries: %.0f ms, the best of %d.%n", entities, best, COUNTS);
  }

  /** Everything in the order of a property, batch after batch, as a client iterates. */
  private void scan(ServerProcess server, Load load) {
    Query.Builder query = query(MANY);
    query.addOrderBuilder().getPropertyBuilder().setName(QueryDataset.RANK);
    long residentBefore = server.residentBytes();
    long begun = System.nanoTime();
    long found = 0;
    QueryResultBatch.MoreResultsType more;
    ByteString cursor = ByteString.EMPTY;
    do {
      byte[] answer = load.answer(Rpc.RUN_QUERY, request(query.clone().setStartCursor(cursor)));
      try {
        QueryResultBatch batch = RunQueryResponse.parseFrom(answer).getBatch();
        found += batch.getEntityResultsCount();
        cursor = batch.getEndCursor();
        more = batch.getMoreResults();
      } catch (InvalidProtocolBufferException e) {
        throw new IllegalStateException(e);
      }
    } while (more == QueryResultBatch.MoreResultsType.NOT_FINISHED);
    double elapsed = (System.nanoTime() - begun) / 1e9;
    System.out.printf(
        Locale.ROOT,
        "A scan of %,d entities in order of rank: %,.0f entities/s, memory %+d MiB.%n",
        found,
        found / elapsed,
        (server.residentBytes() - residentBefore) >> 20);
  }
}
