package dev.kindstead.server;

import dev.kindstead.cli.IndexFile;
import dev.kindstead.query.RequiredIndex;
import dev.kindstead.service.IndexWishes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The {@code index.yaml} that a development node writes: what is in it at the start, and what the
 * queries need since. Thread-safe; the file is written on the injected executor.
 */
final class GeneratedIndexFile implements IndexWishes {
  /** Indexes in the file; queries that are put together at random need no more. */
  private static final int INDEXES_MAX = 1_000;

  private static final Logger LOG = LoggerFactory.getLogger(GeneratedIndexFile.class);

  private final Path file;
  private final Executor executor;
  private final Set<RequiredIndex> indexes;

  /** A Refusal when there is a file that is no index.yaml. */
  GeneratedIndexFile(Path file, Executor executor) {
    this.file = file.toAbsolutePath();
    this.executor = executor;
    indexes = new LinkedHashSet<>(Files.exists(file) ? IndexFile.read(file) : List.of());
  }

  @Override
  public void note(List<RequiredIndex> required) {
    if (required.isEmpty()) {
      return;
    }
    synchronized (indexes) {
      if (indexes.containsAll(required) || indexes.size() >= INDEXES_MAX) {
        return;
      }
      indexes.addAll(required);
    }
    executor.execute(this::write);
  }

  private void write() {
    String text;
    synchronized (indexes) {
      text = IndexFile.text(indexes);
    }
    Path scratch = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.writeString(scratch, text);
      Files.move(scratch, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      LOG.warn("can't write {}: {}", file, e.toString());
    }
  }
}
