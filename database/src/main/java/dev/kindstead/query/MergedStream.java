package dev.kindstead.query;

import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * The results of all shards and all alternatives of a filter in one order, each once. Each source
 * delivers only what is consumed, and one result ahead. Confined to one thread.
 */
final class MergedStream implements RowSource {
  private record Head(Row row, RowSource source) {}

  private final List<? extends RowSource> sources;
  private final PriorityQueue<Head> heads;
  private final boolean repeats;
  private boolean started;
  private @Nullable RowSource taken;
  private @Nullable Position last;

  /**
   * @param repeats whether several sources may have the same result
   */
  MergedStream(List<? extends RowSource> sources, Ordering ordering, boolean repeats) {
    this.sources = sources;
    this.repeats = repeats;
    heads =
        new PriorityQueue<>(
            (one, other) -> ordering.compare(one.row().position(), other.row().position()));
  }

  @Override
  public @Nullable Row peek() throws Budget.Spent {
    Row first = first();
    while (first != null && last != null && first.position().equals(last)) {
      take();
      first = first();
    }
    return first;
  }

  private @Nullable Row first() throws Budget.Spent {
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
    last = repeats ? heads.element().row().position() : null;
    take();
  }

  private void take() throws Budget.Spent {
    RowSource source = heads.remove().source();
    source.pop();
    taken = source;
  }

  @Override
  public void close() {
    sources.forEach(RowSource::close);
  }
}
