package dev.kindstead.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A store gets another's state: whoever reads meanwhile sees one of the two, and nothing native.
 */
final class StoreReplacedTest {
  private static final StorageSizes TINY = new StorageSizes(1 << 20, 256 << 10, 1);
  private static final int ROWS = 300;

  /** The key of a row that is in no state. */
  private static final byte[] ONE = {1, 1, 1};

  @TempDir private Path directory;
  private final RocksResources resources = new RocksResources(TINY);

  @AfterEach
  void closeResources() {
    resources.close();
  }

  @Test
  void theNewStateIsThereAndStays() {
    checkpoint(1);
    try (RocksStore store = open("store")) {
      write(store, 7);
      store.flush();
      replace(store, 1);
      assertThat(stateOf(store)).isEqualTo(1);
      writeOne(store);
    }
    assertThat(names()).containsOnly("store.generation-2", "from-1");
    try (RocksStore store = open("store")) {
      assertThat(stateOf(store)).isEqualTo(1);
      assertThat(store.get(Space.META, ONE)).isEqualTo(ONE);
      assertThat(names()).containsOnly("store", "from-1");
    }
    try (RocksStore original = open("from-1")) {
      assertThat(stateOf(original)).isEqualTo(1);
      assertThat(original.get(Space.META, ONE)).isNull();
    }
  }

  @Test
  void viewsAndScansGoOnReadingTheOldState() {
    checkpoint(1);
    checkpoint(2);
    try (RocksStore store = open("store")) {
      write(store, 7);
      OrderedStore.View first = store.view();
      OrderedStore.Scan scan = first.scan(Space.CURRENT, new byte[0], new byte[0], false);
      replace(store, 1);
      OrderedStore.View second = store.view();
      replace(store, 2);
      assertThat(stateOf(first)).isEqualTo(7);
      assertThat(stateOf(second)).isEqualTo(1);
      assertThat(stateOf(store)).isEqualTo(2);
      first.close();
      writeOne(store);
      assertThat(names()).contains("store", "store.generation-2");
      assertThat(scan.value()).isEqualTo(value(7));
      scan.close();
      second.close();
      writeOne(store);
      assertThat(names()).containsOnly("store.generation-3", "from-1", "from-2");
    }
  }

  @Test
  void closingWaitsForReadersOfTheOldState() throws Exception {
    checkpoint(1);
    RocksStore store = open("store");
    write(store, 7);
    OrderedStore.View view = store.view();
    OrderedStore.Scan scan = view.scan(Space.CURRENT, new byte[0], new byte[0], false);
    view.close();
    replace(store, 1);
    CompletableFuture<Void> closing = CompletableFuture.runAsync(store::close);
    TimeUnit.MILLISECONDS.sleep(100);
    assertThat(closing).isNotDone();
    assertThat(scan.value()).isEqualTo(value(7));
    scan.close();
    closing.get(5, TimeUnit.SECONDS);
    assertThatThrownBy(() -> store.get(Space.META, new byte[0])).hasMessageContaining("closed");
  }

  @Test
  void whoRefusesTheNewStateKeepsTheOld() {
    checkpoint(1);
    try (RocksStore store = open("store")) {
      write(store, 7);
      assertThatThrownBy(() ->
              store.replaceBy(
                  directory.resolve("from-1"),
                  view -> {
                    assertThat(stateOf(view)).isEqualTo(1);
                    throw new IllegalStateException("no");
                  }))
          .hasMessage("no");
      assertThat(stateOf(store)).isEqualTo(7);
      assertThat(names()).containsOnly("store", "from-1");
      replace(store, 1);
      assertThat(stateOf(store)).isEqualTo(1);
    }
  }

  /** Without its file CURRENT RocksDB would take it for a new, empty database. */
  @Test
  void anIncompleteCheckpointIsRefused() throws IOException {
    checkpoint(1);
    try (RocksStore store = open("store")) {
      write(store, 7);
      Files.delete(directory.resolve("from-1").resolve("CURRENT"));
      assertThatThrownBy(() -> replace(store, 1)).isInstanceOf(StorageException.class);
      Files.delete(directory.resolve("from-1").resolve("FORMAT"));
      assertThatThrownBy(() -> replace(store, 1)).isInstanceOf(StorageException.class);
      assertThat(stateOf(store)).isEqualTo(7);
      assertThat(names()).containsOnly("store", "from-1");
    }
  }

