package dev.kindstead.environment;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A small file system in memory at a directory; a test without the right to mount is skipped. */
public final class SmallDisk implements AutoCloseable {
  private final Path directory;

  private SmallDisk(Path directory) {
    this.directory = directory;
  }

  /**
   * @param size as mount takes it: {@code 2m}
   */
  public static SmallDisk mount(Path directory, String size) throws Exception {
    boolean mounted =
        run("mount", "-t", "tmpfs", "-o", "size=" + size, "kindstead-test", directory.toString());
    if (!mounted) {
      System.out.println("skipped: mounting a small file system needs root");
    }
    assumeTrue(mounted, "mounting a small file system needs root");
    return new SmallDisk(directory);
  }

  /** Has room from now on. */
  public void grow(String size) throws Exception {
    if (!run("mount", "-o", "remount,size=" + size, directory.toString())) {
      throw new IOException("can't give more room to " + directory);
    }
  }

  @Override
  public void close() throws Exception {
    run("umount", "-l", directory.toString());
  }

  private static boolean run(String... command) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException noSuchCommand) {
      return false;
    }
  }
}
