package dev.kindstead.storage;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A bucket of history that readers do not know of hides what was superseded in it. */
final class BucketForgottenTest {
  private static final long NOW = 1_800_000_000_000_000L;

  private final HistoryBuckets buckets = new HistoryBuckets(new MemoryStore());

  @Test
  void whatIsWrittenAfterAllWasRemovedIsFound() {
    buckets.add(NOW);
    buckets.removeBelow(Long.MAX_VALUE);
    assertThat(buckets.from(0)).isEmpty();
    buckets.add(NOW + 1);
    assertThat(buckets.from(0)).containsExactly(HistoryKeys.bucket(NOW + 1));
  }

  @Test
  void whatIsWrittenBesideACollectionIsFound() {
    long later = NOW + 60_000_000;
    buckets.add(NOW);
    buckets.add(later);
    assertThat(buckets.removeBelow(later)).isTrue();
    buckets.add(later);
    buckets.add(NOW);
    assertThat(buckets.from(0)).containsExactly(HistoryKeys.bucket(NOW), HistoryKeys.bucket(later));
  }
}
