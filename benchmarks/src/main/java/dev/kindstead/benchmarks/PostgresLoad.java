package dev.kindstead.benchmarks;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.HdrHistogram.Histogram;

/**
 * Upserts of the dataset's entities as rows of 1 KiB with two indexes, a transaction each, closed
 * loop: a connection for each client, a virtual thread that waits on it.
 */
final class PostgresLoad implements AutoCloseable {
  private static final long STANDBY_POLL_MILLIS = 100;
  private static final int STANDBY_POLLS_MAX = 600;
  private static final String UPSERT =
      "insert into item (name, category, rank, payload) values (?, ?, ?, ?) on conflict (name) do"
          + " update set category = excluded.category, rank = excluded.rank, payload ="
          + " excluded.payload";

  private final PostgresNodes nodes;
  private final Dataset data;
  private final byte[] payload = Dataset.payload().getBlobValue().toByteArray();
  private final List<Connection> connections = new ArrayList<>();

  PostgresLoad(PostgresNodes nodes, Dataset data, int clients) throws SQLException {
    this.nodes = nodes;
    this.data = data;
    for (int client = 0; client < clients; client++) {
      connections.add(DriverManager.getConnection(nodes.url()));
    }
    Connection first = connections.getFirst();
    awaitStandbys(first);
    try (Statement statement = first.createStatement()) {
      statement.execute(
          "create table item (name text primary key, category text not null, rank bigint not null,"
              + " payload bytea not null)");
      statement.execute("create index on item (category)");
      statement.execute("create index on item (rank)");
    }
    preload(first);
  }

  private static void awaitStandbys(Connection connection) throws SQLException {
    for (int i = 0; i < STANDBY_POLLS_MAX; i++) {
      try (Statement statement = connection.createStatement();
          ResultSet streaming =
              statement.executeQuery(
                  "select count(*) from pg_stat_replication where state = 'streaming' and"
                      + " sync_state = 'quorum'")) {
        if (streaming.next() && streaming.getInt(1) == 2) {
          return;
        }
      }
      Pause.ofMillis(STANDBY_POLL_MILLIS);
    }
    throw new SQLException("the standbys do not stream");
  }

  private void preload(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    try (PreparedStatement upsert = connection.prepareStatement(UPSERT)) {
      for (int number = 0; number < data.preloaded(); number++) {
        fill(upsert, number, number);
        upsert.addBatch();
      }
      upsert.executeBatch();
    }
    connection.commit();
    connection.setAutoCommit(true);
  }

  private void fill(PreparedStatement upsert, int number, long rank) throws SQLException {
    upsert.setString(1, data.name(number));
    upsert.setString(2, Dataset.category(number).getStringValue());
    upsert.setLong(3, rank);
    upsert.setBytes(4, payload);
  }

  Measurement upserts(Duration length) {
    long cpuBefore = cpuMicros();
    long begun = System.nanoTime();
    Histogram latency = new Histogram(3);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Histogram>> clients = new ArrayList<>();
      for (int client = 0; client < connections.size(); client++) {
        Connection connection = connections.get(client);
        Random random = new Random(client);
        clients.add(threads.submit(() -> client(connection, random, begun + length.toNanos())));
      }
      for (Future<Histogram> each : clients) {
        latency.add(each.get());
      }
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
    double seconds = (System.nanoTime() - begun) / 1e9;
    return new Measurement(latency, 0, 0, seconds, cpuMicros() - cpuBefore);
  }

  private long cpuMicros() {
    return nodes.processes().stream().mapToLong(ServerProcess::cpuMicros).sum();
  }

  private Histogram client(Connection connection, Random random, long endNanos)
      throws SQLException {
    Histogram latency = new Histogram(3);
    try (PreparedStatement upsert = connection.prepareStatement(UPSERT)) {
      long begun = System.nanoTime();
      while (begun < endNanos) {
        fill(upsert, random.nextInt(data.keys()), random.nextInt());
        upsert.executeUpdate();
        long now = System.nanoTime();
        latency.recordValue((now - begun) / 1000);
        begun = now;
      }
    }
    return latency;
  }

  @Override
  public void close() throws SQLException {
    for (Connection each : connections) {
      each.close();
    }
  }
}
