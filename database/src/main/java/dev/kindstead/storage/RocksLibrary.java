package dev.kindstead.storage;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.rocksdb.NativeLibraryLoader;
import org.rocksdb.RocksDB;

/**
 * RocksDB's native code, which comes out of a jar and has to be a file to be loaded. The file is
 * deleted as soon as it is: RocksDB would do so when the process ends, which one that is killed
 * does not live to see, and each would leave some 16 MB behind. Thread-safe.
 */
final class RocksLibrary {
  private static boolean isLoaded;

  private RocksLibrary() {}

  static synchronized void load() {
    if (!isLoaded) {
      try {
        loadFrom(Files.createTempDirectory("kindstead-native-"));
      } catch (IOException e) {
        throw StorageException.unloadable(System.getProperty("java.io.tmpdir"), e);
      }
    }
    RocksDB.loadLibrary();
    isLoaded = true;
  }

  private static void loadFrom(Path directory) throws IOException {
    try {
      NativeLibraryLoader.getInstance().loadLibrary(directory.toString());
    } finally {
      File[] files = directory.toFile().listFiles();
      boolean isEmpty = true;
      for (File file : files == null ? new File[0] : files) {
        // Windows does not delete what is in use; there it goes when the process ends.
        isEmpty &= file.delete();
      }
      if (isEmpty) {
        Files.delete(directory);
      }
    }
  }
}
