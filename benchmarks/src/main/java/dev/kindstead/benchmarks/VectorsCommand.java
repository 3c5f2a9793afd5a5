package dev.kindstead.benchmarks;

import com.google.datastore.v1.EntityResult;
import com.google.datastore.v1.FindNearest;
import com.google.datastore.v1.Query;
import com.google.datastore.v1.RunQueryRequest;
import com.google.datastore.v1.RunQueryResponse;
import com.google.protobuf.Int32Value;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.kindstead.benchmarks.Workload.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The nearest of many vectors: exactly, then by a graph; and how many of them the graph finds. */
@Command(name = "vectors", description = "find_nearest over many vectors: speed and recall.")
final class VectorsCommand implements Runnable {
  private static final String PROJECT = "vectors";
  private static final int LIMIT = 10;
  private static final int CLIENTS = 16;
  private static final int QUERIES_CHECKED = 100;

  /** The graph is there when a search takes less than this part of the exact one. */
  private static final int FASTER = 5;

  private static final long POLL_MILLIS = 250;

  @Option(names = "--entities", defaultValue = "50000")
  private int entities;

  @Option(names = "--dimensions", defaultValue = "128")
  private int dimensions;

  @Option(names = "--shards", defaultValue = "1")
  private int shards;

  @Option(names = "--seconds", defaultValue = "15")
  private int seconds;

  @Override
  public void run() {
    Path scratch = Repository.scratch();
    var data = new VectorDataset(PROJECT, dimensions);
    try (ServerProcess server =
            ServerProcess.kindstead("kindstead", scratch, "--shards", Integer.toString(shards));
        Load load = new Load(server)) {
      Preload.run(load, entities, data::upserts);
      server.awaitIdle();
      long exact = nanosOfOne(load, data);
      long begun = System.nanoTime();
      while (nanosOfOne(load, data) > exact / FASTER) {
        Thread.sleep(POLL_MILLIS);
      }
      System.out.printf(
          Locale.ROOT,
          "An exact search of %,d vectors took %.0f ms; the graph was there after %.0f s.%n",
          entities,
          exact / 1e6,
          (System.nanoTime() - begun) / 1e9);
      System.out.println(Measurement.header());
      Workload nearest =
          (connection, random, end) ->
              connection.call(
                  Rpc.RUN_QUERY,
                  request(data.vector(-1 - random.nextInt(1_000_000))),
                  (status, answer) ->
                      end.ended(
                          status == 0 && names(answer).size() == LIMIT
                              ? Outcome.DONE
                              : Outcome.FAILED));
      load.closed(nearest, CLIENTS, Duration.ofSeconds(seconds));
      Measurement measured = load.closed(nearest, CLIENTS, Duration.ofSeconds(seconds));
      System.out.println(
          measured.row(server.name(), "nearest " + LIMIT, "%d clients".formatted(CLIENTS)));
      System.out.printf(Locale.ROOT, "Recall at %d: %.3f.%n", LIMIT, recall(load, data));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    Repository.delete(scratch);
  }

  private static long nanosOfOne(Load load, VectorDataset data) {
    long begun = System.nanoTime();
    ask(load, data.vector(-1));
    return System.nanoTime() - begun;
  }

  private double recall(Load load, VectorDataset data) {
    List<double[]> vectors = IntStream.range(0, entities).mapToObj(data::vector).toList();
    int found = 0;
    for (int i = 0; i < QUERIES_CHECKED; i++) {
      double[] target = data.vector(-2 - i);
      Set<String> near = new HashSet<>(ask(load, target));
      near.retainAll(nearest(vectors, target));
      found += near.size();
    }
    return (double) found / (QUERIES_CHECKED * LIMIT);
  }

  private static List<String> nearest(List<double[]> vectors, double[] target) {
    double[] distances = vectors.stream().mapToDouble(each -> squared(each, target)).toArray();
    return IntStream.range(0, distances.length)
        .boxed()
        .sorted(Comparator.comparingDouble(each -> distances[each]))
        .limit(LIMIT)
        .map(VectorDataset::name)
        .toList();
  }

  private static double squared(double[] one, double[] other) {
    double sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum += (one[i] - other[i]) * (one[i] - other[i]);
    }
    return sum;
  }

  private static List<String> ask(Load load, double[] target) {
    return names(load.answer(Rpc.RUN_QUERY, request(target)));
  }

  private static byte[] request(double[] target) {
    Query.Builder query = Query.newBuilder();
    query.addKindBuilder().setName(VectorDataset.KIND);
    query
        .getFindNearestBuilder()
        .setQueryVector(VectorDataset.value(target))
        .setDistanceMeasure(FindNearest.DistanceMeasure.EUCLIDEAN)
        .setLimit(Int32Value.of(LIMIT))
        .getVectorPropertyBuilder()
        .setName(VectorDataset.VECTOR);
    return RunQueryRequest.newBuilder().setProjectId(PROJECT).setQuery(query).build().toByteArray();
  }

  private static List<String> names(byte[] answer) {
    try {
      return RunQueryResponse.parseFrom(answer).getBatch().getEntityResultsList().stream()
          .map(EntityResult::getEntity)
          .map(entity -> entity.getKey().getPath(0).getName())
          .toList();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }
}
