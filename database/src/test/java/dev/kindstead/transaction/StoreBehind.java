package dev.kindstead.transaction;

import dev.kindstead.storage.MemoryStore;
import dev.kindstead.storage.OrderedStore;
import dev.kindstead.storage.Space;
import dev.kindstead.storage.WriteSet;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A store of which a test says whether it keeps up. */
final class StoreBehind implements OrderedStore {
  private final MemoryStore store = new MemoryStore();
  private final BooleanSupplier behind;

  StoreBehind(BooleanSupplier behind) {
    this.behind = behind;
  }

  @Override
  public boolean isBehind() {
    return behind.getAsBoolean();
  }

  @Override
  public byte @Nullable [] get(Space space, byte[] key) {
    return store.get(space, key);
  }

  @Override
  public View view() {
    return store.view();
  }

  @Override
  public void write(WriteSet writes) {
    store.write(writes);
  }

  @Override
  public void flush() {
    store.flush();
  }

  @Override
  public void checkpoint(Path directory) {
    store.checkpoint(directory);
  }

  @Override
  public void replaceBy(Path checkpoint, Consumer<View> beforeSeen) {
    store.replaceBy(checkpoint, beforeSeen);
  }

  @Override
  public void close() {
    store.close();
  }
}
