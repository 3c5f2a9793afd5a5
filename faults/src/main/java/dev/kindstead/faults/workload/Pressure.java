package dev.kindstead.faults.workload;

import com.google.datastore.v1.CommitRequest;
import com.google.datastore.v1.Entity;
import com.google.datastore.v1.Value;
import com.google.rpc.Code;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Single upserts at one node by gRPC, as many as are asked for, without retries, each with a
 * deadline. One load at a time, in the caller's thread; counts may be read by any.
 */
public final class Pressure {
  /** The deadline of each call, from when it was due: later answers are of no use. */
  private static final Duration USEFUL_MAX = Duration.ofSeconds(5);

  /** More than a server allows on a connection: the client keeps to what it is told. */
  private static final int STREAMS_MAX = 250;

  private static final Duration TICK = Duration.ofMillis(2);
  private static final Duration CONNECT_MAX = Duration.ofSeconds(2);

  /** Of those that connect at one time: a listening port's queue is not without end. */
  private static final int CONNECTING_MAX = 64;

  private static final Duration GIVE_UP_EACH = Duration.ofMillis(50);
  private static final int KEYS = 10_000;

  /** Of a message, besides what the entity is filled with. */
  private static final int MESSAGE_REST_BYTES_MAX = 256;

  private final InetSocketAddress server;
  private final String filling;
  private final int connections;
  private final AtomicLong useful = new AtomicLong();
  private final AtomicLong rejected = new AtomicLong();
  private final AtomicLong other = new AtomicLong();
  private final AtomicLong unsent = new AtomicLong();
  private final AtomicLong due = new AtomicLong();
  private final ConcurrentMap<String, LongAdder> failures = new ConcurrentHashMap<>();
  private long number;

  /**
   * How it is asked.
   *
   * @param entityBytes of each entity, besides some
   * @param connections by which a rate is asked, and what clients share; times the streams that the
   *     server allows on each, no more is ever on its way
   */
  public record Asking(int entityBytes, int connections) {}

  public Pressure(URI node, Asking asking) {
    server = new InetSocketAddress(node.getHost(), node.getPort());
    filling = "x".repeat(asking.entityBytes());
    connections = asking.connections();
  }

  /**
   * What came of it, so far.
   *
   * @param due what was asked
   * @param useful acknowledged within 5 s of when it was due
   * @param rejected answered with RESOURCE_EXHAUSTED
   * @param other no connection or answer, or late, or another failure
   * @param unsent what found no free stream to the server when it was due: its client has failed it
   */
  public record Counts(long due, long useful, long rejected, long other, long unsent) {
    public Counts minus(Counts before) {
      return new Counts(
          due - before.due,
          useful - before.useful,
          rejected - before.rejected,
          other - before.other,
          unsent - before.unsent);
    }
  }

  public Counts counts() {
    return new Counts(due.get(), useful.get(), rejected.get(), other.get(), unsent.get());
  }

  /** How often each failure was met, rejections included. */
  public Map<String, Long> failures() {
    var counts = new TreeMap<String, Long>();
    failures.forEach((failure, times) -> counts.put(failure, times.sum()));
    return counts;
  }

  /** So many clients, each with a connection, on which it waits for its answer before it asks. */
  public void closed(int clients, Duration length) {
    new Load(clients, 1, 0).run(length);
  }

  /** So many clients that share the connections of {@link #open}. */
  public void shared(int clients, Duration length) {
    new Load(connections, Math.ceilDiv(clients, connections), 0).run(length);
  }

  /** So many requests a second, whatever becomes of them. */
  public void open(double perSecond, Duration length) {
    new Load(connections, STREAMS_MAX, perSecond).run(length);
  }

  private int messageBytesMax() {
    return filling.length() + MESSAGE_REST_BYTES_MAX;
  }

  private byte[] message() {
    number++;
    Entity entity =
        Entity.newBuilder()
            .setKey(Rows.key("Pressed", "p" + number % KEYS))
            .putProperties("value", Rows.value(number))
            .putProperties(
                "filling",
                Value.newBuilder().setStringValue(filling).setExcludeFromIndexes(true).build())
            .build();
    return CommitRequest.newBuilder()
        .setProjectId("pressure")
        .setMode(CommitRequest.Mode.NON_TRANSACTIONAL)
        .addMutations(Rows.upsert(entity))
        .build()
        .toByteArray();
  }

