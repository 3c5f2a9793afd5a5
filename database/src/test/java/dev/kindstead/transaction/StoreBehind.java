package dev.kindstead.transaction;

import dev.kindstead.storage.MemoryStore;
import dev.kindstead.storage.OrderedStore;
import dev.kindstead.storage.Space;
import dev.kindstead.storage.StorageException;
import dev.kindstead.storage.WriteSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A store of which a test says whether it keeps up, and whether it can be read. */
final class StoreBehind implements OrderedStore {
  private final MemoryStore store = new MemoryStore();
  private final BooleanSupplier behind;
  private boolean broken;

  StoreBehind(BooleanSupplier behind) {
    this.behind = behind;
  }

  @Override
  public boolean isBehind() {
    return behind.getAsBoolean();
  }

  /** Nothing can be read from now on. */
  void breakReads() {
    broken = true;
  }

  void mendReads() {
    broken = false;
  }

  private void checkReads() {
    if (broken) {
      throw StorageException.failed(Path.of("store"), "read", new IOException("planned"));
    }
  }

  @Override
  public byte @Nullable [] get(Space space, byte[] key) {
    checkReads();
    return store.get(space, key);
  }

  @Override
  public View view() {
    checkReads();
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
