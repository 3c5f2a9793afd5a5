package dev.kindstead.benchmarks;

import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.codec.http2.Http2Headers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Runs workloads against one server, or against the nodes of a cluster, on one thread: its event
 * loop. Closed loop: so many clients each start the next operation when the last has ended. Open
 * loop: operations start at a given rate however long they take, and latency counts from when they
 * should have started.
 */
final class Load implements AutoCloseable {
  /** Clients share connections as the threads of an application share a client's channel. */
  private static final int CLIENTS_PER_CONNECTION = 16;

  private static final int CONNECTIONS = 4;

  /** A multiple of one, two and three, so that any number of nodes has equal shares. */
  private static final int SPREAD_CONNECTIONS = 6;

  private static final long LATENCY_MICROS_MAX = TimeUnit.MINUTES.toMicros(5);
  private static final long TICK_MICROS = 200;

  /** Open loop: beyond so many unanswered operations the server is hopelessly behind. */
  private static final int UNANSWERED_MAX = 20_000;

  private final MultiThreadIoEventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final EventLoop loop = (EventLoop) loops.next();
  private final List<GrpcConnection> connections = new ArrayList<>();
  private final List<ServerProcess> servers;
  private final int clientsPerConnection;

  Load(ServerProcess server) {
    this(List.of(server), List.of(server.port()), CONNECTIONS, CLIENTS_PER_CONNECTION);
  }

  /**
   * Clients spread evenly over several ports.
   *
   * @param servers whose processor time counts
   */
  static Load spread(List<ServerProcess> servers, List<Integer> ports) {
    return new Load(servers, ports, SPREAD_CONNECTIONS, 1);
  }

  private Load(
      List<ServerProcess> servers,
      List<Integer> ports,
      int connectionCount,
      int clientsPerConnection) {
    this.servers = List.copyOf(servers);
    this.clientsPerConnection = clientsPerConnection;
    for (int i = 0; i < connectionCount; i++) {
      connections.add(GrpcConnection.open(loops, "localhost", ports.get(i % ports.size())));
    }
  }

  EventLoop loop() {
    return loop;
  }

  GrpcConnection connection(int client) {
    return connections.get(client / clientsPerConnection % connections.size());
  }

  /** Calls once and waits for the answer. */
  byte[] answer(Http2Headers rpc, byte[] request) {
    var answered = new CompletableFuture<byte[]>();
    loop.execute(() ->
        connection(0)
            .call(
                rpc,
                request,
                (status, answer) -> {
                  if (status == 0) {
                    answered.complete(answer);
                  } else {
                    answered.completeExceptionally(new IllegalStateException("status " + status));
                  }
                }));
    return answered.join();
  }

  Measurement closed(Workload workload, int clients, Duration duration) {
    return measured(
        new Run(workload, duration) {
          @Override
          void begin() {
            for (int client = 0; client < clients; client++) {
              next(connection(client));
            }
          }

          private void next(GrpcConnection connection) {
            if (!isOver()) {
              operate(connection, System.nanoTime(), () -> next(connection));
            }
          }
        });
  }

  Measurement open(Workload workload, double perSecond, Duration duration) {
    return measured(
        new Run(workload, duration) {
          private final double intervalNanos = 1e9 / perSecond;
          private long begun;
          private long started;

          @Override
          void begin() {
            begun = System.nanoTime();
            tick();
          }

          private void tick() {
            if (isOver()) {
              endIfIdle();
              return;
            }
            long now = System.nanoTime();
            long due = begun + (long) (started * intervalNanos);
            while (due <= now && unanswered() < UNANSWERED_MAX) {
              operate(connections.get((int) (started % connections.size())), due, () -> {});
              started++;
              due = begun + (long) (started * intervalNanos);
            }
            loop.schedule(this::tick, TICK_MICROS, TimeUnit.MICROSECONDS);
          }
        });
  }

  private Measurement measured(Run run) {
    long cpuBefore = cpuMicros();
    long nanosBefore = System.nanoTime();
    loop.execute(run::begin);
    run.end.join();
    double seconds = (System.nanoTime() - nanosBefore) / 1e9;
    return new Measurement(
        run.latency, run.conflicts, run.failures, seconds, cpuMicros() - cpuBefore);
  }

  private long cpuMicros() {
    return servers.stream().mapToLong(ServerProcess::cpuMicros).sum();
  }

  /** One run of a workload. Confined to the event loop, and read when it has ended. */
  private abstract class Run {
    final Histogram latency = new Histogram(LATENCY_MICROS_MAX, 3);
    final CompletableFuture<Void> end = new CompletableFuture<>();
    long conflicts;
    long failures;
    private final Workload workload;
    private final long endNanos;
    private final Random random = new Random(7);
    private int unanswered;

    Run(Workload workload, Duration duration) {
      this.workload = workload;
      this.endNanos = System.nanoTime() + duration.toNanos();
      // Also ends a run none of whose operations is answered any more.
      loop.schedule(
          () -> end.complete(null), duration.plusSeconds(30).toMillis(), TimeUnit.MILLISECONDS);
    }

    abstract void begin();

    boolean isOver() {
      return System.nanoTime() >= endNanos;
    }

    int unanswered() {
      return unanswered;
    }

    void operate(GrpcConnection connection, long dueNanos, Runnable then) {
      unanswered++;
      workload.start(
          connection,
          random,
          outcome -> {
            unanswered--;
            switch (outcome) {
              case DONE ->
                  latency.recordValue(
                      Math.min((System.nanoTime() - dueNanos) / 1000, LATENCY_MICROS_MAX));
              case CONFLICT -> conflicts++;
              case FAILED -> failures++;
            }
            then.run();
            endIfIdle();
          });
    }

    void endIfIdle() {
      if (unanswered == 0 && isOver()) {
        end.complete(null);
      }
    }
  }

  @Override
  public void close() {
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
