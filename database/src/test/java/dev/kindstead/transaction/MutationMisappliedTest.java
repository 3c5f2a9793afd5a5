package dev.kindstead.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindstead.encoding.EntityEncoding;
import dev.kindstead.model.Bytes;
import dev.kindstead.model.Code;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.model.Entity;
import dev.kindstead.model.Key;
import dev.kindstead.model.Mutation;
import dev.kindstead.model.Mutation.BaseVersion;
import dev.kindstead.model.Mutation.Detection;
import dev.kindstead.model.Mutation.NoDetection;
import dev.kindstead.model.Mutation.Operation;
import dev.kindstead.model.Mutation.Resolution;
import dev.kindstead.model.Mutation.UpdateTime;
import dev.kindstead.model.PartitionId;
import dev.kindstead.model.PathElement;
import dev.kindstead.model.PropertyPath;
import dev.kindstead.model.PropertyTransform;
import dev.kindstead.model.Value;
import dev.kindstead.model.Value.BlobValue;
import dev.kindstead.model.Value.EntityValue;
import dev.kindstead.model.Value.IntegerValue;
import dev.kindstead.storage.EntityRow;
import dev.kindstead.transaction.MutationEvaluation.Delete;
import dev.kindstead.transaction.MutationEvaluation.Evaluated;
import dev.kindstead.transaction.MutationEvaluation.Unchanged;
import dev.kindstead.transaction.MutationEvaluation.Write;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Operations, conflicts and masks that do other than the API says silently destroy data. */
class MutationMisappliedTest {
  private static final Key KEY =
      new Key(new PartitionId("p", "", ""), List.of(PathElement.ofId("K", 1)));
  private static final long VERSION = 5_000;

  @Test
  void anUpsertWritesWhateverIsStored() {
    Entity entity = entity(Map.of("a", integer(1)));
    for (StoredEntity current : Arrays.asList(null, stored(Map.of("b", integer(2))))) {
      Write write = write(mutation(Operation.UPSERT, entity), current);
      assertThat(write.entity()).isSameAs(entity);
      assertThat(EntityEncoding.decode(write.bytes())).isEqualTo(entity);
    }
  }

  @Test
  void aPlainUpsertDoesNotReadTheStoredEntity() {
    StoredEntity unreadable = new StoredEntity(new EntityRow(new byte[] {1, 2, 3}, 0, 1, VERSION));
    assertThat(evaluate(mutation(Operation.UPSERT, entity(Map.of())), unreadable))
        .isInstanceOf(Write.class);
  }

  @Test
  void insertNeedsAbsenceAndUpdateExistence() {
    assertThat(evaluate(mutation(Operation.INSERT, entity(Map.of())), null))
        .isInstanceOf(Write.class);
    assertFails(
        () -> evaluate(mutation(Operation.INSERT, entity(Map.of())), stored(Map.of())),
        Code.ALREADY_EXISTS,
        "entity already exists");
    assertThat(evaluate(mutation(Operation.UPDATE, entity(Map.of())), stored(Map.of())))
        .isInstanceOf(Write.class);
    assertFails(
        () -> evaluate(mutation(Operation.UPDATE, entity(Map.of())), null),
        Code.NOT_FOUND,
        "no entity to update");
  }

  @Test
  void aDeleteOfNothingIsNoConflict() {
    assertThat(evaluate(mutation(Operation.DELETE, null), stored(Map.of())))
        .isEqualTo(new Delete());
    assertThat(evaluate(mutation(Operation.DELETE, null), null)).isEqualTo(new Unchanged(false));
  }

  @Test
  void aStaleVersionLeavesTheServersEntity() {
    for (Detection stale :
        List.of(new BaseVersion(VERSION - 1), new BaseVersion(0), new UpdateTime(1))) {
      for (Operation operation : Operation.values()) {
        Mutation mutation = conflictable(operation, stale, Resolution.SERVER_VALUE);
        assertThat(evaluate(mutation, stored(Map.of()))).isEqualTo(new Unchanged(true));
      }
    }
  }

  @Test
  void theRequiredVersionIsWritten() {
    for (Detection matching : List.of(new BaseVersion(VERSION), new UpdateTime(VERSION))) {
      Mutation mutation = conflictable(Operation.UPSERT, matching, Resolution.FAIL);
      assertThat(evaluate(mutation, stored(Map.of()))).isInstanceOf(Write.class);
    }
    Mutation created = conflictable(Operation.UPSERT, new BaseVersion(0), Resolution.FAIL);
    assertThat(evaluate(created, null)).isInstanceOf(Write.class);
  }

  @Test
  void aConflictFailsTheCommitWhenAskedTo() {
    assertFails(
        () ->
            evaluate(
                conflictable(Operation.UPDATE, new BaseVersion(7), Resolution.FAIL),
                stored(Map.of())),
        Code.FAILED_PRECONDITION,
        "the stored version (5000) does not match the required base version (7)");
    assertFails(
        () -> evaluate(conflictable(Operation.DELETE, new BaseVersion(7), Resolution.FAIL), null),
        Code.FAILED_PRECONDITION,
        "the stored version (0) does not match the required base version (7)");
  }

  @Test
  void aMaskWritesWhatItNamesAndDeletesWhatTheMutationLacks() {
    Map<String, Value> stored = Map.of("a", integer(1), "b", integer(2), "c", integer(3));
    assertThat(masked(stored, Map.of("a", integer(10), "c", integer(30)), "a", "b"))
        .isEqualTo(Map.of("a", integer(10), "c", integer(3)));
  }

