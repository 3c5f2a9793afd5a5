package dev.kindstead.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A crash may lose what was not flushed, but the same batches in every space and never one without
 * those after it: the applied log index lies in one space, the data in others.
 */
final class CrashLosesOnlyASuffixTest {
  private static final StorageSizes TINY = new StorageSizes(1 << 20, 256 << 10, 1);

  @Test
  void inMemory() {
    for (long seed = 1; seed <= 100; seed++) {
      RandomGenerator random = new SplittableRandom(seed);
      MemoryStore store = MemoryStore.withCrashes();
      long written = 0;
      long flushed = 0;
      for (int step = 0; step < 50; step++) {
        switch (random.nextInt(10)) {
          case 0 -> {
            store.flush();
            flushed = written;
          }
          case 1 -> {
            store.crash(random);
            long survived = survivors(store);
            assertThat(survived).as("seed %d", seed).isBetween(flushed, written);
            written = survived;
            flushed = survived;
          }
          default -> store.write(batch(++written, random));
        }
      }
    }
  }

  /** Another process writes with tiny write buffers, says what it flushed, and dies at once. */
  @Test
  void onDisk(@TempDir Path directory) throws Exception {
    long before = 0;
    for (int seed = 1; seed <= 3; seed++) {
      long flushed = writeAndHalt(directory, before, seed);
      try (RocksResources resources = new RocksResources(TINY);
          RocksStore store = RocksStore.open(directory, resources)) {
        long survived = survivors(store);
        assertThat(survived).as("seed %d", seed).isGreaterThanOrEqualTo(flushed);
        before = survived;
      }
    }
  }

  private static long writeAndHalt(Path directory, long from, long seed) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Writer.class.getName(),
                directory.toString(),
                Long.toString(from),
                Long.toString(seed))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String flushed = new String(process.getInputStream().readAllBytes()).strip();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(Writer.HALTED);
    return Long.parseLong(flushed);
  }

  /** The process that dies. */
  static final class Writer {
    static final int HALTED = 137;

    private Writer() {}

    public static void main(String[] arguments) {
      RandomGenerator random = new SplittableRandom(Long.parseLong(arguments[2]));
      RocksStore store = RocksStore.open(Path.of(arguments[0]), new RocksResources(TINY));
      long written = Long.parseLong(arguments[1]);
      long flushed = written;
      for (int i = 2000 + random.nextInt(2000); i > 0; i--) {
        store.write(batch(++written, random));
        if (random.nextInt(1000) == 0) {
          store.flush();
          flushed = written;
        }
      }
      System.out.println(flushed);
      System.out.flush();
      Runtime.getRuntime().halt(HALTED);
    }
  }

  /** One batch: its number in META and in every other space, with some weight. */
  private static WriteSet batch(long number, RandomGenerator random) {
    WriteSet writes = new WriteSet();
    byte[] bytes = ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    writes.put(Space.META, new byte[] {1}, bytes);
    for (Space space : Space.values()) {
      if (space != Space.META) {
        writes.put(space, bytes, new byte[random.nextInt(500)]);
      }
    }
    return writes;
  }

  /** The last batch there, after checking that all before it are complete and none after it is. */
  private static long survivors(OrderedStore store) {
    byte[] last = store.get(Space.META, new byte[] {1});
    long number = last == null ? 0 : ByteBuffer.wrap(last).getLong();
    try (OrderedStore.View view = store.view()) {
      for (Space space : Space.values()) {
        if (space != Space.META) {
          assertThat(countInOrder(view, space)).as(space.toString()).isEqualTo(number);
        }
      }
    }
    return number;
  }

  private static long countInOrder(OrderedStore.View view, Space space) {
    long count = 0;
    try (OrderedStore.Scan scan = view.scan(space, new byte[0], new byte[0], false)) {
      for (; scan.isValid(); scan.next()) {
        if (ByteBuffer.wrap(scan.key()).getLong() != ++count) {
          throw new AssertionError("batch %d is missing in %s".formatted(count, space));
        }
      }
    }
    return count;
  }
}
