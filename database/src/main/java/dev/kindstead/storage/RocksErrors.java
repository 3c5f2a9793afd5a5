package dev.kindstead.storage;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.rocksdb.AbstractEventListener;
import org.rocksdb.BackgroundErrorReason;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/**
 * Remembers the first error of a flush or compaction that runs behind our back. RocksDB would let
 * writes wait for the disk to recover, for ever if need be; ours fail instead. Thread-safe.
 */
final class RocksErrors extends AbstractEventListener {
  private final AtomicReference<@Nullable RocksDBException> first = new AtomicReference<>();

  RocksErrors() {
    super(EnabledEventCallback.ON_BACKGROUND_ERROR, EnabledEventCallback.ON_ERROR_RECOVERY_BEGIN);
  }

  @Override
  public void onBackgroundError(BackgroundErrorReason reason, Status status) {
    first.compareAndSet(null, new RocksDBException(reason + ": " + status.getState(), status));
  }

  /** No recovery by itself: what would be acknowledged after it, nobody has checked. */
  @Override
  public boolean onErrorRecoveryBegin(BackgroundErrorReason reason, Status status) {
    onBackgroundError(reason, status);
    return false;
  }

  @Nullable RocksDBException first() {
    return first.get();
  }
}
