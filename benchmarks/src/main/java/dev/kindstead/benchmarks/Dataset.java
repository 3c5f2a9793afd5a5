package dev.kindstead.benchmarks;

import com.google.datastore.v1.CommitRequest;
import com.google.datastore.v1.Entity;
import com.google.datastore.v1.Key;
import com.google.datastore.v1.Key.PathElement;
import com.google.datastore.v1.Mutation;
import com.google.datastore.v1.Value;
import com.google.protobuf.ByteString;
import java.util.Random;

/**
 * The entities of the benchmarks: 1 KiB each, each an entity group of its own, with two indexed
 * properties, a category and a rank, and a payload that is not indexed. Immutable.
 *
 * @param keys possible ones, from 0
 * @param preloaded how many of them, the first ones, exist from the start
 */
record Dataset(String project, int keys, int preloaded) {
  static final String KIND = "Item";
  static final String CATEGORY = "category";
  static final String RANK = "rank";

  /** With 20,000 entities each category has a hundred. */
  static final int CATEGORIES = 200;

  /** So that an entity with its key has 1 KiB. */
  private static final int PAYLOAD_BYTES = 900;

  private static final Value PAYLOAD = payload();

  static Value payload() {
    byte[] bytes = new byte[PAYLOAD_BYTES];
    new Random(1).nextBytes(bytes);
    return Value.newBuilder()
        .setBlobValue(ByteString.copyFrom(bytes))
        .setExcludeFromIndexes(true)
        .build();
  }

  String name(int number) {
    return "item-%09d".formatted(number);
  }

  Key key(int number) {
    return Key.newBuilder()
        .addPath(PathElement.newBuilder().setKind(KIND).setName(name(number)))
        .build();
  }

  static Value category(int number) {
    return Value.newBuilder().setStringValue("category-" + number % CATEGORIES).build();
  }

  Entity entity(int number, long rank) {
    return Entity.newBuilder()
        .setKey(key(number))
        .putProperties(CATEGORY, category(number))
        .putProperties(RANK, Value.newBuilder().setIntegerValue(rank).build())
        .putProperties("payload", PAYLOAD)
        .build();
  }

  /** A non-transactional commit of upserts for {@code count} keys. */
  CommitRequest upserts(int first, int count) {
    CommitRequest.Builder request =
        CommitRequest.newBuilder()
            .setProjectId(project)
            .setMode(CommitRequest.Mode.NON_TRANSACTIONAL);
    for (int number = first; number < first + count; number++) {
      request.addMutations(Mutation.newBuilder().setUpsert(entity(number, number)));
    }
    return request.build();
  }
}
