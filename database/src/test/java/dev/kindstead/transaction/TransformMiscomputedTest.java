package dev.kindstead.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindstead.model.DatastoreException;
import dev.kindstead.model.Entity;
import dev.kindstead.model.PropertyPath;
import dev.kindstead.model.PropertyTransform;
import dev.kindstead.model.PropertyTransform.Action;
import dev.kindstead.model.PropertyTransform.AppendMissingElements;
import dev.kindstead.model.PropertyTransform.Increment;
import dev.kindstead.model.PropertyTransform.Maximum;
import dev.kindstead.model.PropertyTransform.Minimum;
import dev.kindstead.model.PropertyTransform.RemoveAllFromArray;
import dev.kindstead.model.PropertyTransform.SetToRequestTime;
import dev.kindstead.model.Value;
import dev.kindstead.model.Value.ArrayValue;
import dev.kindstead.model.Value.DoubleValue;
import dev.kindstead.model.Value.EntityValue;
import dev.kindstead.model.Value.IntegerValue;
import dev.kindstead.model.Value.NullValue;
import dev.kindstead.model.Value.StringValue;
import dev.kindstead.model.Value.TimestampValue;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The rules of PropertyTransform in datastore.proto, comment by comment. */
class TransformMiscomputedTest {
  private static final Value NULL = Value.of(NullValue.NULL);
  private static final Value NAN = real(Double.NaN);
  private static final long REQUEST_TIME = 1_700_000_000_123_456L;

  @Test
  void requestTimeHasMilliseconds() {
    assertThat(apply(null, new SetToRequestTime()))
        .isEqualTo(Value.of(new TimestampValue(1_700_000_000_123_000L)));
  }

  @Test
  void incrementAddsSaturatesAndTurnsDouble() {
    assertThat(apply(integer(1), new Increment(integer(2)))).isEqualTo(integer(3));
    assertThat(apply(integer(Long.MAX_VALUE), new Increment(integer(1))))
        .isEqualTo(integer(Long.MAX_VALUE));
    assertThat(apply(integer(Long.MIN_VALUE), new Increment(integer(-1))))
        .isEqualTo(integer(Long.MIN_VALUE));
    assertThat(apply(integer(1), new Increment(real(0.5)))).isEqualTo(real(1.5));
    assertThat(apply(real(0.5), new Increment(integer(1)))).isEqualTo(real(1.5));
    assertThat(apply(integer(1), new Increment(NAN))).isEqualTo(NAN);
    assertThat(apply(real(Double.MAX_VALUE), new Increment(real(Double.MAX_VALUE))))
        .isEqualTo(real(Double.POSITIVE_INFINITY));
  }

  @Test
  void whatIsNoNumberIsReplacedByTheOperand() {
    for (Value current : Arrays.asList(null, NULL, string("x"), array(integer(9)))) {
      assertThat(apply(current, new Increment(integer(2)))).isEqualTo(integer(2));
      assertThat(apply(current, new Maximum(integer(2)))).isEqualTo(integer(2));
      assertThat(apply(current, new Minimum(real(2)))).isEqualTo(real(2));
    }
  }

  @Test
  void extremesTakeTheTypeOfTheWinner() {
    assertThat(apply(integer(3), new Maximum(real(3.5)))).isEqualTo(real(3.5));
    assertThat(apply(real(3.5), new Maximum(integer(4)))).isEqualTo(integer(4));
    assertThat(apply(integer(4), new Maximum(real(3.5)))).isEqualTo(integer(4));
    assertThat(apply(integer(4), new Minimum(real(3.5)))).isEqualTo(real(3.5));
    assertThat(apply(integer(-4), new Minimum(real(-3.5)))).isEqualTo(integer(-4));
    assertThat(apply(integer(-4), new Maximum(real(-3.5)))).isEqualTo(real(-3.5));
  }

  @Test
  void equalExtremesKeepTheStoredValue() {
    assertThat(apply(integer(3), new Maximum(real(3)))).isEqualTo(integer(3));
    assertThat(apply(real(3), new Minimum(integer(3)))).isEqualTo(real(3));
    for (Value zero : List.of(integer(0), real(0.0), real(-0.0))) {
      for (Value other : List.of(integer(0), real(0.0), real(-0.0))) {
        assertThat(apply(zero, new Maximum(other))).isEqualTo(zero);
        assertThat(apply(zero, new Minimum(other))).isEqualTo(zero);
      }
    }
  }

  @Test
  void extremesWithNaNAreNaN() {
    assertThat(apply(integer(3), new Maximum(NAN))).isEqualTo(NAN);
    assertThat(apply(NAN, new Maximum(integer(3)))).isEqualTo(NAN);
    assertThat(apply(real(3), new Minimum(NAN))).isEqualTo(NAN);
    assertThat(apply(NAN, new Minimum(integer(3)))).isEqualTo(NAN);
  }

