package dev.kindstead.benchmarks;

import com.google.datastore.v1.ArrayValue;
import com.google.datastore.v1.CommitRequest;
import com.google.datastore.v1.Entity;
import com.google.datastore.v1.Key;
import com.google.datastore.v1.Mutation;
import com.google.datastore.v1.PartitionId;
import com.google.datastore.v1.Value;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Entities with a vector each, in clusters as embeddings stand: around a hundred centres. The same
 * number gives the same vector.
 */
record VectorDataset(String project, int dimensions) {
  static final String KIND = "Document";
  static final String VECTOR = "embedding";

  private static final int CENTRES = 100;
  private static final double SPREAD = 0.5;

  /** What marks an array of doubles as a vector. */
  private static final int MEANING_VECTOR = 31;

  /** The vector of an entity, or one like them for a number below zero. */
  double[] vector(int number) {
    double[] centre = gaussian(Math.floorMod(number * 31, CENTRES) + 1_000_000_000L);
    double[] own = gaussian(number);
    for (int i = 0; i < dimensions; i++) {
      own[i] = centre[i] + SPREAD * own[i];
    }
    return own;
  }

  private double[] gaussian(long seed) {
    Random random = new Random(seed);
    return IntStream.range(0, dimensions).mapToDouble(_ -> random.nextGaussian()).toArray();
  }

  static String name(int number) {
    return "document-%07d".formatted(number);
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
    key.addPathBuilder().setKind(KIND).setName(name(number));
    return Entity.newBuilder().setKey(key).putProperties(VECTOR, value(vector(number))).build();
  }

  /** A vector as the API has it. */
  static Value value(double[] vector) {
    ArrayValue.Builder array = ArrayValue.newBuilder();
    for (double each : vector) {
      array.addValues(Value.newBuilder().setDoubleValue(each));
    }
    return Value.newBuilder()
        .setArrayValue(array)
        .setMeaning(MEANING_VECTOR)
        .setExcludeFromIndexes(true)
        .build();
  }
}
