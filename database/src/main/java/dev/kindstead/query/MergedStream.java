package dev.kindstead.query;

import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * The results of all shards in one order. Each shard delivers only what is consumed, and one result
 * ahead. Confined to one thread.
 */
final class MergedStream implements RowSource {
  private record Head(Row row, RowSource source) {}

  private final List<? extends RowSource> sources;
  private final PriorityQueue<Head> heads;
  private boolean started;
  private @Nullable RowSource taken;

  MergedStream(List<? extends RowSource> sources, Ordering ordering) {
    this.sources = sources;
    heads =
        new PriorityQueue<>(
            (one, other) -> ordering.compare(one.row().position(), other.row().position()));
  }

  @Override
  public @Nullable Row peek() throws Budget.Spent {
    if (!started) {
      started = true;
      for (RowSource source : sources) {
        add(source);
      }
    } else if (taken != null) {
      RowSource source = taken;
      taken = null;
      add(source);
    }
    Head first = heads.peek();
    return first == null ? null : first.row();
  }

  private void add(RowSource source) throws Budget.Spent {
    Row row = source.peek();
    if (row != null) {
      heads.add(new Head(row, source));
    }
  }

  @Override
  public void pop() throws Budget.Spent {
    RowSource source = heads.remove().source();
    source.pop();
    taken = source;
  }

  @Override
  public void close() {
    sources.forEach(RowSource::close);
  }
}
