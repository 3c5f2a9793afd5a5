package dev.kindstead.faults.machine;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;

/**
 * A file system of a node's own, on a loop device over a sparse file: its power can be cut and it
 * can be filled. Confined to one thread.
 */
public final class LoopDisk implements Disk {
  private static final long SIZE_BYTES = 1L << 30;

  /** Whoever used it was killed a moment ago. */
  private static final Duration RELEASED_MAX = Duration.ofSeconds(20);

  private static final int PROBE_BYTES = 64 << 10;

  /** What the file system itself needs for a large file comes out of this. */
  private static final long TOPPING_BYTES = 4L << 20;

  private final Path image;
  private final Path mounted;
  private final Path cutter;
  private boolean isMounted;

  LoopDisk(Path directory, String name) {
    Machine.directory(directory);
    image = directory.resolve(name + ".ext4");
    mounted = Machine.directory(directory.resolve(name));
    cutter = directory.resolve("cut-power");
    if (!Files.exists(cutter)) {
      Path source = Shim.source("cut-power.c", directory);
      Commands.run("gcc", "-O2", "-o", cutter.toString(), source.toString());
    }
    try (var file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(SIZE_BYTES);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Commands.run("mkfs.ext4", "-q", "-F", "-m", "0", image.toString());
    mount();
  }

  private void mount() {
    Commands.run("mount", "-o", "loop", image.toString(), mounted.toString());
    isMounted = true;
  }

  @Override
  public Path data() {
    return mounted.resolve("data");
  }

  /** What was not synced by now is lost, and whoever goes on writing gets errors. */
  public void cutPower() {
    Commands.run(cutter.toString(), mounted.toString());
  }

  /** Nobody may be using it any more. */
  public void restorePower() {
    if (!Pause.until(RELEASED_MAX, this::isMountedAnew)) {
      throw new Refused(
          mounted + " takes no writes after its power is back: another mount namespace keeps it");
    }
    empty(); // The deletion of what filled it may have been lost as well.
  }

  /**
   * Who began in a mount namespace of its own (as under {@code ip netns exec}) may have kept the
   * file system as it was, though here it is unmounted; then it is the same one that is mounted.
   */
  private boolean isMountedAnew() {
    unmount();
    mount();
    return takesWrites();
  }

  private void unmount() {
    if (isMounted
        && !Pause.until(
            RELEASED_MAX, () -> Commands.tryRun("umount", mounted.toString()).isFine())) {
      throw new Refused(mounted + " is still used after " + RELEASED_MAX);
    }
    isMounted = false;
  }

  /** Writes, without a sync, what a cut of the power now would lose. */
  public Path writeUnsynced(String name) {
    byte[] probe = new byte[PROBE_BYTES];
    Arrays.fill(probe, (byte) 'x');
    try {
      return Files.write(mounted.resolve(name), probe);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether what {@link #writeUnsynced} wrote is not all there any more; deletes it. */
  public boolean hasLost(Path probe) {
    try {
      boolean lost = !Files.exists(probe) || Files.size(probe) < PROBE_BYTES;
      Files.deleteIfExists(probe);
      return lost;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether a small file can be written and synced. */
  public boolean takesWrites() {
    Path probe = mounted.resolve("probe");
    try (var file = new RandomAccessFile(probe.toFile(), "rw")) {
      file.write(new byte[PROBE_BYTES]);
      file.getFD().sync();
      return true;
    } catch (IOException refused) {
      return false;
    }
  }

  /** Takes all space but this much. Returns what is really left. */
  public long fill(long leftBytes) {
    try {
      FileStore store = Files.getFileStore(mounted);
      long taken = store.getUsableSpace() - Math.max(leftBytes, TOPPING_BYTES);
      if (taken > 0) {
        Commands.run("fallocate", "-l", Long.toString(taken), filler().toString());
      }
      if (leftBytes == 0) {
        topUp();
      }
      return store.getUsableSpace();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The last blocks. */
  private void topUp() {
    try (var file = new RandomAccessFile(mounted.resolve("topping").toFile(), "rw")) {
      byte[] block = new byte[PROBE_BYTES];
      for (long written = 0; written < SIZE_BYTES; written += block.length) {
        file.write(block);
      }
    } catch (IOException full) {
      // As full as it gets.
    }
  }

  public void empty() {
    try {
      Files.deleteIfExists(filler());
      Files.deleteIfExists(mounted.resolve("topping"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path filler() {
    return mounted.resolve("filler");
  }

  @Override
  public void close() {
    unmount();
    try {
      Files.deleteIfExists(image);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
