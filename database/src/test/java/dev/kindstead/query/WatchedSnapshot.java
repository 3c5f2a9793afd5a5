package dev.kindstead.query;

import dev.kindstead.model.Bytes;
import dev.kindstead.storage.EntityRow;
import dev.kindstead.storage.Snapshot;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** A snapshot that tells how many bytes each reading of several entities held together. */
record WatchedSnapshot(Snapshot watched, LongConsumer together) implements Snapshot {
  @Override
  public long timestamp() {
    return watched.timestamp();
  }

  @Override
  public @Nullable EntityRow entity(byte[] entityKey) {
    return watched.entity(entityKey);
  }

  @Override
  public List<@Nullable EntityRow> entities(List<byte[]> entityKeys) {
    List<@Nullable EntityRow> read = watched.entities(entityKeys);
    together.accept(
        read.stream().filter(Objects::nonNull).mapToLong(row -> row.entity().length).sum());
    return read;
  }

  @Override
  public @Nullable EntityRow entityFromMemory(byte[] entityKey, Runnable needsDisk) {
    return watched.entityFromMemory(entityKey, needsDisk);
  }

  @Override
  public EntityScan entities(byte[] from, byte[] until, boolean reverse) {
    return watched.entities(from, until, reverse);
  }

  @Override
  public IndexScan indexEntries(byte[] from, byte[] until, boolean reverse) {
    return watched.indexEntries(from, until, reverse);
  }

  @Override
  public @Nullable Set<Bytes> changedSince(long since, byte[] from, byte[] until) {
    return watched.changedSince(since, from, until);
  }

  @Override
  public void close() {
    watched.close();
  }
}
