package dev.kindstead.acceptance;

import com.google.cloud.datastore.Datastore;
import com.google.cloud.datastore.DatastoreException;
import com.google.cloud.datastore.KeyFactory;
import com.google.datastore.v1.CommitRequest;
import com.google.datastore.v1.Entity;
import com.google.datastore.v1.Key;
import com.google.datastore.v1.LookupResponse;
import com.google.datastore.v1.Mutation;
import com.google.datastore.v1.ReadOptions;
import com.google.datastore.v1.TransactionOptions;
import com.google.protobuf.ByteString;
import dev.kindstead.acceptance.HttpCalls.Failed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Clients that write through given nodes until they are told to stop, whatever fails. */
final class ClusterWriters implements AutoCloseable {
  private static final int COUNTERS = 3;

  /** After a failure, so that a dead node is not asked without pause. */
  private static final Duration PAUSE = Duration.ofMillis(100);

  /** The nodes need most of the machine to start again. */
  private static final Duration BETWEEN = Duration.ofMillis(15);

  private final Attempts attempts;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Future<?>> writing = new ArrayList<>();
  private final List<HttpCalls> opened = new ArrayList<>();
  private volatile boolean stopped;

  /**
   * @param rawEach how many clients write through each node without retries
   * @param officialEach how many of Google's do, which try again for a minute
   */
  ClusterWriters(
      List<Endpoint> nodes,
      String project,
      int rawEach,
      int officialEach,
      Random random,
      Attempts attempts) {
    this.attempts = attempts;
    for (Endpoint node : nodes) {
      for (int i = 0; i < rawEach; i++) {
        HttpCalls calls = new HttpCalls(node, project);
        opened.add(calls);
        Random own = new Random(random.nextLong());
        writing.add(threads.submit(() -> writeRaw(calls, own)));
      }
      for (int i = 0; i < officialEach; i++) {
        Datastore datastore = JavaClient.of(node, project);
        Random own = new Random(random.nextLong());
        writing.add(threads.submit(() -> writeOfficially(datastore, own)));
      }
    }
  }

  /** Lets the writes in flight end, and rethrows what a writer found wrong. */
  void stop() throws Exception {
    stopped = true;
    for (Future<?> each : writing) {
      each.get();
    }
  }

  private void writeRaw(HttpCalls calls, Random random) {
    while (!stopped) {
      Pause.of(BETWEEN);
      switch (random.nextInt(6)) {
        case 0 -> upsert(calls, 1);
        case 1 -> upsert(calls, 3);
        case 2 -> insertWithNewId(calls);
        case 3 -> transact(calls);
        case 4 -> count(calls, "c" + random.nextInt(COUNTERS));
        default -> allocate(calls);
      }
    }
  }

  private static Key key(String token, int part) {
    return Raw.key(Attempts.KIND, token + "-" + part);
  }

  private static Mutation[] mutations(String token, int count) {
    Mutation[] all = new Mutation[count];
    for (int i = 0; i < count; i++) {
      all[i] = Raw.insert(Attempts.entity(key(token, i), token));
    }
    return all;
  }

  /** More than one are of several shards, and each shard takes its part by itself. */
  private void upsert(HttpCalls calls, int count) {
    String token = attempts.token(count);
    try {
      calls.commit(mutations(token, count));
      attempts.acknowledged(token);
    } catch (Failed failure) {
      failed(token, failure, count > 1);
    }
  }

  private void failed(String token, Failed failure, boolean inParts) {
    if (inParts && failure.isUnknown()) {
      attempts.unknownInParts(token, failure);
    } else {
      attempts.failed(token, failure, null);
    }
    Pause.of(PAUSE);
  }

  private void insertWithNewId(HttpCalls calls) {
    String token = attempts.token(1);
    try {
      var answer = calls.commit(Raw.insert(Attempts.entity(Raw.incomplete(Attempts.KIND), token)));
      attempts.acknowledged(token);
      attempts.allocated(answer.getMutationResults(0).getKey());
    } catch (Failed failure) {
      failed(token, failure, false);
    }
  }

  private void allocate(HttpCalls calls) {
    try {
      attempts.allocated(calls.allocate(Raw.incomplete(Attempts.KIND)));
    } catch (Failed failure) {
      attempts.failedRead(failure);
      Pause.of(PAUSE);
    }
  }

  private void transact(HttpCalls calls) {
    String token = attempts.token(2);
    ByteString transaction = begin(calls);
    if (transaction.isEmpty()) {
      return;
    }
    commit(calls, token, calls.commitRequest(transaction, mutations(token, 2)));
  }

  /** Reads a counter, writes the next number, and the same number into an entity of its own. */
  private void count(HttpCalls calls, String name) {
    String token = attempts.token(1);
    ByteString transaction = begin(calls);
    if (transaction.isEmpty()) {
      return;
    }
    Key counter = Raw.key(Attempts.COUNTER, name);
    long number;
    try {
      LookupResponse read =
          calls.lookup(ReadOptions.newBuilder().setTransaction(transaction).build(), counter);
      number =
          read.getFoundCount() == 0
              ? 1
              : read.getFound(0).getEntity().getPropertiesOrThrow(Attempts.NUMBER).getIntegerValue()
                  + 1;
    } catch (Failed failure) {
      attempts.failedRead(failure);
      Pause.of(PAUSE);
      return;
    }
    Entity counted =
        Attempts.entity(key(token, 0), token).toBuilder()
            .putProperties(Attempts.COUNTER, Raw.value(name))
            .putProperties(Attempts.NUMBER, Raw.value(number))
            .build();
    commit(
        calls,
        token,
        calls.commitRequest(
            transaction,
            Raw.upsert(Raw.entity(counter, Attempts.NUMBER, Raw.value(number))),
            Raw.insert(counted)));
  }

  /** Empty if it failed. */
  private ByteString begin(HttpCalls calls) {
    try {
      return calls.begin(TransactionOptions.getDefaultInstance());
    } catch (Failed failure) {
      attempts.failedRead(failure);
      Pause.of(PAUSE);
      return ByteString.EMPTY;
    }
  }

  private void commit(HttpCalls calls, String token, CommitRequest request) {
    try {
      calls.commit(request);
      attempts.acknowledged(token);
    } catch (Failed failure) {
      attempts.failed(token, failure, request);
      Pause.of(PAUSE);
    }
  }

  private void writeOfficially(Datastore datastore, Random random) {
    KeyFactory keys = datastore.newKeyFactory().setKind(Attempts.KIND);
    while (!stopped) {
      Pause.of(BETWEEN);
      int count = 1 + random.nextInt(2);
      String token = attempts.token(count);
      var entities = new com.google.cloud.datastore.Entity[count];
      for (int i = 0; i < count; i++) {
        entities[i] =
            com.google.cloud.datastore.Entity.newBuilder(keys.newKey(token + "-" + i))
                .set(Attempts.TOKEN, token)
                .build();
      }
      try {
        if (count == 1) {
          datastore.put(entities);
        } else {
          datastore.runInTransaction(transaction -> transaction.put(entities));
        }
        attempts.acknowledged(token);
      } catch (DatastoreException failure) {
        attempts.unknown(token, failure);
        Pause.of(PAUSE);
      }
    }
  }

  @Override
  public void close() {
    stopped = true;
    threads.shutdownNow();
    opened.forEach(HttpCalls::close);
  }
}
