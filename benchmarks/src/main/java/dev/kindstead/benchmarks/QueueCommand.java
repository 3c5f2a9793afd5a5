package dev.kindstead.benchmarks;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Whether a queue-like kind, whose head is deleted all the time, stays as fast as it began. */
@Command(
    name = "queue",
    description = "Inserts and deletes at the head of an index: p99 of each 10 s window.")
final class QueueCommand implements Runnable {
  private static final Duration WINDOW = Duration.ofSeconds(10);

  @Option(names = "--minutes", defaultValue = "10")
  private double minutes;

  @Option(names = "--per-second", description = "Inserts, and deletes.", defaultValue = "5000")
  private int perSecond;

  @Override
  public void run() {
    Path scratch = Repository.scratch();
    System.out.println(
        "| minute | inserts/s | insert p99 ms | deletes/s | oldest-first transactions/s |"
            + " transaction p50 ms | p99 ms | waiting | conflicts | failures |\n"
            + "| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
    try (ServerProcess server = ServerProcess.kindstead("kindstead", scratch);
        Load load = new Load(server)) {
      Queue queue = new Queue();
      QueueConsumer consumer = new QueueConsumer(queue, load.connection(0));
      load.loop().execute(consumer::next);
      for (int window = 1; window <= Math.max(1, Math.round(minutes * 6)); window++) {
        Measurement inserts = load.open(queue::insert, perSecond, WINDOW);
        QueueConsumer.Window taken = consumer.window(load.loop());
        double seconds = inserts.seconds();
        System.out.printf(
            Locale.ROOT,
            "| %.1f | %,.0f | %.2f | %,.0f | %,.0f | %.2f | %.2f | %,d | %d | %d |%n",
            window / 6.0,
            inserts.throughput(),
            inserts.latency().getValueAtPercentile(99) / 1000.0,
            taken.deleted() / seconds,
            taken.latency().getTotalCount() / seconds,
            taken.latency().getValueAtPercentile(50) / 1000.0,
            taken.latency().getValueAtPercentile(99) / 1000.0,
            queue.waiting(),
            taken.conflicts(),
            inserts.failures() + taken.failures());
      }
      consumer.stop(load.loop());
    }
    Repository.delete(scratch);
  }
}
