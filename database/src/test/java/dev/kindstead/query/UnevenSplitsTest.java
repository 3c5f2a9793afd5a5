package dev.kindstead.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindstead.encoding.EntityEncoding;
import dev.kindstead.index.BuiltInIndexes;
import dev.kindstead.index.IndexEntry;
import dev.kindstead.model.Bytes;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.model.Entity;
import dev.kindstead.model.Key;
import dev.kindstead.model.PartitionId;
import dev.kindstead.model.PathElement;
import dev.kindstead.model.Value;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Beam splits a kind by a sample ordered by {@code __scatter__}: is it even, and else unseen? */
final class UnevenSplitsTest {
  private static final PartitionId PARTITION = new PartitionId("p", "", "");
  private static final byte[] NONE = new byte[0];

  @Test
  void theSampledKeysNeverChange() {
    List<Long> sampled =
        IntStream.rangeClosed(1, 1_000)
            .filter(id -> BuiltInIndexes.scatterEntry(key(id)) != null)
            .mapToObj(id -> (long) id)
            .toList();
    assertThat(sampled).containsExactly(175L, 329L, 424L, 435L, 563L, 737L, 778L, 906L, 935L);
    assertThat(hex(key(175)))
        .isEqualTo(
            "20700000004b005f5f736361747465725f5f00" + "40e4959b760020" + "4b002080000000000000af");
    assertThat(hex(key(935)))
        .isEqualTo(
            "20700000004b005f5f736361747465725f5f00" + "4039d686600020" + "4b002080000000000003a7");
    Key descendant =
        new Key(
            new PartitionId("p", "d", "n"),
            List.of(PathElement.ofName("Task", "t40"), PathElement.ofName("Größe", "x")));
    assertThat(hex(descendant))
        .isEqualTo(
            "20700064006e004772c3b6c39f6500"
                + "5f5f736361747465725f5f00"
                + "40233e1a370020"
                + "5461736b0030743430004772c3b6c39f6500307800");
  }

  @Test
  void asManyAreSampledAsInTheOriginal() {
    long sampled =
        IntStream.rangeClosed(1, 200_000)
            .filter(id -> BuiltInIndexes.scatterEntry(key(id)) != null)
            .count();
    assertThat(sampled / 200_000.0).isBetween(0.0073, 0.0083);
  }

  @Test
  void aSampleCutsTheKeysIntoEvenParts() {
    int entities = 60_000;
    int splits = 4;
    Shelf shelf = new Shelf(3);
    for (int id = 1; id <= entities; id++) {
      if (BuiltInIndexes.scatterEntry(key(id)) != null) {
        shelf.put(new Entity(key(id), Map.of()));
      }
    }
    List<Long> sample = new ArrayList<>();
    Query query = scattered(32 * (splits - 1));
    shelf.run(query).results().forEach(each -> sample.add(id(each.entity())));
    assertThat(sample).hasSize(32 * (splits - 1)).isNotEqualTo(sample.stream().sorted().toList());

    sample.sort(null);
    long before = 0;
    for (int split = 1; split < splits; split++) {
      long cut = sample.get(split * 32 - 1);
      assertThat(cut - before).isBetween(entities / splits / 2L, entities / splits * 2L);
      before = cut;
    }
  }

  @Test
  void theSampleIsNoPropertyOtherwise() {
    Shelf shelf = new Shelf(2);
    shelf.put(new Entity(sampledKey(), Map.of("a", Value.of(new Value.IntegerValue(1)))));
    assertThat(shelf.run(scattered(5)).results()).hasSize(1);

    Query properties =
        new Query(
            PARTITION, "__property__", List.of(), null, List.of(), List.of(), NONE, NONE, 0, null);
    assertThat(shelf.run(properties).results())
        .extracting(each -> Shelf.key(EntityEncoding.decode(each.entity())).last().name())
        .containsExactly("a");
    Query projecting =
        new Query(
            PARTITION,
            "K",
            List.of("__scatter__"),
            null,
            List.of(),
            List.of(),
            NONE,
            NONE,
            0,
            null);
    assertThatThrownBy(() -> shelf.queries().prepare(projecting))
        .isInstanceOf(DatastoreException.class)
        .hasMessageContaining("is reserved");
  }

  @Test
  void theSampleDoesNotCountAsAnIndexedValue() {
    List<Value> values = new ArrayList<>();
    for (int i = 0; i < BuiltInIndexes.ENTRIES_MAX; i++) {
      values.add(Value.of(new Value.IntegerValue(i)));
    }
    Map<String, Value> full = Map.of("a", Value.of(new Value.ArrayValue(values)));
    List<IndexEntry> entries = BuiltInIndexes.entriesOf(new Entity(sampledKey(), full));
    assertThat(entries).hasSize(BuiltInIndexes.ENTRIES_MAX + 2);
    assertThat(entries).isSortedAccordingTo((one, other) -> one.key().compareTo(other.key()));
  }

  private static Query scattered(int limit) {
    return new Query(
        PARTITION,
        "K",
        List.of(Query.KEY),
        null,
        List.of(new Query.Order("__scatter__", false)),
        List.of(),
        NONE,
        NONE,
        0,
        limit);
  }

  private static Key sampledKey() {
    return IntStream.range(1, 10_000)
        .mapToObj(UnevenSplitsTest::key)
        .filter(each -> BuiltInIndexes.scatterEntry(each) != null)
        .findFirst()
        .orElseThrow();
  }

  private static long id(byte[] entity) {
    return Shelf.key(EntityEncoding.decode(entity)).last().id();
  }

  private static String hex(Key key) {
    Bytes entry = BuiltInIndexes.scatterEntry(key);
    return entry == null ? "none" : HexFormat.of().formatHex(entry.array());
  }

  private static Key key(long id) {
    return new Key(PARTITION, List.of(PathElement.ofId("K", id)));
  }
}
