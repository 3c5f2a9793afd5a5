package dev.kindstead.benchmarks;

import com.google.datastore.v1.CommitRequest;
import com.google.datastore.v1.Entity;
import com.google.datastore.v1.Key;
import com.google.datastore.v1.Mutation;
import com.google.datastore.v1.PartitionId;
import com.google.datastore.v1.Value;

/**
 * Small entities, each an entity group of its own, with a category (1 in 200), a rank (all
 * distinct) and five numbers, each of which is zero for 1 entity in 100. Immutable.
 */
record QueryDataset(String project, String kind, int entities) {
  static final String CATEGORY = "category";
  static final String RANK = "rank";
  static final int CATEGORIES = 200;

  /** Properties a, b, c, d, e. */
  static final int NUMBERS = 5;

  private static final int SELECTIVITY = 100;

  /** One entity in so many has all five numbers zero. */
  private static final int ALL_ZERO_EVERY = 10_000;

  static String number(int which) {
    return String.valueOf((char) ('a' + which));
  }

  static Value category(int number) {
    return Value.newBuilder().setStringValue("category-" + number % CATEGORIES).build();
  }

  /** A non-transactional commit of upserts. */
  byte[] upserts(int first, int count) {
    CommitRequest.Builder request =
        CommitRequest.newBuilder()
            .setProjectId(project)
            .setMode(CommitRequest.Mode.NON_TRANSACTIONAL);
    for (int number = first; number < first + count; number++) {
      request.addMutations(Mutation.newBuilder().setUpsert(entity(number)));
    }
    return request.build().toByteArray();
  }

  private Entity entity(int number) {
    Key.Builder key = Key.newBuilder().setPartitionId(PartitionId.getDefaultInstance());
    key.addPathBuilder().setKind(kind).setName("item-%09d".formatted(number));
    Entity.Builder entity =
        Entity.newBuilder()
            .setKey(key)
            .putProperties(CATEGORY, category(number))
            .putProperties(RANK, integer(scattered(number, 0)));
    for (int i = 0; i < NUMBERS; i++) {
      long value =
          number % ALL_ZERO_EVERY == 0 ? 0 : Math.floorMod(scattered(number, i + 1), SELECTIVITY);
      entity.putProperties(number(i), integer(value));
    }
    return entity.build();
  }

  private static Value integer(long value) {
    return Value.newBuilder().setIntegerValue(value).build();
  }

  /** A different number for each argument, in no order. */
  private static long scattered(int number, int salt) {
    long mixed = (number + 1L) * 0x9E3779B97F4A7C15L + salt * 0xD1B54A32D192ED03L;
    mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
    return mixed ^ (mixed >>> 27);
  }
}
