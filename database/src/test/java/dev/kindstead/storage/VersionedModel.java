package dev.kindstead.storage;

import dev.kindstead.model.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** What versioned storage should be, in the plainest way: every version of every key in a list. */
final class VersionedModel {
  /** A version of a key, valid in [from, until). */
  record Version(long from, long until, int slot, boolean multiValued, Bytes entity, long created) {
    boolean isAlive() {
      return until == Long.MAX_VALUE;
    }
  }

  private final NavigableMap<Bytes, List<Version>> entities = new TreeMap<>();
  private final NavigableMap<Bytes, List<Version>> indexEntries = new TreeMap<>();

  /** Draws a commit that is possible now, applies it here and returns it. */
  List<Change> commit(RandomGenerator random, long timestamp, int changesMax) {
    List<Change> changes = new ArrayList<>();
    List<Bytes> touched = new ArrayList<>();
    int count = 1 + random.nextInt(changesMax);
    for (int i = 0; i < count; i++) {
      boolean isEntity = random.nextBoolean();
      Bytes key = key(random);
      if (touched.contains(key)) {
        continue;
      }
      touched.add(key);
      changes.add(
          isEntity ? changeEntity(random, key, timestamp) : changeIndex(random, key, timestamp));
    }
    return changes;
  }

  void clear() {
    entities.clear();
    indexEntries.clear();
  }

  /** Short keys of few letters: prefixes of each other, with the bytes that escaping is about. */
  static Bytes key(RandomGenerator random) {
    byte[] letters = {0, 1, 'a', 'b', (byte) 0xFF};
    byte[] key = new byte[1 + random.nextInt(3)];
    for (int i = 0; i < key.length; i++) {
      key[i] = letters[random.nextInt(letters.length)];
    }
    return Bytes.of(key);
  }

  /** The versions at a timestamp in [from, until), in ascending order. */
  NavigableMap<Bytes, Version> at(Space space, Bytes from, Bytes until, long timestamp) {
    NavigableMap<Bytes, Version> alive = new TreeMap<>();
    range(space, from, until)
        .forEach((key, versions) -> {
          for (Version version : versions) {
            if (version.from <= timestamp && timestamp < version.until) {
              alive.put(key, version);
            }
          }
        });
    return alive;
  }

  boolean changedSince(Space space, Bytes from, Bytes until, long since) {
    return range(space, from, until).values().stream()
        .flatMap(List::stream)
        .anyMatch(each -> each.from > since || (!each.isAlive() && each.until > since));
  }

  private NavigableMap<Bytes, List<Version>> range(Space space, Bytes from, Bytes until) {
    NavigableMap<Bytes, List<Version>> all = space == Space.CURRENT ? entities : indexEntries;
    if (until.size() == 0) {
      return all.tailMap(from, true);
    }
    return from.compareTo(until) >= 0 ? new TreeMap<>() : all.subMap(from, true, until, false);
  }

  private Change changeEntity(RandomGenerator random, Bytes key, long timestamp) {
    List<Version> versions = entities.computeIfAbsent(key, _ -> new ArrayList<>());
    boolean exists = end(versions, timestamp);
    if (exists && random.nextInt(3) == 0) {
      return new Change.DeleteEntity(key.array());
    }
    byte[] entity = new byte[random.nextInt(200)];
    random.nextBytes(entity);
    long created = exists ? versions.getLast().created : timestamp;
    int slot = random.nextInt(16_384);
    versions.add(new Version(timestamp, Long.MAX_VALUE, slot, false, Bytes.of(entity), created));
    return new Change.PutEntity(key.array(), new EntityRow(entity, slot, created, timestamp));
  }

  private Change changeIndex(RandomGenerator random, Bytes key, long timestamp) {
    List<Version> versions = indexEntries.computeIfAbsent(key, _ -> new ArrayList<>());
    if (end(versions, timestamp)) {
      return new Change.DeleteIndexEntry(key.array());
    }
    int slot = random.nextInt(16_384);
    boolean multiValued = random.nextBoolean();
    versions.add(new Version(timestamp, Long.MAX_VALUE, slot, multiValued, Bytes.EMPTY, timestamp));
    return new Change.PutIndexEntry(key.array(), slot, multiValued);
  }

  private static boolean end(List<Version> versions, long timestamp) {
    if (versions.isEmpty() || !versions.getLast().isAlive()) {
      return false;
    }
    Version last = versions.removeLast();
    versions.add(
        new Version(last.from, timestamp, last.slot, last.multiValued, last.entity, last.created));
    return true;
  }
}