  @Test
  void anEmptyMaskWritesNothingButCreates() {
    assertThat(masked(Map.of("a", integer(1)), Map.of("a", integer(10))))
        .isEqualTo(Map.of("a", integer(1)));
    Mutation mutation = mutation(Operation.UPSERT, entity(Map.of("a", integer(10))), List.of());
    assertThat(write(mutation, null).entity()).isEqualTo(entity(Map.of()));
  }

  @Test
  void aNestedMaskMergesIntoTheEntityValue() {
    Map<String, Value> stored = Map.of("a", nested(Map.of("x", integer(1), "y", integer(2))));
    assertThat(
            masked(stored, Map.of("a", nested(Map.of("x", integer(10), "y", integer(0)))), "a.x"))
        .isEqualTo(Map.of("a", nested(Map.of("x", integer(10), "y", integer(2)))));
    assertThat(masked(stored, Map.of("a", nested(Map.of())), "a.x"))
        .isEqualTo(Map.of("a", nested(Map.of("y", integer(2)))));
    assertThat(masked(stored, Map.of(), "a.x"))
        .isEqualTo(Map.of("a", nested(Map.of("y", integer(2)))));
    assertThat(
            masked(Map.of(), Map.of("a", nested(Map.of("x", integer(1), "y", integer(2)))), "a.x"))
        .isEqualTo(Map.of("a", nested(Map.of("x", integer(1)))));
    assertThat(masked(Map.of("a", integer(1)), Map.of("a", nested(Map.of("x", integer(1)))), "a.x"))
        .isEqualTo(Map.of("a", nested(Map.of("x", integer(1)))));
  }

  @Test
  void aNestedMaskOverNothingChangesNothing() {
    assertThat(masked(Map.of(), Map.of(), "a.x")).isEmpty();
    assertThat(masked(Map.of("a", integer(1)), Map.of(), "a.x")).isEqualTo(Map.of("a", integer(1)));
    assertThat(masked(Map.of(), Map.of("a", nested(Map.of())), "a.x")).isEmpty();
  }

  @Test
  void theKeyInAMaskNamesNoProperty() {
    assertThat(masked(Map.of("a", integer(1)), Map.of("a", integer(2)), "__key__"))
        .isEqualTo(Map.of("a", integer(1)));
  }

  @Test
  void aMergeMayNotOutgrowAnEntity() {
    Value large = new Value(new BlobValue(Bytes.of(new byte[600_000])), 0, true);
    assertFails(
        () -> masked(Map.of("a", large), Map.of("b", large), "b"),
        Code.INVALID_ARGUMENT,
        "maximum entity size is 1048572 bytes");
  }

  @Test
  void transformsRunWhateverTheMask() {
    var increment = new PropertyTransform.Increment(integer(1));
    Mutation mutation =
        new Mutation(
            Operation.UPSERT,
            KEY,
            entity(Map.of("a", integer(10))),
            NoDetection.NONE,
            Resolution.SERVER_VALUE,
            List.of(),
            List.of(new PropertyTransform(new PropertyPath(List.of("a")), increment)));
    Write write = write(mutation, stored(Map.of("a", integer(1))));
    assertThat(write.entity()).isEqualTo(entity(Map.of("a", integer(2))));
    assertThat(write.transformResults()).containsExactly(integer(2));
    assertThat(EntityEncoding.decode(write.bytes())).isEqualTo(write.entity());
  }

  private static Map<String, Value> masked(
      Map<String, Value> stored, Map<String, Value> written, String... paths) {
    List<PropertyPath> mask =
        Arrays.stream(paths)
            .map(path -> new PropertyPath(Arrays.asList(path.split("\\.", -1))))
            .toList();
    Mutation mutation = mutation(Operation.UPDATE, entity(written), mask);
    return write(mutation, stored(stored)).entity().properties();
  }

  private static Evaluated evaluate(Mutation mutation, @Nullable StoredEntity current) {
    return MutationEvaluation.evaluate(mutation, current, 0);
  }

  private static Write write(Mutation mutation, @Nullable StoredEntity current) {
    return (Write) evaluate(mutation, current);
  }

  private static Mutation mutation(Operation operation, @Nullable Entity entity) {
    return mutation(operation, entity, null);
  }

  private static Mutation mutation(
      Operation operation, @Nullable Entity entity, @Nullable List<PropertyPath> mask) {
    return new Mutation(
        operation, KEY, entity, NoDetection.NONE, Resolution.SERVER_VALUE, mask, List.of());
  }

  private static Mutation conflictable(
      Operation operation, Detection detection, Resolution resolution) {
    Entity entity = operation == Operation.DELETE ? null : entity(Map.of());
    return new Mutation(operation, KEY, entity, detection, resolution, null, List.of());
  }

  private static StoredEntity stored(Map<String, Value> properties) {
    byte[] bytes = EntityEncoding.encode(entity(properties));
    return new StoredEntity(new EntityRow(bytes, 0, 1, VERSION));
  }

  private static Entity entity(Map<String, Value> properties) {
    return new Entity(KEY, properties);
  }

  private static Value nested(Map<String, Value> properties) {
    return Value.of(new EntityValue(new Entity(null, properties)));
  }

  private static Value integer(long value) {
    return Value.of(new IntegerValue(value));
  }

  private static void assertFails(ThrowingCallable call, Code code, String message) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            DatastoreException.class, failure -> assertThat(failure.code()).isEqualTo(code))
        .hasMessage(message);
  }
}
