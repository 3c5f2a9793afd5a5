package dev.kindstead.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.encoding.ByteOrder;
import dev.kindstead.model.Bytes;
import dev.kindstead.storage.VersionedModel.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compares a snapshot with the model. */
final class SnapshotChecks {
  private static final int PAGE_ROWS = 3;

  private SnapshotChecks() {}

  static void check(
      Snapshot snapshot, VersionedModel model, Bytes from, Bytes until, boolean reverse) {
    checkOne(snapshot, model, from, until, reverse);
    checkOne(distant(snapshot, Map.of()), model, from, until, reverse);
  }

  private static void checkOne(
      Snapshot snapshot, VersionedModel model, Bytes from, Bytes until, boolean reverse) {
    NavigableMap<Bytes, Version> entities =
        model.at(Space.CURRENT, from, until, snapshot.timestamp());
    assertThat(entities(snapshot, from, until, reverse))
        .isEqualTo(described(entities, reverse, Space.CURRENT));
    NavigableMap<Bytes, Version> indexEntries =
        model.at(Space.INDEX, from, until, snapshot.timestamp());
    assertThat(indexEntries(snapshot, from, until, reverse))
        .isEqualTo(described(indexEntries, reverse, Space.INDEX));
  }

  static void checkKey(Snapshot snapshot, VersionedModel model, Bytes key) {
    checkOneKey(snapshot, model, key);
    checkOneKey(distant(snapshot, Map.of()), model, key);
    byte[] row = RowPage.lookUp(snapshot, List.of(key.array())).getFirst();
    checkOneKey(distant(snapshot, Map.of(key, row)), model, key);
  }

  /** The same snapshot as another node would see it, in pages of a few rows. */
  private static Snapshot distant(Snapshot snapshot, Map<Bytes, byte[]> known) {
    var source =
        new DistantSnapshot.RowSource() {
          @Override
          public List<byte[]> lookUp(List<byte[]> entityKeys) {
            return RowPage.lookUp(snapshot, entityKeys);
          }

          @Override
          public RowPage scan(RowRange range, int rowsMax) {
            return RowPage.scan(snapshot, range, PAGE_ROWS);
          }

          @Override
          public @Nullable Set<Bytes> changedSince(long since, byte[] from, byte[] until) {
            return snapshot.changedSince(since, from, until);
          }
        };
    return new DistantSnapshot(snapshot.timestamp(), known, source);
  }

  private static void checkOneKey(Snapshot snapshot, VersionedModel model, Bytes key) {
    Bytes after = Bytes.of(ByteOrder.after(key.array()));
    Version expected = model.at(Space.CURRENT, key, after, snapshot.timestamp()).get(key);
    EntityRow row = snapshot.entity(key.array());
    assertThat(row == null ? null : entity(key, row))
        .isEqualTo(expected == null ? null : describe(key, expected, Space.CURRENT));
    boolean[] needsDisk = {false};
    EntityRow fromMemory = snapshot.entityFromMemory(key.array(), () -> needsDisk[0] = true);
    if (needsDisk[0]) {
      assertThat(fromMemory).isNull();
    } else {
      assertThat(describeOrNull(key, fromMemory)).isEqualTo(describeOrNull(key, row));
    }
  }

  private static List<String> entities(
      Snapshot snapshot, Bytes from, Bytes until, boolean reverse) {
    List<String> found = new ArrayList<>();
    try (var scan = snapshot.entities(from.array(), until.array(), reverse)) {
      for (; scan.isValid(); scan.next()) {
        found.add(entity(Bytes.of(scan.key()), scan.row()));
      }
    }
    return found;
  }

  private static List<String> indexEntries(
      Snapshot snapshot, Bytes from, Bytes until, boolean reverse) {
    List<String> found = new ArrayList<>();
    try (var scan = snapshot.indexEntries(from.array(), until.array(), reverse)) {
      for (; scan.isValid(); scan.next()) {
        found.add(
            "%s from %d slot %d multi %b"
                .formatted(Bytes.of(scan.key()), scan.from(), scan.slot(), scan.multiValued()));
      }
    }
    return found;
  }

  private static List<String> described(
      NavigableMap<Bytes, Version> versions, boolean reverse, Space space) {
    List<String> described = new ArrayList<>();
    (reverse ? versions.descendingMap() : versions)
        .forEach((key, version) -> described.add(describe(key, version, space)));
    return described;
  }

  private static String describe(Bytes key, Version version, Space space) {
    return space == Space.CURRENT
        ? entity(
            key,
            new EntityRow(
                version.entity().array(), version.slot(), version.created(), version.from()))
        : "%s from %d slot %d multi %b"
            .formatted(key, version.from(), version.slot(), version.multiValued());
  }

  private static @Nullable String describeOrNull(Bytes key, @Nullable EntityRow row) {
    return row == null ? null : entity(key, row);
  }

  private static String entity(Bytes key, EntityRow row) {
    return "%s updated %d created %d slot %d: %s"
        .formatted(key, row.updateTime(), row.createTime(), row.slot(), Bytes.of(row.entity()));
  }
}