  /** One load, confined to the thread that runs it. */
  private final class Load {
    private final int connections;
    private final int streams;
    private final double perSecond;
    private final List<PressedConnection> all = new ArrayList<>();
    private final Map<PressedConnection, Long> connecting = new ConcurrentHashMap<>();

    /** Those that the server takes another request on, by turns. */
    private final LinkedHashSet<PressedConnection> free = new LinkedHashSet<>();

    private long gaveUpNanos = System.nanoTime();
    private boolean isOver;

    /**
     * @param perSecond requests that are due; 0 for one on each stream as soon as it is free
     */
    Load(int connections, int streams, double perSecond) {
      this.connections = connections;
      this.streams = streams;
      this.perSecond = perSecond;
    }

    void run(Duration length) {
      long begin = System.nanoTime();
      long asked = 0;
      try (Selector selector = Selector.open()) {
        while (System.nanoTime() - begin < length.toNanos()) {
          connect(selector);
          for (long now = (long) ((System.nanoTime() - begin) * perSecond / 1e9);
              asked < now;
              asked++) {
            due.incrementAndGet();
            if (!hasSentOnFree()) {
              unsent.incrementAndGet();
            }
          }
          while (perSecond == 0 && hasSentOnFree()) {
            due.incrementAndGet();
          }
          if (System.nanoTime() - gaveUpNanos > GIVE_UP_EACH.toNanos()) {
            gaveUpNanos = System.nanoTime();
            giveUp();
          }
          selector.select(TICK.toMillis());
          for (SelectionKey each : selector.selectedKeys()) {
            ready((PressedConnection) each.attachment());
          }
          selector.selectedKeys().clear();
        }
        isOver = true;
        all.forEach(PressedConnection::close);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private void connect(Selector selector) throws IOException {
      while (all.size() < connections && connecting.size() < CONNECTING_MAX) {
        var connection = new PressedConnection(selector, server, streams, this::ended);
        all.add(connection);
        connecting.put(connection, System.nanoTime());
      }
    }

    private void ready(PressedConnection connection) {
      try {
        connection.ready();
        if (connection.isUp()) {
          connecting.remove(connection);
        }
        list(connection);
      } catch (IOException lost) {
        lose(connection, "no connection: " + lost.getMessage());
      }
    }

    private void lose(PressedConnection connection, String why) {
      if (all.remove(connection)) {
        connecting.remove(connection);
        fail(why);
        connection.close();
      }
    }

    private void list(PressedConnection connection) {
      if (connection.hasRoom(messageBytesMax())) {
        free.add(connection);
      }
    }

    /** Whether there was a stream for another request. */
    private boolean hasSentOnFree() {
      while (!free.isEmpty()) {
        PressedConnection next = free.removeFirst();
        if (hasSent(next, System.nanoTime())) {
          list(next);
          return true;
        }
      }
      return false;
    }

    private boolean hasSent(PressedConnection connection, long dueNanos) {
      if (!connection.hasRoom(messageBytesMax())) {
        return false;
      }
      try {
        long left = USEFUL_MAX.toNanos() - (System.nanoTime() - dueNanos);
        connection.call(message(), dueNanos, left / 1_000_000);
        return true;
      } catch (IOException lost) {
        lose(connection, "no connection: " + lost.getMessage());
        return false;
      }
    }

    private void giveUp() {
      long now = System.nanoTime();
      long limit = now - USEFUL_MAX.toNanos();
      for (PressedConnection each : List.copyOf(all)) {
        try {
          int late = each.giveUp(limit);
          other.addAndGet(late);
          list(each);
        } catch (IOException lost) {
          lose(each, "no connection: " + lost.getMessage());
        }
      }
      connecting.forEach((connection, begun) -> {
        if (now - begun > CONNECT_MAX.toNanos()) {
          other.incrementAndGet();
          lose(connection, "no connection within " + CONNECT_MAX.toSeconds() + " s");
        }
      });
    }

    private void ended(PressedConnection connection, long dueNanos, int status, String message) {
      if (isOver) {
        return; // what is on its way at the end says nothing
      }
      boolean isLate = System.nanoTime() - dueNanos > USEFUL_MAX.toNanos();
      if (status == 0) {
        (isLate ? other : useful).incrementAndGet();
        return;
      }
      Code code = status < 0 ? Code.UNKNOWN : Code.forNumber(status);
      (code == Code.RESOURCE_EXHAUSTED ? rejected : other).incrementAndGet();
      fail(code + " " + message);
    }

    private void fail(String why) {
      failures.computeIfAbsent(why, _ -> new LongAdder()).increment();
    }
  }
}