  @Test
  void largeIntegersAndDoublesCompareExactly() {
    long beyond = (1L << 53) + 1;
    assertThat(apply(integer(beyond), new Maximum(real(0x1p53)))).isEqualTo(integer(beyond));
    assertThat(apply(real(0x1p53), new Maximum(integer(beyond)))).isEqualTo(integer(beyond));
    assertThat(apply(integer(Long.MAX_VALUE), new Maximum(real(0x1p63)))).isEqualTo(real(0x1p63));
    assertThat(apply(integer(Long.MIN_VALUE), new Minimum(real(-0x1p63))))
        .isEqualTo(integer(Long.MIN_VALUE));
    assertThat(apply(integer(0), new Maximum(real(Double.NEGATIVE_INFINITY))))
        .isEqualTo(integer(0));
  }

  @Test
  void appendTakesEachMissingElementOnce() {
    assertThat(
            apply(
                array(integer(3), NAN, NULL),
                new AppendMissingElements(
                    List.of(real(3), NAN, NULL, string("a"), string("a"), integer(4), real(4)))))
        .isEqualTo(array(integer(3), NAN, NULL, string("a"), integer(4)));
    assertThat(apply(string("a"), new AppendMissingElements(List.of(string("a")))))
        .isEqualTo(array(string("a")));
    assertThat(apply(null, new AppendMissingElements(List.of()))).isEqualTo(array());
  }

  @Test
  void removeTakesAllEquivalentElements() {
    assertThat(
            apply(
                array(integer(3), real(3), NAN, string("3"), NULL, real(-0.0)),
                new RemoveAllFromArray(List.of(real(3), NAN, NULL, integer(0)))))
        .isEqualTo(array(string("3")));
    assertThat(apply(integer(3), new RemoveAllFromArray(List.of(integer(3))))).isEqualTo(array());
    assertThat(apply(null, new RemoveAllFromArray(List.of(integer(3))))).isEqualTo(array());
  }

  @Test
  void theMarksOfATransformedValueStay() {
    Value excluded = new Value(new IntegerValue(1), 5, true);
    assertThat(apply(excluded, new Increment(integer(1))))
        .isEqualTo(new Value(new IntegerValue(2), 5, true));
    assertThat(apply(excluded, new Maximum(integer(7))))
        .isEqualTo(new Value(new IntegerValue(7), 5, true));
    Value vector = new Value(new ArrayValue(List.of(real(1))), 31, true);
    assertThat(apply(vector, new AppendMissingElements(List.of(real(2)))))
        .isEqualTo(new Value(new ArrayValue(List.of(real(1), real(2))), 31, true));
  }

  @Test
  void resultsComeInOrderAndAreNullForArrays() {
    Transformation transformation = new Transformation(entity(integer(1)), REQUEST_TIME);
    transformation.apply(at(new Increment(integer(1)), "v"));
    transformation.apply(at(new Maximum(integer(5)), "v"));
    transformation.apply(at(new AppendMissingElements(List.of(integer(1))), "w"));
    transformation.apply(at(new Increment(integer(1)), "v"));
    assertThat(transformation.results()).containsExactly(integer(2), integer(5), NULL, integer(6));
    assertThat(transformation.entity().properties())
        .isEqualTo(Map.of("v", integer(6), "w", array(integer(1))));
  }

  @Test
  void pathsLeadIntoEntityValuesAndMakeThem() {
    Value inner = new Value(new EntityValue(entity(integer(1))), 0, true);
    Transformation transformation = new Transformation(entity(inner), REQUEST_TIME);
    transformation.apply(at(new Increment(integer(1)), "v", "v"));
    transformation.apply(at(new Increment(integer(1)), "x", "y"));
    Value made = Value.of(new EntityValue(new Entity(null, Map.of("y", integer(1)))));
    assertThat(transformation.entity().properties())
        .isEqualTo(Map.of("v", new Value(new EntityValue(entity(integer(2))), 0, true), "x", made));
  }

  @Test
  void aPathCannotNestDeeperThanEntitiesMay() {
    PropertyPath deep = new PropertyPath(Collections.nCopies(10_000, "a"));
    Transformation transformation = new Transformation(entity(integer(1)), REQUEST_TIME);
    assertThatThrownBy(
            () -> transformation.apply(new PropertyTransform(deep, new SetToRequestTime())))
        .isInstanceOf(DatastoreException.class)
        .hasMessageContaining("nested deeper than 20");
  }

  /** What the property {@code v} becomes. */
  private static @Nullable Value apply(@Nullable Value current, Action action) {
    Entity entity = current == null ? new Entity(null, Map.of()) : entity(current);
    Transformation transformation = new Transformation(entity, REQUEST_TIME);
    transformation.apply(at(action, "v"));
    return transformation.entity().properties().get("v");
  }

  private static PropertyTransform at(Action action, String... path) {
    return new PropertyTransform(new PropertyPath(List.of(path)), action);
  }

  private static Entity entity(Value value) {
    return new Entity(null, Map.of("v", value));
  }

  private static Value integer(long value) {
    return Value.of(new IntegerValue(value));
  }

  private static Value real(double value) {
    return Value.of(new DoubleValue(value));
  }

  private static Value string(String value) {
    return Value.of(new StringValue(value));
  }

  private static Value array(Value... values) {
    return Value.of(new ArrayValue(List.of(values)));
  }
}
