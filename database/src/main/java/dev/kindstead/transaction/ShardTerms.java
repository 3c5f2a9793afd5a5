package dev.kindstead.transaction;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The latest term of each shard in which it has had a leader. Who leads in an earlier one may not
 * know of its successor, whose commits are later than any time that was handed out with these
 * terms. Immutable.
 *
 * @param byShard zero for a shard that nobody but a node alone has led
 */
record ShardTerms(List<Long> byShard) {
  /** Nothing is known of any shard. */
  static final ShardTerms NONE = new ShardTerms(List.of());

  ShardTerms {
    byShard = List.copyOf(byShard);
  }

  static ShardTerms of(Map<Integer, Long> terms) {
    ShardTerms all = NONE;
    for (Map.Entry<Integer, Long> each : terms.entrySet()) {
      all = all.with(each.getKey(), each.getValue());
    }
    return all;
  }

  long of(int shard) {
    return shard < byShard.size() ? byShard.get(shard) : 0;
  }

  /** These, with at least this term for the shard. */
  ShardTerms with(int shard, long term) {
    if (term <= of(shard)) {
      return this;
    }
    var next = new ArrayList<>(byShard);
    while (next.size() <= shard) {
      next.add(0L);
    }
    next.set(shard, term);
    return new ShardTerms(next);
  }
}
