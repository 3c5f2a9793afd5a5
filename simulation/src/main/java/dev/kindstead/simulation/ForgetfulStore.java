package dev.kindstead.simulation;

import dev.kindstead.storage.OrderedStore;
import dev.kindstead.storage.Space;
import dev.kindstead.storage.WriteSet;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A store that shows no prepared transactions: see {@link Plant#INTENTS_FORGOTTEN}. */
final class ForgetfulStore implements OrderedStore {
  /** The key prefix of prepared transactions: docs/formats/transaction-space.md. */
  private static final byte PREPARED = 'P';

  private final OrderedStore store;

  ForgetfulStore(OrderedStore store) {
    this.store = store;
  }

  @Override
  public byte @Nullable [] get(Space space, byte[] key) {
    return store.get(space, key);
  }

  @Override
  public View view() {
    return new ForgetfulView(store.view());
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

  private record ForgetfulView(View view) implements View {
    @Override
    public byte @Nullable [] get(Space space, byte[] key) {
      return view.get(space, key);
    }

    @Override
    public Scan scan(Space space, byte[] from, byte[] until, boolean reverse) {
      boolean forgotten = space == Space.TRANSACTION && from.length > 0 && from[0] == PREPARED;
      return view.scan(space, from, forgotten ? from : until, reverse);
    }

    @Override
    public void close() {
      view.close();
    }
  }
}