  @Test
  void readersBesideReplacementsSeeOneStateOrTheOther() throws Exception {
    checkpoint(1);
    checkpoint(2);
    try (RocksStore store = open("store");
        ExecutorService readers = Executors.newFixedThreadPool(4)) {
      write(store, 1);
      boolean[] done = {false};
      List<CompletableFuture<Void>> reads = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        reads.add(CompletableFuture.runAsync(() -> read(store, done), readers));
      }
      try {
        for (int i = 0; i < 15; i++) {
          replace(store, 1 + i % 2);
          writeOne(store);
        }
      } finally {
        synchronized (done) {
          done[0] = true;
        }
      }
      for (CompletableFuture<Void> each : reads) {
        each.get(30, TimeUnit.SECONDS);
      }
    }
  }

  private static void read(OrderedStore store, boolean[] done) {
    while (true) {
      synchronized (done) {
        if (done[0]) {
          return;
        }
      }
      try (OrderedStore.View view = store.view()) {
        assertThat(stateOf(view)).isIn(1, 2);
      }
      byte[] one = store.get(Space.HISTORY, new byte[] {5});
      assertThat(one == null ? 0 : one[0]).isIn((byte) 1, (byte) 2);
      store.getFromMemory(Space.INDEX, new byte[] {5}, () -> {});
      for (byte @Nullable [] each :
          store.getAll(Space.CURRENT, List.of(new byte[] {1}, new byte[] {2}))) {
        assertThat(each).isNotNull();
      }
    }
  }

  @Test
  void aStoreInMemoryIsReplacedToo() {
    MemoryStore from = new MemoryStore();
    write(from, 1);
    from.checkpoint(directory.resolve("from"));
    MemoryStore store = MemoryStore.withCrashes();
    write(store, 7);
    try (OrderedStore.View view = store.view()) {
      store.replaceBy(directory.resolve("from"), shown -> assertThat(stateOf(shown)).isEqualTo(1));
      assertThat(stateOf(view)).isEqualTo(7);
    }
    store.crash(new java.util.SplittableRandom(1));
    assertThat(stateOf(store)).isEqualTo(1);
  }

  private RocksStore open(String name) {
    return RocksStore.open(directory.resolve(name), resources);
  }

  private void checkpoint(int state) {
    try (RocksStore store = open("making")) {
      write(store, state);
      store.checkpoint(directory.resolve("from-" + state));
    }
    deleteTree(directory.resolve("making"));
  }

  private void replace(OrderedStore store, int state) {
    store.replaceBy(directory.resolve("from-" + state), _ -> {});
  }

  /** A state whose every row in every space has one value. */
  static void write(OrderedStore store, int state) {
    WriteSet writes = new WriteSet();
    for (Space space : Space.values()) {
      for (int row = 0; row < ROWS; row++) {
        byte[] key = row < 128 ? new byte[] {(byte) row} : new byte[] {127, (byte) row};
        writes.put(space, key, value(state));
      }
    }
    store.write(writes);
  }

  private static byte[] value(int state) {
    byte[] value = new byte[100];
    value[0] = (byte) state;
    return value;
  }

  private static void writeOne(OrderedStore store) {
    WriteSet writes = new WriteSet();
    writes.put(Space.META, ONE, ONE);
    store.write(writes);
  }

  static int stateOf(OrderedStore store) {
    try (OrderedStore.View view = store.view()) {
      return stateOf(view);
    }
  }

  private static int stateOf(OrderedStore.View view) {
    byte[] first = view.get(Space.CURRENT, new byte[] {0});
    int state = first == null ? 0 : first[0];
    for (Space space : List.of(Space.CURRENT, Space.INDEX, Space.HISTORY, Space.TRANSACTION)) {
      int rows = 0;
      try (OrderedStore.Scan scan = view.scan(space, new byte[0], new byte[0], rows % 2 == 0)) {
        for (; scan.isValid(); scan.next()) {
          assertThat(scan.value()[0]).isEqualTo((byte) state);
          rows++;
        }
      }
      assertThat(rows).isEqualTo(ROWS);
    }
    return state;
  }

  private List<String> names() {
    return List.of(java.util.Objects.requireNonNull(directory.toFile().list()));
  }

  static void deleteTree(Path tree) {
    try (var files = Files.walk(tree)) {
      files.sorted(java.util.Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
