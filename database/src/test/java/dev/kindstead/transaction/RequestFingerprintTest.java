package dev.kindstead.transaction;

import static dev.kindstead.transaction.World.keyOn;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.model.Entity;
import dev.kindstead.model.Key;
import dev.kindstead.model.Mutation;
import dev.kindstead.model.Mutation.BaseVersion;
import dev.kindstead.model.Mutation.Detection;
import dev.kindstead.model.Mutation.NoDetection;
import dev.kindstead.model.Mutation.Operation;
import dev.kindstead.model.Mutation.Resolution;
import dev.kindstead.model.Mutation.UpdateTime;
import dev.kindstead.model.PropertyPath;
import dev.kindstead.model.PropertyTransform;
import dev.kindstead.model.PropertyTransform.AppendMissingElements;
import dev.kindstead.model.PropertyTransform.Increment;
import dev.kindstead.model.PropertyTransform.Maximum;
import dev.kindstead.model.PropertyTransform.RemoveAllFromArray;
import dev.kindstead.model.PropertyTransform.SetToRequestTime;
import dev.kindstead.model.Value;
import dev.kindstead.model.Value.EntityValue;
import dev.kindstead.model.Value.IntegerValue;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class RequestFingerprintTest {
  private static final Value ONE = Value.of(new IntegerValue(1));
  private static final Value TWO = Value.of(new IntegerValue(2));
  private static final PropertyPath PATH = new PropertyPath(List.of("a"));

  private static Mutation mutation(
      Operation operation,
      Key key,
      Map<String, Value> properties,
      Detection detection,
      Resolution resolution,
      @Nullable List<PropertyPath> mask,
      PropertyTransform.Action... actions) {
    return new Mutation(
        operation,
        key,
        operation == Operation.DELETE ? null : new Entity(key, properties),
        detection,
        resolution,
        mask,
        Arrays.stream(actions).map(each -> new PropertyTransform(PATH, each)).toList());
  }

  private static Mutation put(Operation operation, Map<String, Value> properties) {
    return mutation(
        operation, keyOn(0, 0), properties, NoDetection.NONE, Resolution.SERVER_VALUE, null);
  }

  private static Mutation detecting(Detection detection, Resolution resolution) {
    return mutation(Operation.UPSERT, keyOn(0, 0), Map.of("a", ONE), detection, resolution, null);
  }

  private static Mutation masked(List<PropertyPath> mask) {
    return mutation(
        Operation.UPSERT,
        keyOn(0, 0),
        Map.of("a", ONE),
        NoDetection.NONE,
        Resolution.SERVER_VALUE,
        mask);
  }

  private static Mutation transforming(PropertyTransform.Action... actions) {
    return mutation(
        Operation.UPSERT,
        keyOn(0, 0),
        Map.of("a", ONE),
        NoDetection.NONE,
        Resolution.SERVER_VALUE,
        null,
        actions);
  }

  @Test
  void differsForWhateverDiffers() {
    List<List<Mutation>> requests =
        List.of(
            List.of(),
            List.of(put(Operation.UPSERT, Map.of("a", ONE))),
            List.of(put(Operation.UPSERT, Map.of("a", ONE)), put(Operation.DELETE, Map.of())),
            List.of(put(Operation.DELETE, Map.of()), put(Operation.UPSERT, Map.of("a", ONE))),
            List.of(put(Operation.INSERT, Map.of("a", ONE))),
            List.of(put(Operation.UPDATE, Map.of("a", ONE))),
            List.of(put(Operation.DELETE, Map.of())),
            List.of(put(Operation.UPSERT, Map.of("a", TWO))),
            List.of(put(Operation.UPSERT, Map.of("b", ONE))),
            List.of(put(Operation.UPSERT, Map.of("a", new Value(ONE.content(), 0, true)))),
            List.of(put(Operation.UPSERT, Map.of("a", new Value(ONE.content(), 9, false)))),
            List.of(
                mutation(
                    Operation.DELETE,
                    keyOn(0, 1),
                    Map.of(),
                    NoDetection.NONE,
                    Resolution.SERVER_VALUE,
                    null)),
            List.of(detecting(new BaseVersion(3), Resolution.SERVER_VALUE)),
            List.of(detecting(new BaseVersion(3), Resolution.FAIL)),
            List.of(detecting(new UpdateTime(3), Resolution.FAIL)),
            List.of(masked(List.of())),
            List.of(masked(List.of(PATH))),
            List.of(masked(List.of(new PropertyPath(List.of("a", "b"))))),
            List.of(transforming(new SetToRequestTime())),
            List.of(transforming(new Increment(ONE))),
            List.of(transforming(new Increment(TWO))),
            List.of(transforming(new Maximum(ONE))),
            List.of(transforming(new Maximum(ONE), new Increment(ONE))),
            List.of(transforming(new AppendMissingElements(List.of(ONE, TWO)))),
            List.of(transforming(new RemoveAllFromArray(List.of(ONE, TWO)))));
    Set<Long> seen = new HashSet<>();
    for (List<Mutation> request : requests) {
      assertThat(seen.add(RequestFingerprint.of(request))).as(request.toString()).isTrue();
    }
  }

  @Test
  void isTheSameForPropertiesInAnotherOrder() {
    assertThat(RequestFingerprint.of(List.of(put(Operation.UPSERT, nested("a", "b")))))
        .isEqualTo(RequestFingerprint.of(List.of(put(Operation.UPSERT, nested("b", "a")))));
  }

  private static Map<String, Value> nested(String first, String second) {
    Map<String, Value> inner = new LinkedHashMap<>();
    inner.put(first, ONE);
    inner.put(second, ONE);
    Map<String, Value> outer = new LinkedHashMap<>(inner);
    outer.put(first, Value.of(new EntityValue(new Entity(null, inner))));
    outer.put(second, Value.of(new EntityValue(new Entity(null, inner))));
    return outer;
  }
}
