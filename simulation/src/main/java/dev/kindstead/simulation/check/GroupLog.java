package dev.kindstead.simulation.check;

import dev.kindstead.replication.LogEvent.Applied;
import dev.kindstead.replication.LogLife;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a replica group has agreed on, as far as any of its replicas has applied it. An engine's own
 * entries are not in it, so its log indexes have gaps.
 */
final class GroupLog {
  private final TreeMap<Long, Known> entries = new TreeMap<>();

  /** An entry, and who was the first found to have applied it. */
  record Known(long logIndex, long term, long hash, LogLife by) {
    @Override
    public String toString() {
      return "entry %d of term %d (%016x)".formatted(logIndex, term, hash);
    }
  }

  /** Takes what a life has applied for agreed on; tells where it isn't what is known already. */
  void learn(LogLife life, Consumer<String> report) {
    life.events()
        .forEach(event -> {
          if (event instanceof Applied applied) {
            var entry = new Known(applied.logIndex(), applied.term(), applied.hash(), life);
            Known known = entries.putIfAbsent(entry.logIndex, entry);
            if (known != null && (known.term != entry.term || known.hash != entry.hash)) {
              report.accept("%s for %s, %s for %s".formatted(known, known.by, entry, life));
            }
          }
        });
  }

  void checkTerms(Consumer<String> report) {
    Known before = null;
    for (Known entry : entries.values()) {
      if (before != null && entry.term < before.term) {
        report.accept("%s comes before %s".formatted(before, entry));
      }
      before = entry;
    }
  }

  /** The first entry that is known above a log index. */
  @Nullable Known next(long logIndex) {
    Map.Entry<Long, Known> next = entries.higherEntry(logIndex);
    return next == null ? null : next.getValue();
  }

  void forEach(Consumer<Known> each) {
    entries.values().forEach(each);
  }
}
