package dev.kindstead.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindstead.encoding.ByteOrder;
import dev.kindstead.encoding.IndexKeyEncoding;
import dev.kindstead.encoding.RandomEntities;
import dev.kindstead.model.Bytes;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.model.Entity;
import dev.kindstead.model.Key;
import dev.kindstead.model.PartitionId;
import dev.kindstead.model.PathElement;
import dev.kindstead.model.Value;
import dev.kindstead.model.Value.ArrayValue;
import dev.kindstead.model.Value.BlobValue;
import dev.kindstead.model.Value.EntityValue;
import dev.kindstead.model.Value.IntegerValue;
import dev.kindstead.model.Value.NullValue;
import dev.kindstead.model.Value.StringValue;
import dev.kindstead.model.Value.TimestampValue;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** An entry too few hides an entity from queries for ever, an entry too many invents one. */
class EntriesLostTest {
  private static final Key KEY =
      new Key(new PartitionId("p", "", ""), List.of(PathElement.ofId("K", 1)));

  @Test
  void everyIndexedPropertyHasAnEntryBesideTheKind() {
    Map<String, Value> properties = new LinkedHashMap<>();
    properties.put("b", integer(1));
    properties.put("a", Value.of(NullValue.NULL));
    assertThat(BuiltInIndexes.entriesOf(new Entity(KEY, properties)))
        .containsExactly(
            new IndexEntry(Bytes.of(IndexKeyEncoding.kindEntry(KEY)), false),
            entry("a", NullValue.NULL, false),
            entry("b", new IntegerValue(1), false));
  }

  @Test
  void excludedValuesHaveNone() {
    assertThat(properties(Map.of("a", excluded(integer(1))))).isEmpty();
    assertThat(properties(Map.of("a", excluded(nested(Map.of("b", integer(1))))))).isEmpty();
    assertThat(properties(Map.of("a", nested(Map.of("b", excluded(integer(1))))))).isEmpty();
    assertThat(properties(Map.of("a", excluded(array(integer(1)))))).isEmpty();
    assertThat(properties(Map.of("a", array(integer(1), excluded(integer(2))))))
        .containsExactly(entry("a", new IntegerValue(1), false));
  }

  @Test
  void emptyArraysAndEntitiesAsThemselvesHaveNone() {
    assertThat(properties(Map.of("a", array()))).isEmpty();
    assertThat(properties(Map.of("a", nested(Map.of())))).isEmpty();
  }

  @Test
  void nestedPropertiesAreDotted() {
    assertThat(properties(Map.of("a", nested(Map.of("b", nested(Map.of("c", integer(1))))))))
        .containsExactly(entry("a.b.c", new IntegerValue(1), false));
  }

  @Test
  void anArrayHasAnEntryForEachDistinctElement() {
    assertThat(properties(Map.of("a", array(integer(2), integer(1), integer(2)))))
        .containsExactly(
            entry("a", new IntegerValue(1), true), entry("a", new IntegerValue(2), true));
    assertThat(properties(Map.of("a", array(integer(2), integer(2)))))
        .containsExactly(entry("a", new IntegerValue(2), false));
  }

  @Test
  void anIntegerAndTheTimestampItMergesWithAreTwo() {
    assertThat(properties(Map.of("a", array(integer(2), Value.of(new TimestampValue(2))))))
        .hasSize(2)
        .allMatch(IndexEntry::multiValued);
  }

  @Test
  void arraysOfEntitiesSpreadTheirProperties() {
    Value array =
        array(nested(Map.of("x", integer(1), "y", integer(5))), nested(Map.of("x", integer(2))));
    assertThat(properties(Map.of("a", array)))
        .containsExactly(
            entry("a.x", new IntegerValue(1), true),
            entry("a.x", new IntegerValue(2), true),
            entry("a.y", new IntegerValue(5), false));
  }

  @Test
  void aDottedNameAndANestedPropertyShareTheirIndex() {
    Map<String, Value> properties = new LinkedHashMap<>();
    properties.put("a", nested(Map.of("b", integer(1))));
    properties.put("a.b", integer(2));
    assertThat(properties(properties)).hasSize(2).allMatch(IndexEntry::multiValued);
  }

  @Test
  void valuesLongerThanTheApiIndexesDoNotBreak() {
    Map<String, Value> properties =
        Map.of(
            "s", Value.of(new StringValue("s".repeat(100_000))),
            "b", Value.of(new BlobValue(Bytes.of(new byte[100_000]))));
    assertThat(properties(properties)).hasSize(2);
  }

  @Test
  void anEntityHasABoundedNumber() {
    Value[] distinct = new Value[BuiltInIndexes.ENTRIES_MAX + 1];
    Arrays.setAll(distinct, EntriesLostTest::integer);
    assertThatThrownBy(() -> properties(Map.of("a", array(distinct))))
        .isInstanceOf(DatastoreException.class);
    Arrays.fill(distinct, 1, distinct.length, integer(7));
    assertThat(properties(Map.of("a", array(distinct)))).hasSize(2);
  }

  @Test
  void applyingTheDifferenceGivesTheNewEntries() {
    RandomEntities random = new RandomEntities(41);
    for (int i = 0; i < 5_000; i++) {
      List<IndexEntry> before =
          BuiltInIndexes.entriesOf(new Entity(KEY, random.entity().properties()));
      List<IndexEntry> after =
          BuiltInIndexes.entriesOf(new Entity(KEY, random.entity().properties()));
      assertThat(after.stream().map(entry -> entry.key().array()).toList())
          .isSortedAccordingTo(ByteOrder.UNSIGNED);

      Map<Bytes, Boolean> entries = new HashMap<>();
      before.forEach(entry -> entries.put(entry.key(), entry.multiValued()));
      assertThat(entries).hasSize(before.size());
      var difference = BuiltInIndexes.difference(before, after);
      for (IndexEntry entry : difference.removed()) {
        assertThat(entries.remove(entry.key())).isEqualTo(entry.multiValued());
      }
      for (IndexEntry entry : difference.added()) {
        assertThat(entries.put(entry.key(), entry.multiValued())).isNull();
      }
      Map<Bytes, Boolean> expected = new HashMap<>();
      after.forEach(entry -> expected.put(entry.key(), entry.multiValued()));
      assertThat(entries).isEqualTo(expected);
      assertThat(BuiltInIndexes.difference(after, after).added()).isEmpty();
      assertThat(BuiltInIndexes.difference(after, after).removed()).isEmpty();
    }
  }

  private static List<IndexEntry> properties(Map<String, Value> properties) {
    List<IndexEntry> entries = BuiltInIndexes.entriesOf(new Entity(KEY, properties));
    return entries.subList(1, entries.size());
  }

  private static IndexEntry entry(String property, Value.Content value, boolean multiValued) {
    return new IndexEntry(
        Bytes.of(IndexKeyEncoding.propertyEntry(KEY, property, value)), multiValued);
  }

  private static Value integer(long value) {
    return Value.of(new IntegerValue(value));
  }

  private static Value excluded(Value value) {
    return new Value(value.content(), 0, true);
  }

  private static Value array(Value... values) {
    return Value.of(new ArrayValue(List.of(values)));
  }

  private static Value nested(Map<String, Value> properties) {
    return Value.of(new EntityValue(new Entity(null, properties)));
  }
}
